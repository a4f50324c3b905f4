// graph: building graphs
#include <algorithm>
#include "../driver/conditional.h"
#include "graph-params.h"

namespace {
bool areNodes(Graph* graph, Node* const* after, size_t count) {
  for (size_t i = 0; i < count; i++) if (!handles<Node>().has(after[i]) || after[i]->graph != graph) return false;
  return true;
}
int add(Node** out, Graph* graph, Node* const* after, size_t count, Node made) {
  if (!handles<Graph>().has(graph)) return invalidHandle;
  if (!areNodes(graph, after, count)) return invalidValue;
  Node* node = graph->add(std::make_unique<Node>(std::move(made)), std::vector<Node*>(after, after + count));
  if (out) *out = node;
  return success;
}
std::shared_ptr<Graph> ownGraph(Context* context) {
  auto graph = std::make_shared<Graph>();
  graph->context = context;
  graph->isOwned = true;
  handles<Graph>().add(graph.get());
  return graph;
}
int conditionalNode(ConditionalParams& p, Graph* graph, Node& node) {
  if (!isConditional(p.handle) || std::find(graph->conditionals.begin(), graph->conditionals.end(), p.handle) == graph->conditionals.end()) return invalidValue;
  if (p.type < 0 || p.type > 2 || p.size < 1 || (p.type == 0 && p.size > 2) || (p.type == 1 && p.size > 1)) return invalidValue;
  node.type = NodeType::conditional;
  node.how = ConditionalType(p.type);
  node.conditional = p.handle;
  for (unsigned i = 0; i < p.size; i++) {
    node.bodies.push_back(ownGraph(graph->context));
    node.bodyHandles.push_back(node.bodies.back().get());
  }
  return success;
}
}  // namespace

EXPORT int cuGraphCreate(Graph** graph, unsigned flags) {
  NEED_CONTEXT(context)
  if (flags) return invalidValue;
  auto* made = new Graph();
  made->context = context;
  *graph = handles<Graph>().add(made);
  return success;
}
static void forget(Graph& graph) {
  for (auto& node : graph.nodes) {
    if (node->child) { forget(*node->child); handles<Graph>().remove(node->child.get()); }
    for (auto& body : node->bodies) { forget(*body); handles<Graph>().remove(body.get()); }
    handles<Node>().remove(node.get());
  }
  for (uint64_t handle : graph.conditionals) dropConditional(handle);
}
EXPORT int cuGraphDestroy(Graph* graph) {
  if (!handles<Graph>().has(graph) || graph->isOwned) return invalidHandle;
  handles<Graph>().remove(graph);
  forget(*graph);
  delete graph;
  return success;
}
EXPORT int cuGraphAddKernelNode_v2(Node** out, Graph* graph, Node* const* after, size_t count, const KernelParams* params) {
  NEED_CONTEXT(context)
  Node node;
  if (const int result = kernelNode(*params, node)) return result;
  return add(out, graph, after, count, std::move(node));
}
EXPORT int cuGraphAddMemsetNode(Node** out, Graph* graph, Node* const* after, size_t count, const MemsetParams* params, Context*) {
  NEED_CONTEXT(context)
  Node node;
  if (const int result = memsetNode(*params, node)) return result;
  return add(out, graph, after, count, std::move(node));
}
EXPORT int cuGraphAddMemcpyNode(Node** out, Graph* graph, Node* const* after, size_t count, const Copy3d* params, Context*) {
  NEED_CONTEXT(context)
  Node node;
  if (const int result = copyNode(*params, node)) return result;
  return add(out, graph, after, count, std::move(node));
}
EXPORT int cuGraphAddHostNode(Node** out, Graph* graph, Node* const* after, size_t count, const HostParams* params) {
  NEED_CONTEXT(context)
  Node node;
  node.type = NodeType::host;
  node.host = *params;
  return add(out, graph, after, count, std::move(node));
}
EXPORT int cuGraphAddEmptyNode(Node** out, Graph* graph, Node* const* after, size_t count) {
  NEED_CONTEXT(context)
  return add(out, graph, after, count, Node());
}
namespace {
std::shared_ptr<Graph> cloneGraph(const Graph& graph) {
  auto copy = ownGraph(graph.context);
  std::map<const Node*, Node*> made;
  for (const auto& node : graph.nodes) {
    auto own = std::make_unique<Node>(*node);
    made[node.get()] = copy->add(std::move(own), {});
  }
  for (const auto& node : graph.nodes)
    for (Node* before : node->after) made[node.get()]->after.push_back(made[before]);
  return copy;
}
}  // namespace
EXPORT int cuGraphAddChildGraphNode(Node** out, Graph* graph, Node* const* after, size_t count, Graph* child) {
  NEED_CONTEXT(context)
  if (!handles<Graph>().has(child)) return invalidHandle;
  if (!child->conditionals.empty()) return notSupported;
  Node node;
  node.type = NodeType::graph;
  node.child = cloneGraph(*child);
  return add(out, graph, after, count, std::move(node));
}
EXPORT int cuGraphConditionalHandleCreate(uint64_t* handle, Graph* graph, Context*, unsigned initial, unsigned flags) {
  NEED_CONTEXT(context)
  if (!handles<Graph>().has(graph)) return invalidHandle;
  if (flags > 1) return invalidValue;
  *handle = createConditional(initial, flags == 1);
  graph->conditionals.push_back(*handle);
  return success;
}

