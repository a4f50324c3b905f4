// graph: order and execution of nodes
#include "graph.h"
#include <algorithm>
#include "../machine/launch.h"
#include "conditional.h"

Node* Graph::add(std::unique_ptr<Node> node, const std::vector<Node*>& after) {
  node->graph = this;
  node->after = after;
  nodes.push_back(std::move(node));
  return handles<Node>().add(nodes.back().get());
}

void performLaunch(Context& context, const Launch& launch) {
  if (auto fault = runLaunch(launch, memoryMap())) fail(context, *fault);
}

static void performSet(const SetParams& set) {
  for (uint64_t row = 0; row < set.height; row++) {
    uint8_t* at = (uint8_t*)set.to + row * set.pitch;
    for (uint64_t i = 0; i < set.width; i++) memcpy(at + i * set.size, &set.value, set.size);
  }
}

void perform(Context& context, const Node& node) {
  if (context.sticky) return;
  switch (node.type) {
    case NodeType::kernel: return performLaunch(context, *node.launch);
    case NodeType::memcpy: memmove((void*)node.copy.to, (const void*)node.copy.from, node.copy.bytes); return;
    case NodeType::memset: return performSet(node.set);
    case NodeType::host: return node.host.run(node.host.data);
    default: return;
  }
}

int submit(Stream& stream, Node node) {
  Context& context = *stream.context;
  if (stream.capture) {
    if (stream.capture->isInvalid) return captureInvalidated;
    Node* added = stream.capture->graph->add(std::make_unique<Node>(std::move(node)), stream.frontier);
    stream.frontier = {added};
    return success;
  }
  if (const int sticky = context.sticky) return sticky;
  enqueue(stream, [&context, node = std::move(node)] { perform(context, node); });
  return success;
}

bool orderSteps(const Graph& graph, std::vector<Exec::Step>& steps, std::vector<uint64_t>& conditionals) {
  conditionals.insert(conditionals.end(), graph.conditionals.begin(), graph.conditionals.end());
  std::set<const Node*> placed;
  while (placed.size() < graph.nodes.size()) {
    const size_t before = placed.size();
    for (const auto& node : graph.nodes) {
      if (placed.count(node.get())) continue;
      const bool isReady = std::all_of(node->after.begin(), node->after.end(), [&](Node* n) { return placed.count(n) > 0; });
      if (!isReady) continue;
      placed.insert(node.get());
      steps.push_back({node.get(), *node, {}});
      std::vector<const Graph*> inner;
      if (node->child) inner.push_back(node->child.get());
      for (const auto& body : node->bodies) inner.push_back(body.get());
      for (const Graph* body : inner) {
        steps.back().bodies.emplace_back();
        if (!orderSteps(*body, steps.back().bodies.back(), conditionals)) return false;
      }
    }
    if (placed.size() == before) return false;
  }
  return true;
}

static void performConditional(Context& context, const Exec::Step& step) {
  const auto value = [&] { return readConditional(step.node.conditional); };
  const auto body = [&](size_t index) { if (index < step.bodies.size()) performSteps(context, step.bodies[index]); };
  switch (step.node.how) {
    case ConditionalType::ifThen: return body(value() ? 0 : 1);
    case ConditionalType::whileLoop:
      while (value() && !context.sticky) body(0);
      return;
    case ConditionalType::select: return body(value());
  }
}

void performSteps(Context& context, const std::vector<Exec::Step>& steps) {
  for (const Exec::Step& step : steps) {
    if (context.sticky) return;
    if (!step.node.isEnabled) continue;
    if (step.node.type == NodeType::conditional) performConditional(context, step);
    else if (step.node.type == NodeType::graph) performSteps(context, step.bodies[0]);
    else perform(context, step.node);
  }
}
