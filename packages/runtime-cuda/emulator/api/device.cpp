// device: initialisation, devices, contexts, errors
#include <algorithm>
#include <cstdio>
#include "../driver/stream.h"

EXPORT int cuInit(unsigned flags) {
  if (flags) return invalidValue;
  if (settings().devices == 0) return noDevice;
  isInitialized() = true;
  return success;
}
EXPORT int cuDriverGetVersion(int* version) {
  *version = 13000;
  return success;
}
EXPORT int cuGetErrorName(int result, const char** name) {
  *name = resultName(result);
  return *name ? success : invalidValue;
}
EXPORT int cuGetErrorString(int result, const char** text) {
  *text = resultText(result);
  return *text ? success : invalidValue;
}

// What tests ask of the emulator itself.
EXPORT int emuLastFault(char* text, int size) {
  const std::string fault = lastFault();
  if (text && size > 0) snprintf(text, size, "%s", fault.c_str());
  return int(fault.size());
}
EXPORT void emuReset() { clearFaults(); }

static bool isDevice(int device) { return device >= 0 && unsigned(device) < settings().devices; }

EXPORT int cuDeviceGetCount(int* count) {
  if (!isInitialized()) return notInitialized;
  *count = settings().devices;
  return success;
}
EXPORT int cuDeviceGet(int* device, int ordinal) {
  if (!isInitialized()) return notInitialized;
  if (!isDevice(ordinal)) return invalidDevice;
  *device = ordinal;
  return success;
}
EXPORT int cuDeviceGetName(char* name, int size, int device) {
  if (!isDevice(device)) return invalidDevice;
  snprintf(name, size, "tsjit emulator");
  return success;
}
EXPORT int cuDeviceGetUuid_v2(char* uuid, int device) {
  if (!isDevice(device)) return invalidDevice;
  memcpy(uuid, "tsjit emulator  ", 16);
  uuid[15] = '0' + device;
  return success;
}
EXPORT int cuDeviceGetUuid(char* uuid, int device) { return cuDeviceGetUuid_v2(uuid, device); }
EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  if (!isDevice(device)) return invalidDevice;
  *bytes = deviceBytes;
  return success;
}
EXPORT int cuDeviceGetPCIBusId(char* id, int size, int device) {
  if (!isDevice(device)) return invalidDevice;
  snprintf(id, size, "0000:%02x:00.0", device + 1);
  return success;
}

// Attributes as of an H200, where an emulator has no own; those of no meaning are 0.
static int attribute(int which, int device) {
  struct Row { int which, value; };
  static const Row rows[] = {
      {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 0x7fffffff}, {6, 65535}, {7, 65535}, {8, 48 * 1024}, {9, 64 * 1024}, {10, 32},
      {11, 0x7fffffff}, {12, 65536}, {13, 1980000}, {14, 512}, {15, 1}, {19, 1}, {31, 1}, {36, 3201000}, {37, 6144}, {38, 60 << 20},
      {39, 2048}, {40, 3}, {41, 1}, {78, 1}, {79, 1}, {80, 1}, {81, 228 * 1024}, {82, 65536}, {83, 1}, {86, 1}, {87, 64}, {88, 1}, {89, 1}, {90, 1},
      {95, 1}, {96, 1}, {97, maxSharedBytes}, {99, 1}, {106, 32}, {109, 1}, {111, 1024}, {115, 1}, {119, 1}};
  if (which == 16) return settings().multiprocessors;
  if (which == 33) return device + 1;  // the bus
  if (which == 75) return settings().major;
  if (which == 76) return settings().minor;
  for (const Row& row : rows) if (row.which == which) return row.value;
  return 0;
}
EXPORT int cuDeviceGetAttribute(int* value, int which, int device) {
  if (!isInitialized()) return notInitialized;
  if (!isDevice(device)) return invalidDevice;
  if (which < 1 || which > 200) return invalidValue;
  *value = attribute(which, device);
  return success;
}
EXPORT int cuDeviceComputeCapability(int* major, int* minor, int device) {
  if (!isDevice(device)) return invalidDevice;
  *major = settings().major;
  *minor = settings().minor;
  return success;
}
EXPORT int cuDeviceCanAccessPeer(int* can, int, int) {
  *can = 0;
  return success;
}

