// stream: streams, events, launches, capture
#include "../driver/stream.h"
#include "../driver/module.h"


#define NEED_STREAM(context, name, handle)            \
  NEED_CONTEXT(context)                               \
  Stream* name = streamOf(*context, handle);          \
  if (!name) return invalidHandle;

namespace {
// A call that waits for a stream that records is an error, and spoils the recording.
int spoil(Stream& stream) {
  stream.capture->isInvalid = true;
  return captureUnsupported;
}
}  // namespace

EXPORT int cuStreamCreateWithPriority(Stream** stream, unsigned flags, int priority) {
  NEED_CONTEXT(context)
  if (flags > 1) return invalidValue;
  auto* made = new Stream();
  made->context = context;
  made->isBlocking = flags == 0;
  made->flags = flags;
  made->priority = priority;
  *stream = handles<Stream>().add(made);
  return success;
}
EXPORT int cuStreamCreate(Stream** stream, unsigned flags) { return cuStreamCreateWithPriority(stream, flags, 0); }
EXPORT int cuStreamDestroy_v2(Stream* stream) {
  if (!isInitialized()) return notInitialized;
  if (!handles<Stream>().remove(stream)) return invalidHandle;
  stream->queue->close();  // what is in it is still done
  delete stream;
  return success;
}
EXPORT int cuStreamSynchronize(void* handle) {
  NEED_STREAM(context, stream, handle)
  if (stream->capture) return spoil(*stream);
  enqueueAlways(*stream, [] {});
  stream->queue->waitAll();
  return context->sticky;
}
EXPORT int cuStreamQuery(void* handle) {
  NEED_STREAM(context, stream, handle)
  if (stream->capture) return spoil(*stream);
  if (!stream->queue->isIdle()) return notReady;
  return context->sticky;
}
EXPORT int cuStreamGetFlags(void* handle, unsigned* flags) {
  NEED_STREAM(context, stream, handle)
  *flags = stream->flags;
  return success;
}
EXPORT int cuStreamGetPriority(void* handle, int* priority) {
  NEED_STREAM(context, stream, handle)
  *priority = stream->priority;
  return success;
}
EXPORT int cuStreamGetCtx(void* handle, Context** out) {
  NEED_STREAM(context, stream, handle)
  *out = stream->context;
  return success;
}
EXPORT int cuLaunchHostFunc(void* handle, void (*run)(void*), void* data) {
  NEED_STREAM(context, stream, handle)
  Node node;
  node.type = NodeType::host;
  node.host = {run, data};
  return submit(*stream, std::move(node));
}

EXPORT int cuEventCreate(Event** event, unsigned flags) {
  NEED_CONTEXT(context)
  if (flags & ~7u) return invalidValue;
  auto* made = new Event();
  made->context = context;
  made->isTimed = !(flags & 2);
  *event = handles<Event>().add(made);
  return success;
}
EXPORT int cuEventDestroy_v2(Event* event) {
  if (!handles<Event>().remove(event)) return invalidHandle;
  // Work that is still queued may hold it: it is small, and stays.
  return success;
}
EXPORT int cuEventRecord(Event* event, void* handle) {
  NEED_STREAM(context, stream, handle)
  if (!handles<Event>().has(event)) return invalidHandle;
  std::lock_guard<std::mutex> lock(event->mutex);
  if (stream->capture) {
    event->capture = stream->capture;
    event->captureId = stream->capture->id;
    event->nodes = stream->frontier;
    return success;
  }
  event->capture = nullptr;
  event->queue = stream->queue;
  event->number = enqueueAlways(*stream, [event] {
    std::lock_guard<std::mutex> inner(event->mutex);
    event->time = std::chrono::steady_clock::now();
  });
  return success;
}
EXPORT int cuEventRecordWithFlags(Event* event, void* handle, unsigned) { return cuEventRecord(event, handle); }

namespace {
// Where an event was last recorded.
bool recorded(Event& event, std::shared_ptr<Queue>& queue, uint64_t& number) {
  std::lock_guard<std::mutex> lock(event.mutex);
  queue = event.queue;
  number = event.number;
  return queue != nullptr;
}
}  // namespace

EXPORT int cuEventQuery(Event* event) {
  NEED_CONTEXT(context)
  if (!handles<Event>().has(event)) return invalidHandle;
  if (event->capture) return capturedEvent;
  std::shared_ptr<Queue> queue;
  uint64_t number;
  if (recorded(*event, queue, number) && !queue->isDone(number)) return notReady;
  return event->context->sticky;
}
EXPORT int cuEventSynchronize(Event* event) {
  if (!isInitialized()) return notInitialized;
  if (!handles<Event>().has(event)) return invalidHandle;
  if (event->capture) return capturedEvent;
  std::shared_ptr<Queue> queue;
  uint64_t number;
  if (recorded(*event, queue, number)) queue->wait(number);
  return event->context->sticky;
}
EXPORT int cuEventElapsedTime_v2(float* milliseconds, Event* start, Event* end) {
  NEED_CONTEXT(context)
  if (!handles<Event>().has(start) || !handles<Event>().has(end) || !start->isTimed || !end->isTimed || !start->queue || !end->queue) return invalidHandle;
  if (!start->queue->isDone(start->number) || !end->queue->isDone(end->number)) return notReady;
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return success;
}
EXPORT int cuEventElapsedTime(float* milliseconds, Event* start, Event* end) { return cuEventElapsedTime_v2(milliseconds, start, end); }
EXPORT int cuStreamWaitEvent(void* handle, Event* event, unsigned) {
  NEED_STREAM(context, stream, handle)
  if (!handles<Event>().has(event)) return invalidHandle;
  if (event->capture) {
    // The stream joins the recording.
    if (!handles<Capture>().has(event->capture) || event->capture->id != event->captureId) return captureIsolation;
    if (stream->capture && stream->capture != event->capture) return captureMerge;
    stream->capture = event->capture;
    stream->capture->streams.insert(stream);
    for (Node* node : event->nodes) stream->frontier.push_back(node);
    return success;
  }
  if (stream->capture) return captureIsolation;
  std::shared_ptr<Queue> queue;
  uint64_t number;
  if (recorded(*event, queue, number) && queue != stream->queue) enqueueAlways(*stream, [queue, number] { queue->wait(number); });
  return success;
}

