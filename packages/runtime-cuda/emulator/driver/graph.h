// graph: work that is recorded, and run as a whole
#pragma once
#include "stream.h"


enum class NodeType : int { kernel = 0, memcpy = 1, memset = 2, host = 3, graph = 4, empty = 5, waitEvent = 6, recordEvent = 7, conditional = 13 };

struct CopyParams { uint64_t to, from; uint64_t bytes; };
struct SetParams { uint64_t to, pitch; uint32_t value, size; uint64_t width, height; };
struct HostParams { void (*run)(void*); void* data; };
enum class ConditionalType : int { ifThen = 0, whileLoop = 1, select = 2 };

struct Graph;
struct Node {
  NodeType type = NodeType::empty;
  Graph* graph = nullptr;
  std::vector<Node*> after;  // its dependencies
  std::shared_ptr<const Launch> launch;
  void* function = nullptr;
  CopyParams copy{};
  SetParams set{};
  HostParams host{};
  Event* event = nullptr;
  std::shared_ptr<Graph> child;                 // of a child graph node
  std::vector<std::shared_ptr<Graph>> bodies;   // of a conditional node
  std::vector<Graph*> bodyHandles;              // the array that the API hands out
  uint64_t conditional = 0;
  ConditionalType how = ConditionalType::ifThen;
  bool isEnabled = true;
};

struct Graph {
  Context* context = nullptr;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<uint64_t> conditionals;
  bool isOwned = false;  // part of another graph
  Node* add(std::unique_ptr<Node> node, const std::vector<Node*>& after);
};

/** One recording by one or more streams. */
struct Capture {
  uint64_t id = 0;
  Graph* graph = nullptr;
  Stream* origin = nullptr;
  std::set<Stream*> streams;
  int mode = 0;
  std::thread::id thread;
  bool isInvalid = false;
};

/** A graph made ready: a copy, in an order in which it can run. */
struct Exec {
  struct Step {
    const Node* source;  // the node of the graph that it came from: the handle for updates
    Node node;
    std::vector<std::vector<Step>> bodies;  // of conditional and child graph nodes
  };
  Context* context = nullptr;
  std::mutex mutex;
  std::shared_ptr<std::vector<Step>> steps;  // replaced by updates: what has been launched keeps the old one
  std::vector<uint64_t> conditionals;
};

/** Performs the work of a node. */
void perform(Context& context, const Node& node);
/** Puts nodes in an order that respects their dependencies; false where they go in a circle. */
bool orderSteps(const Graph& graph, std::vector<Exec::Step>& steps, std::vector<uint64_t>& conditionals);
void performSteps(Context& context, const std::vector<Exec::Step>& steps);
/** Adds a node to a stream's work, or to what the stream records. */
int submit(Stream& stream, Node node);
/** Launches of a kernel. */
void performLaunch(Context& context, const Launch& launch);