EXPORT int cuDevicePrimaryCtxRetain(Context** context, int device) {
  if (!isInitialized()) return notInitialized;
  if (!isDevice(device)) return invalidDevice;
  *context = &primaryContext(device);
  (*context)->retained++;
  return success;
}
EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
  if (!isDevice(device)) return invalidDevice;
  Context& context = primaryContext(device);
  if (context.retained == 0) return invalidContext;
  if (--context.retained == 0) destroyResources(context);
  return success;
}
EXPORT int cuDevicePrimaryCtxReset_v2(int device) {
  if (!isDevice(device)) return invalidDevice;
  destroyResources(primaryContext(device));
  return success;
}
EXPORT int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  if (!isDevice(device)) return invalidDevice;
  *flags = primaryContext(device).flags;
  *active = primaryContext(device).retained > 0;
  return success;
}
EXPORT int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) {
  if (!isDevice(device)) return invalidDevice;
  primaryContext(device).flags = flags;
  return success;
}

EXPORT int cuCtxCreate_v2(Context** context, unsigned flags, int device) {
  if (!isInitialized()) return notInitialized;
  if (!isDevice(device)) return invalidDevice;
  auto* made = handles<Context>().add(new Context());
  made->device = device;
  made->flags = flags;
  openDefaultStreams(*made);
  contextStack().push_back(made);
  *context = made;
  return success;
}
EXPORT int cuCtxCreate_v3(Context** context, void*, int, unsigned flags, int device) { return cuCtxCreate_v2(context, flags, device); }
EXPORT int cuCtxCreate_v4(Context** context, void*, unsigned flags, int device) { return cuCtxCreate_v2(context, flags, device); }
EXPORT int cuCtxDestroy_v2(Context* context) {
  if (!handles<Context>().has(context)) return invalidContext;
  destroyResources(*context);
  auto& stack = contextStack();
  stack.erase(std::remove(stack.begin(), stack.end(), context), stack.end());
  handles<Context>().remove(context);
  return success;
}
EXPORT int cuCtxSetCurrent(Context* context) {
  if (!isInitialized()) return notInitialized;
  if (context && !handles<Context>().has(context)) return invalidContext;
  auto& stack = contextStack();
  if (!stack.empty()) stack.pop_back();
  if (context) stack.push_back(context);
  return success;
}
EXPORT int cuCtxGetCurrent(Context** context) {
  if (!isInitialized()) return notInitialized;
  *context = current();
  return success;
}
EXPORT int cuCtxPushCurrent_v2(Context* context) {
  if (!handles<Context>().has(context)) return invalidContext;
  contextStack().push_back(context);
  return success;
}
EXPORT int cuCtxPopCurrent_v2(Context** context) {
  if (contextStack().empty()) return invalidContext;
  if (context) *context = current();
  contextStack().pop_back();
  return success;
}
EXPORT int cuCtxGetDevice(int* device) {
  if (!current()) return invalidContext;
  *device = current()->device;
  return success;
}
EXPORT int cuCtxGetFlags(unsigned* flags) {
  if (!current()) return invalidContext;
  *flags = current()->flags;
  return success;
}
EXPORT int cuCtxGetApiVersion(Context*, unsigned* version) {
  *version = 13000;
  return success;
}
EXPORT int cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  if (least) *least = 0;
  if (greatest) *greatest = -5;
  return success;
}
EXPORT int cuCtxSetLimit(int, size_t) { return success; }
EXPORT int cuCtxGetLimit(size_t* value, int) {
  *value = 0;
  return success;
}
EXPORT int cuCtxSetCacheConfig(int) { return success; }
EXPORT int cuCtxSynchronize() {
  NEED_CONTEXT(context)
  synchronize(*context);
  return context->sticky;
}
