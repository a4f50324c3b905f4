// stream: queues of work, each with a thread of its own; events
#pragma once
#include "context.h"

struct Node;
struct Capture;

using Work = std::function<void()>;

/** What a thread works off, in order. */
class Queue : public std::enable_shared_from_this<Queue> {
 public:
  /** Returns the number of the work. */
  uint64_t push(Work work);
  void wait(uint64_t number);
  void waitAll();
  bool isDone(uint64_t number);
  bool isIdle() { return isDone(last()); }
  uint64_t last();
  void close();

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable ready_, done_;
  std::deque<Work> work_;
  uint64_t pushed_ = 0, finished_ = 0;
  bool isStarted_ = false, isClosed_ = false;
};

struct Stream {
  Context* context = nullptr;
  std::shared_ptr<Queue> queue = std::make_shared<Queue>();
  bool isLegacy = false, isBlocking = true;  // blocking streams and the legacy stream wait for one another
  int priority = 0;
  unsigned flags = 0;
  Capture* capture = nullptr;   // while it records
  std::vector<Node*> frontier;  // what the next node depends on
};

struct Event {
  Context* context = nullptr;
  bool isTimed = true;
  std::mutex mutex;
  std::shared_ptr<Queue> queue;  // where it was last recorded, and what it follows
  uint64_t number = 0;
  std::chrono::steady_clock::time_point time;
  Capture* capture = nullptr;    // recorded into a graph: what a stream that waits for it depends on
  uint64_t captureId = 0;
  std::vector<Node*> nodes;
};

void openDefaultStreams(Context& context);

/** The stream of a handle in a context; nullptr where there is none. */
Stream* streamOf(Context& context, void* handle);

/** Adds work that is skipped once the context has failed. Waits for the legacy stream, or it for others, as it must. */
uint64_t enqueue(Stream& stream, Work work);
/** The same for work that is done even then. */
uint64_t enqueueAlways(Stream& stream, Work work);

void synchronize(Context& context);

/** At the start of a call that takes a stream. */
#define NEED_STREAM(context, name, handle)            \
  NEED_CONTEXT(context)                               \
  Stream* name = streamOf(*context, handle);          \
  if (!name) return invalidHandle;
