// graph: building, changing and running graphs
#include "../driver/graph.h"
#include <algorithm>
#include "../driver/conditional.h"
#include "../driver/module.h"

using Steps = std::vector<Exec::Step>;

// Layouts of cuda.h 13.
struct KernelParams {
  Function* function;
  unsigned grid[3], block[3], dynamicShared;
  void **params, **extra;
  void* kernel;
  Context* context;
};
static_assert(sizeof(KernelParams) == 72, "CUDA_KERNEL_NODE_PARAMS_v2");
struct MemsetParams { uint64_t to; size_t pitch; unsigned value, size; size_t width, height; };
static_assert(sizeof(MemsetParams) == 40, "CUDA_MEMSET_NODE_PARAMS");
struct Copy3d {
  size_t fromX, fromY, fromZ, fromLod; int fromType; uint64_t fromHost, fromDevice; void *fromArray, *reserved0; size_t fromPitch, fromHeight;
  size_t toX, toY, toZ, toLod; int toType; uint64_t toHost, toDevice; void *toArray, *reserved1; size_t toPitch, toHeight;
  size_t width, height, depth;
};
static_assert(sizeof(Copy3d) == 200, "CUDA_MEMCPY3D");
struct ConditionalParams { uint64_t handle; int type; unsigned size; Graph** graphs; Context* context; };
struct NodeParams {
  int type, reserved[3];
  union { KernelParams kernel; MemsetParams memset; HostParams host; ConditionalParams conditional; struct { int flags, reserved; Copy3d* none; } memcpy; long long all[29]; Graph* graph; };
  long long reserved2;
};
static_assert(sizeof(NodeParams) == 256, "CUgraphNodeParams");

