// memory: allocation, copies, sets
#include "../driver/memory.h"
#include "../driver/graph.h"

namespace {
int allocate(uint64_t* address, size_t bytes, Kind kind) {
  NEED_CONTEXT(context)
  if (!address || bytes == 0) return invalidValue;
  *address = memoryMap().allocate(bytes, kind, context->device, context);
  return *address ? success : outOfMemory;
}
bool starts(uint64_t address, Kind kind, uint64_t* bytes = nullptr) {
  Allocation found;
  if (!memoryMap().find(address, 0, found) || found.start != address || found.kind != kind) return false;
  if (bytes) *bytes = found.bytes;
  return true;
}
bool isDeviceMemory(uint64_t address, uint64_t bytes) {
  Allocation found;
  return memoryMap().find(address, bytes, found);
}
bool isPinned(uint64_t address, uint64_t bytes) {
  Allocation found;
  return memoryMap().find(address, bytes, found) && found.kind >= Kind::pinned;
}

enum class Pageable { none, source, target };
// A copy from pageable memory takes its bytes at once; one to pageable memory is done when the call returns.
int copy(uint64_t to, uint64_t from, size_t bytes, void* handle, Pageable pageable, bool isSync) {
  NEED_CONTEXT(context)
  if (bytes == 0) return success;
  if (pageable != Pageable::target && !isDeviceMemory(to, bytes)) return invalidValue;
  if (pageable != Pageable::source && !isDeviceMemory(from, bytes)) return invalidValue;
  Stream* stream = streamOf(*context, handle);
  if (!stream) return invalidHandle;
  Node node;
  node.type = NodeType::memcpy;
  node.copy = {to, from, bytes};
  if (stream->capture) return isSync ? captureUnsupported : submit(*stream, std::move(node));
  const bool isSource = pageable == Pageable::source && !isPinned(from, bytes);
  const bool isTarget = pageable == Pageable::target && !isPinned(to, bytes);
  if (isSource && !isSync) {
    auto staged = std::make_shared<std::vector<uint8_t>>((const uint8_t*)from, (const uint8_t*)from + bytes);
    enqueue(*stream, [to, staged] { memcpy((void*)to, staged->data(), staged->size()); });
    return context->sticky;
  }
  if (const int result = submit(*stream, std::move(node))) return result;
  if (isSync || isTarget) stream->queue->waitAll();
  return context->sticky;
}

int set(uint64_t to, uint64_t pitch, uint32_t value, uint32_t size, size_t width, size_t height, void* handle, bool isSync) {
  NEED_CONTEXT(context)
  const uint64_t bytes = height > 0 ? pitch * (height - 1) + width * size : 0;
  if (to % size || (height > 1 && pitch < width * size)) return invalidValue;
  if (bytes == 0) return success;
  if (!isDeviceMemory(to, bytes)) return invalidValue;
  Stream* stream = streamOf(*context, handle);
  if (!stream) return invalidHandle;
  if (isSync && stream->capture) return captureUnsupported;
  Node node;
  node.type = NodeType::memset;
  node.set = {to, pitch, value, size, width, height};
  if (const int result = submit(*stream, std::move(node))) return result;
  if (isSync) stream->queue->waitAll();
  return context->sticky;
}
}  // namespace

