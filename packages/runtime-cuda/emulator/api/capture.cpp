// capture: recording what streams are given
#include "../driver/graph.h"

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
