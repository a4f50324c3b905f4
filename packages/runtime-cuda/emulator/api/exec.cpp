// exec: graphs that are ready to run, and changes of them
#include "../driver/conditional.h"
#include "graph-params.h"

using Steps = std::vector<Exec::Step>;

namespace {
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