// One function for all types; the handles of bodies are written into the parameters.
EXPORT int cuGraphAddNode(Node** out, Graph* graph, Node* const* after, size_t count, NodeParams* params) {
  NEED_CONTEXT(context)
  if (!handles<Graph>().has(graph)) return invalidHandle;
  Node node;
  int result = success;
  switch (NodeType(params->type)) {
    case NodeType::kernel: result = kernelNode(params->kernel, node); break;
    case NodeType::memset: result = memsetNode(params->memset, node); break;
    case NodeType::memcpy: result = copyNode(*(const Copy3d*)((const char*)params + 32), node); break;
    case NodeType::host: node.type = NodeType::host; node.host = params->host; break;
    case NodeType::graph: return cuGraphAddChildGraphNode(out, graph, after, count, params->graph);
    case NodeType::empty: break;
    case NodeType::conditional: result = conditionalNode(params->conditional, graph, node); break;
    default: return notSupported;
  }
  if (result) return result;
  Node* added = nullptr;
  result = add(&added, graph, after, count, std::move(node));
  if (result) return result;
  if (added->type == NodeType::conditional) params->conditional.graphs = added->bodyHandles.data();
  if (out) *out = added;
  return success;
}
EXPORT int cuGraphAddNode_v2(Node** out, Graph* graph, Node* const* after, const void* edges, size_t count, NodeParams* params) {
  (void)edges;
  return cuGraphAddNode(out, graph, after, count, params);
}

EXPORT int cuGraphGetNodes(Graph* graph, Node** nodes, size_t* count) {
  if (!handles<Graph>().has(graph)) return invalidHandle;
  if (nodes) for (size_t i = 0; i < *count; i++) nodes[i] = i < graph->nodes.size() ? graph->nodes[i].get() : nullptr;
  *count = nodes ? std::min(*count, graph->nodes.size()) : graph->nodes.size();
  return success;
}
EXPORT int cuGraphGetRootNodes(Graph* graph, Node** nodes, size_t* count) {
  if (!handles<Graph>().has(graph)) return invalidHandle;
  size_t found = 0;
  for (const auto& node : graph->nodes) {
    if (!node->after.empty()) continue;
    if (nodes && found < *count) nodes[found] = node.get();
    found++;
  }
  *count = nodes ? std::min(*count, found) : found;
  return success;
}
EXPORT int cuGraphNodeGetType(Node* node, int* type) {
  if (!handles<Node>().has(node)) return invalidHandle;
  *type = int(node->type);
  return success;
}
EXPORT int cuGraphNodeGetDependencies(Node* node, Node** after, size_t* count) {
  if (!handles<Node>().has(node)) return invalidHandle;
  if (after) for (size_t i = 0; i < std::min(*count, node->after.size()); i++) after[i] = node->after[i];
  *count = after ? std::min(*count, node->after.size()) : node->after.size();
  return success;
}
EXPORT int cuGraphNodeGetDependencies_v2(Node* node, Node** after, void*, size_t* count) { return cuGraphNodeGetDependencies(node, after, count); }
EXPORT int cuGraphAddDependencies(Graph* graph, Node* const* from, Node* const* to, size_t count) {
  if (!areNodes(graph, from, count) || !areNodes(graph, to, count)) return invalidValue;
  for (size_t i = 0; i < count; i++) to[i]->after.push_back(from[i]);
  return success;
}
EXPORT int cuGraphAddDependencies_v2(Graph* graph, Node* const* from, Node* const* to, const void*, size_t count) { return cuGraphAddDependencies(graph, from, to, count); }