EXPORT int cuMemAlloc_v2(uint64_t* address, size_t bytes) { return allocate(address, bytes, Kind::device); }
EXPORT int cuMemFree_v2(uint64_t address) {
  NEED_CONTEXT(context)
  if (address == 0) return success;
  if (!starts(address, Kind::device)) return invalidValue;
  synchronize(*context);
  memoryMap().release(address);
  return context->sticky;
}
EXPORT int cuMemAllocAsync(uint64_t* address, size_t bytes, void* handle) {
  NEED_CONTEXT(context)
  Stream* stream = streamOf(*context, handle);
  if (!stream) return invalidHandle;
  if (stream->capture) return captureUnsupported;
  return allocate(address, bytes, Kind::device);
}
EXPORT int cuMemFreeAsync(uint64_t address, void* handle) {
  NEED_CONTEXT(context)
  Stream* stream = streamOf(*context, handle);
  if (!stream) return invalidHandle;
  if (stream->capture) return captureUnsupported;
  if (!starts(address, Kind::device)) return invalidValue;
  enqueueAlways(*stream, [address] { memoryMap().release(address); });
  return success;
}
EXPORT int cuMemAllocManaged(uint64_t* address, size_t bytes, unsigned) { return allocate(address, bytes, Kind::device); }
EXPORT int cuMemHostAlloc(uint64_t* address, size_t bytes, unsigned) { return allocate(address, bytes, Kind::pinned); }
EXPORT int cuMemAllocHost_v2(uint64_t* address, size_t bytes) { return allocate(address, bytes, Kind::pinned); }
EXPORT int cuMemFreeHost(uint64_t address) {
  NEED_CONTEXT(context)
  if (!starts(address, Kind::pinned)) return invalidValue;
  synchronize(*context);
  memoryMap().release(address);
  return context->sticky;
}
EXPORT int cuMemHostRegister_v2(uint64_t address, size_t bytes, unsigned) {
  NEED_CONTEXT(context)
  if (isDeviceMemory(address, 1)) return hostAlreadyRegistered;
  memoryMap().add({address, bytes, Kind::registered, context->device, context});
  return success;
}
EXPORT int cuMemHostUnregister(uint64_t address) {
  NEED_CONTEXT(context)
  if (!starts(address, Kind::registered)) return hostNotRegistered;
  synchronize(*context);
  memoryMap().release(address);
  return success;
}
EXPORT int cuMemHostGetDevicePointer_v2(uint64_t* device, uint64_t host, unsigned) {
  if (!isPinned(host, 1)) return invalidValue;
  *device = host;
  return success;
}
EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
  NEED_CONTEXT(context)
  *total = deviceBytes;
  *free = deviceBytes - memoryMap().used(context->device);
  return success;
}
EXPORT int cuMemGetAddressRange_v2(uint64_t* start, size_t* bytes, uint64_t address) {
  Allocation found;
  if (!memoryMap().find(address, 1, found)) return notFound;
  if (start) *start = found.start;
  if (bytes) *bytes = found.bytes;
  return success;
}
EXPORT int cuPointerGetAttribute(void* value, int which, uint64_t address) {
  Allocation found;
  if (!memoryMap().find(address, 1, found)) return invalidValue;
  const bool isHost = found.kind >= Kind::pinned;
  if (which == 2) *(unsigned*)value = isHost ? 1 : 2;  // the type of memory
  else if (which == 3 || which == 4) *(uint64_t*)value = address;
  else if (which == 9) *(int*)value = found.device;
  else return notSupported;
  return success;
}

EXPORT int cuMemcpyHtoD_v2(uint64_t to, uint64_t from, size_t bytes) { return copy(to, from, bytes, nullptr, Pageable::source, true); }
EXPORT int cuMemcpyDtoH_v2(uint64_t to, uint64_t from, size_t bytes) { return copy(to, from, bytes, nullptr, Pageable::target, true); }
EXPORT int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) { return copy(to, from, bytes, nullptr, Pageable::none, true); }
EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* s) { return copy(to, from, bytes, s, Pageable::source, false); }
EXPORT int cuMemcpyDtoHAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* s) { return copy(to, from, bytes, s, Pageable::target, false); }
EXPORT int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* s) { return copy(to, from, bytes, s, Pageable::none, false); }
EXPORT int cuMemcpyAsync(uint64_t to, uint64_t from, size_t bytes, void* s) {
  return copy(to, from, bytes, s, !isDeviceMemory(to, bytes) ? Pageable::target : !isDeviceMemory(from, bytes) ? Pageable::source : Pageable::none, false);
}
EXPORT int cuMemcpy(uint64_t to, uint64_t from, size_t bytes) {
  return copy(to, from, bytes, nullptr, !isDeviceMemory(to, bytes) ? Pageable::target : !isDeviceMemory(from, bytes) ? Pageable::source : Pageable::none, true);
}
EXPORT int cuMemcpyPeerAsync(uint64_t to, Context*, uint64_t from, Context*, size_t bytes, void* s) { return copy(to, from, bytes, s, Pageable::none, false); }
EXPORT int cuMemcpyPeer(uint64_t to, Context*, uint64_t from, Context*, size_t bytes) { return copy(to, from, bytes, nullptr, Pageable::none, true); }

EXPORT int cuMemsetD8_v2(uint64_t to, uint8_t v, size_t n) { return set(to, n, v, 1, n, 1, nullptr, true); }
EXPORT int cuMemsetD16_v2(uint64_t to, uint16_t v, size_t n) { return set(to, n * 2, v, 2, n, 1, nullptr, true); }
EXPORT int cuMemsetD32_v2(uint64_t to, unsigned v, size_t n) { return set(to, n * 4, v, 4, n, 1, nullptr, true); }
EXPORT int cuMemsetD8Async(uint64_t to, uint8_t v, size_t n, void* s) { return set(to, n, v, 1, n, 1, s, false); }
EXPORT int cuMemsetD16Async(uint64_t to, uint16_t v, size_t n, void* s) { return set(to, n * 2, v, 2, n, 1, s, false); }
EXPORT int cuMemsetD32Async(uint64_t to, unsigned v, size_t n, void* s) { return set(to, n * 4, v, 4, n, 1, s, false); }
EXPORT int cuMemsetD2D32Async(uint64_t to, size_t pitch, unsigned v, size_t width, size_t height, void* s) { return set(to, pitch, v, 4, width, height, s, false); }
EXPORT int cuMemsetD2D8Async(uint64_t to, size_t pitch, uint8_t v, size_t width, size_t height, void* s) { return set(to, pitch, v, 1, width, height, s, false); }
