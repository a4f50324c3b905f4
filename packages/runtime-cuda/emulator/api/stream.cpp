// stream: streams and events
#include "../driver/stream.h"
#include "../driver/graph.h"


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