EXPORT int cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                          unsigned dynamicShared, void* handle, void** params, void** extra) {
  NEED_STREAM(context, stream, handle)
  if (!handles<Function>().has(function) || function->context != stream->context) return invalidHandle;
  auto launch = std::make_shared<Launch>();
  if (const int result = makeLaunch(*function, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, dynamicShared, params, extra, *launch)) return result;
  Node node;
  node.type = NodeType::kernel;
  node.function = function;
  node.launch = std::move(launch);
  return submit(*stream, std::move(node));
}
struct LaunchConfig { unsigned grid[3], block[3], dynamicShared; void* stream; void* attributes; unsigned count; };
EXPORT int cuLaunchKernelEx(const LaunchConfig* c, Function* function, void** params, void** extra) {
  if (!c) return invalidValue;
  return cuLaunchKernel(function, c->grid[0], c->grid[1], c->grid[2], c->block[0], c->block[1], c->block[2], c->dynamicShared, c->stream, params, extra);
}
EXPORT int cuLaunchCooperativeKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* s, void** params) {
  return cuLaunchKernel(function, gx, gy, gz, bx, by, bz, shared, s, params, nullptr);
}

namespace {
int begin(Stream& stream, Graph* graph, const std::vector<Node*>& after, int mode) {
  if (stream.isLegacy) return captureUnsupported;
  if (stream.capture || mode < 0 || mode > 2) return invalidValue;
  static std::atomic<uint64_t> next{1};
  auto* capture = new Capture();
  capture->id = next++;
  capture->graph = graph;
  capture->origin = &stream;
  capture->streams = {&stream};
  capture->mode = mode;
  capture->thread = std::this_thread::get_id();
  stream.capture = handles<Capture>().add(capture);
  stream.frontier = after;
  return success;
}

// Whether all that other streams recorded leads back to the origin.
bool isJoined(const Capture& capture) {
  std::set<const Node*> reached;
  std::vector<const Node*> open(capture.origin->frontier.begin(), capture.origin->frontier.end());
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    if (!reached.insert(node).second) continue;
    open.insert(open.end(), node->after.begin(), node->after.end());
  }
  for (const Stream* stream : capture.streams)
    for (const Node* node : stream->frontier) if (!reached.count(node)) return false;
  return true;
}
}  // namespace

EXPORT int cuStreamBeginCapture_v2(void* handle, int mode) {
  NEED_STREAM(context, stream, handle)
  auto* graph = new Graph();
  graph->context = context;
  const int result = begin(*stream, graph, {}, mode);
  if (result) { delete graph; return result; }
  handles<Graph>().add(graph);
  return success;
}
EXPORT int cuStreamBeginCaptureToGraph(void* handle, Graph* graph, Node** after, const void*, size_t count, int mode) {
  NEED_STREAM(context, stream, handle)
  if (!handles<Graph>().has(graph)) return invalidHandle;
  return begin(*stream, graph, std::vector<Node*>(after, after + count), mode);
}
EXPORT int cuStreamEndCapture(void* handle, Graph** graph) {
  NEED_STREAM(context, stream, handle)
  Capture* capture = stream->capture;
  if (!capture) return illegalState;
  if (capture->origin != stream) return captureUnmatched;
  if (capture->mode != 2 && capture->thread != std::this_thread::get_id()) return captureWrongThread;
  const int result = capture->isInvalid ? int(captureInvalidated) : isJoined(*capture) ? int(success) : int(captureUnjoined);
  for (Stream* each : capture->streams) { each->capture = nullptr; each->frontier.clear(); }
  *graph = result ? nullptr : capture->graph;
  handles<Capture>().remove(capture);
  delete capture;
  return result;
}
EXPORT int cuStreamIsCapturing(void* handle, int* status) {
  NEED_STREAM(context, stream, handle)
  *status = !stream->capture ? 0 : stream->capture->isInvalid ? 2 : 1;
  return success;
}
EXPORT int cuStreamGetCaptureInfo_v2(void* handle, int* status, uint64_t* id, Graph** graph, Node*** after, size_t* count) {
  NEED_STREAM(context, stream, handle)
  *status = !stream->capture ? 0 : stream->capture->isInvalid ? 2 : 1;
  if (!stream->capture) return success;
  if (id) *id = stream->capture->id;
  if (graph) *graph = stream->capture->graph;
  if (after) *after = stream->frontier.data();
  if (count) *count = stream->frontier.size();
  return success;
}
EXPORT int cuStreamGetCaptureInfo_v3(void* handle, int* status, uint64_t* id, Graph** graph, Node*** after, const void** edges, size_t* count) {
  if (edges) *edges = nullptr;
  return cuStreamGetCaptureInfo_v2(handle, status, id, graph, after, count);
}
EXPORT int cuThreadExchangeStreamCaptureMode(int* mode) {
  static thread_local int own = 0;
  std::swap(own, *mode);
  return success;
}