namespace {
int kernelNode(const KernelParams& p, Node& node) {
  if (!handles<Function>().has(p.function)) return invalidHandle;
  auto launch = std::make_shared<Launch>();
  const int result = makeLaunch(*p.function, {p.grid[0], p.grid[1], p.grid[2]}, {p.block[0], p.block[1], p.block[2]}, p.dynamicShared, p.params, p.extra, *launch);
  if (result) return result;
  node.type = NodeType::kernel;
  node.function = p.function;
  node.launch = std::move(launch);
  return success;
}
int memsetNode(const MemsetParams& p, Node& node) {
  if ((p.size != 1 && p.size != 2 && p.size != 4) || p.to % p.size) return invalidValue;
  Allocation found;
  if (!memoryMap().find(p.to, p.pitch * (p.height ? p.height - 1 : 0) + p.width * p.size, found)) return invalidValue;
  node.type = NodeType::memset;
  node.set = {p.to, p.pitch, p.value, p.size, p.width, p.height};
  return success;
}
// Rows of bytes only.
int copyNode(const Copy3d& p, Node& node) {
  if (p.height > 1 || p.depth > 1) return notSupported;
  const auto address = [](int type, uint64_t host, uint64_t device, size_t x) { return (type == 1 ? host : device) + x; };
  node.type = NodeType::memcpy;
  node.copy = {address(p.toType, p.toHost, p.toDevice, p.toX), address(p.fromType, p.fromHost, p.fromDevice, p.fromX), p.width};
  return success;
}
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

// The step of a node, also inside of bodies.
Exec::Step* stepOf(Steps& steps, const Node* node) {
  for (Exec::Step& step : steps) {
    if (step.source == node) return &step;
    for (Steps& body : step.bodies) if (Exec::Step* found = stepOf(body, node)) return found;
  }
  return nullptr;
}
// Changes one node of an executable graph. Launches under way keep what they had.
template <class F> int update(Exec* exec, const Node* node, F change) {
  if (!handles<Exec>().has(exec)) return invalidHandle;
  std::lock_guard<std::mutex> lock(exec->mutex);
  auto steps = std::make_shared<Steps>(*exec->steps);
  Exec::Step* step = stepOf(*steps, node);
  if (!step) return invalidValue;
  if (const int result = change(step->node)) return result;
  exec->steps = std::move(steps);
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

EXPORT int cuGraphInstantiateWithFlags(Exec** exec, Graph* graph, unsigned long long) {
  NEED_CONTEXT(context)
  if (!handles<Graph>().has(graph)) return invalidHandle;
  auto made = std::make_unique<Exec>();
  made->context = graph->context;
  made->steps = std::make_shared<Steps>();
  if (!orderSteps(*graph, *made->steps, made->conditionals)) return invalidValue;
  *exec = handles<Exec>().add(made.release());
  return success;
}
struct InstantiateParams { uint64_t flags; void* upload; Node* failed; int result; };
EXPORT int cuGraphInstantiateWithParams(Exec** exec, Graph* graph, InstantiateParams* params) {
  const int result = cuGraphInstantiateWithFlags(exec, graph, params->flags);
  params->result = result ? 1 : 0;
  return result;
}
EXPORT int cuGraphExecDestroy(Exec* exec) {
  if (!handles<Exec>().remove(exec)) return invalidHandle;
  delete exec;
  return success;
}
EXPORT int cuGraphUpload(Exec* exec, void*) {
  NEED_CONTEXT(context)
  return handles<Exec>().has(exec) ? success : invalidHandle;
}
EXPORT int cuGraphLaunch(Exec* exec, void* handle) {
  NEED_CONTEXT(context)
  if (!handles<Exec>().has(exec)) return invalidHandle;
  Stream* stream = streamOf(*context, handle);
  if (!stream) return invalidHandle;
  if (stream->capture) return captureUnsupported;
  std::lock_guard<std::mutex> lock(exec->mutex);
  enqueue(*stream, [context, steps = exec->steps, conditionals = exec->conditionals] {
    for (uint64_t handle : conditionals) resetConditional(handle);
    performSteps(*context, *steps);
  });
  return success;
}
EXPORT int cuGraphExecKernelNodeSetParams_v2(Exec* exec, Node* node, const KernelParams* params) {
  NEED_CONTEXT(context)
  return update(exec, node, [&](Node& own) { return own.type == NodeType::kernel ? kernelNode(*params, own) : int(invalidValue); });
}
EXPORT int cuGraphExecMemsetNodeSetParams(Exec* exec, Node* node, const MemsetParams* params, Context*) {
  NEED_CONTEXT(context)
  return update(exec, node, [&](Node& own) { return own.type == NodeType::memset ? memsetNode(*params, own) : int(invalidValue); });
}
EXPORT int cuGraphExecMemcpyNodeSetParams(Exec* exec, Node* node, const Copy3d* params, Context*) {
  NEED_CONTEXT(context)
  return update(exec, node, [&](Node& own) { return own.type == NodeType::memcpy ? copyNode(*params, own) : int(invalidValue); });
}
EXPORT int cuGraphExecHostNodeSetParams(Exec* exec, Node* node, const HostParams* params) {
  NEED_CONTEXT(context)
  return update(exec, node, [&](Node& own) { own.host = *params; return own.type == NodeType::host ? int(success) : int(invalidValue); });
}
EXPORT int cuGraphNodeSetEnabled(Exec* exec, Node* node, unsigned isEnabled) {
  return update(exec, node, [&](Node& own) { own.isEnabled = isEnabled; return int(success); });
}
EXPORT int cuGraphNodeGetEnabled(Exec* exec, Node* node, unsigned* isEnabled) {
  if (!handles<Exec>().has(exec)) return invalidHandle;
  Exec::Step* step = stepOf(*exec->steps, node);
  if (!step) return invalidValue;
  *isEnabled = step->node.isEnabled;
  return success;
}
EXPORT int cuGraphKernelNodeSetParams_v2(Node* node, const KernelParams* params) {
  if (!handles<Node>().has(node)) return invalidHandle;
  return node->type == NodeType::kernel ? kernelNode(*params, *node) : int(invalidValue);
}
