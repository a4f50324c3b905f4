// cuda-device: the row of CUDA
//
// The driver is a library of the machine, found when a model is opened: nothing of CUDA is needed to build. All contexts
// of a process share the primary context of a device, as PyTorch and the runtime API do, so that pointers pass freely.

import { launchText, roomText } from './cuda-launch.ts'
import type { CDevice } from './device.ts'

/** The functions of the driver, and their parameters. */
const api: Readonly<Record<string, string>> = {
  cuInit: 'unsigned',
  cuGetErrorName: 'int, const char **',
  cuDeviceGet: 'int *, int',
  cuDeviceGetAttribute: 'int *, int, int',
  cuDevicePrimaryCtxRetain: 'void **, int',
  cuDevicePrimaryCtxRelease_v2: 'int',
  cuCtxPushCurrent_v2: 'void *',
  cuCtxPopCurrent_v2: 'void **',
  cuModuleLoadDataEx: 'void **, const void *, unsigned, int *, void **',
  cuModuleUnload: 'void *',
  cuModuleGetFunction: 'void **, void *, const char *',
  cuFuncSetAttribute: 'void *, int, int',
  cuOccupancyMaxActiveBlocksPerMultiprocessor: 'int *, void *, int, size_t',
  cuMemAlloc_v2: 'uint64_t *, size_t',
  cuMemFree_v2: 'uint64_t',
  cuMemcpyHtoDAsync_v2: 'uint64_t, const void *, size_t, void *',
  cuMemcpyDtoHAsync_v2: 'void *, uint64_t, size_t, void *',
  cuMemcpyDtoDAsync_v2: 'uint64_t, uint64_t, size_t, void *',
  cuStreamCreate: 'void **, unsigned',
  cuStreamDestroy_v2: 'void *',
  cuStreamSynchronize: 'void *',
  cuLaunchKernel:
    'void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **',
  cuLaunchCooperativeKernel:
    'void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **',
}

const types = String.raw`#if defined(_WIN32)
#define TJ_CALL __stdcall
#else
#define TJ_CALL
#endif

typedef uint64_t tj_mem;

typedef struct {
  tj_mem start;
  size_t size;
} tj_block;

/* The driver, and what is open on it. Work is queued on stream, which is own unless the caller has one. Of entries whose
   blocks wait for one another, room is how many blocks the GPU runs at once. */
typedef struct {
  void *library, *context, *module, *own, *stream;
  void *function[TJ_ENTRIES + 1];
  long long room[TJ_ENTRIES + 1];
  int number;
  struct {
${Object.entries(api)
  .map(([name, params]) => `    int(TJ_CALL *${name})(${params});`)
  .join('\n')}
  } api;
} tj_device;

#define TJ_IS_DIRECT(what) ((what) == TJ_ENQUEUE)`

const functions = String.raw`/* Says what the driver has refused. */
static int tj_check(tj_ctx *c, int result, const char *what)
{
  const char *name = NULL;
  if (result == 0) return TSJIT_OK;
  c->device.api.cuGetErrorName(result, &name);
  if (name == NULL) name = "an unknown error";
  /* CUDA_ERROR_OUT_OF_MEMORY; CUDA_ERROR_NO_DEVICE and CUDA_ERROR_INVALID_DEVICE */
  if (result == 2) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: the GPU has no memory (%s: %s)", what, name);
  if (result == 100 || result == 101) return tj_fail(c, TSJIT_MACHINE, "target_unavailable: there is no such GPU (%s: %s)", what, name);
  return tj_fail(c, TSJIT_MACHINE, "target_device_lost: the GPU has failed (%s: %s)", what, name);
}

static void tj_drop(tj_ctx *c, tj_block *b)
{
  if (b->start != 0) c->device.api.cuMemFree_v2(b->start);
  b->start = 0;
  b->size = 0;
}

/* Makes a block hold so many bytes. What it held is lost. */
static int tj_hold(tj_ctx *c, tj_block *b, size_t bytes)
{
  if (b->size >= bytes) return TSJIT_OK;
  tj_drop(c, b);
  int status = tj_check(c, c->device.api.cuMemAlloc_v2(&b->start, tj_align(bytes)), "cuMemAlloc");
  b->size = status == TSJIT_OK ? tj_align(bytes) : 0;
  return status;
}

static tj_mem tj_at(const tj_block *b, ptrdiff_t place)
{
  return b->start + (uint64_t)place;
}

static tj_mem tj_adopt(const void *data)
{
  return (uint64_t)(uintptr_t)data;
}

/* Whether data of the program can be used where it is. */
static int tj_lend(tj_mem *to, const void *data)
{
  (void)to;
  (void)data;
  return 0;
}

static int tj_wait(tj_ctx *c)
{
  return tj_check(c, c->device.api.cuStreamSynchronize(c->device.stream), "cuStreamSynchronize");
}

/* Memory of the host may be used again when this returns, which the driver sees to: it is not page-locked. */
static int tj_upload(tj_ctx *c, tj_mem to, const void *from, size_t bytes)
{
  if (bytes == 0) return TSJIT_OK;
  return tj_check(c, c->device.api.cuMemcpyHtoDAsync_v2(to, from, bytes, c->device.stream), "cuMemcpyHtoD");
}

static int tj_download(tj_ctx *c, void *to, tj_mem from, size_t bytes)
{
  if (bytes == 0) return TSJIT_OK;
  int status = tj_check(c, c->device.api.cuMemcpyDtoHAsync_v2(to, from, bytes, c->device.stream), "cuMemcpyDtoH");
  return status == TSJIT_OK ? tj_wait(c) : status;
}

static int tj_copy(tj_ctx *c, tj_mem to, tj_mem from, size_t bytes)
{
  if (bytes == 0) return TSJIT_OK;
  return tj_check(c, c->device.api.cuMemcpyDtoDAsync_v2(to, from, bytes, c->device.stream), "cuMemcpyDtoD");
}

#if defined(_WIN32)
static void *tj_openLibrary(const char *path)
{
  return (void *)LoadLibraryA(path);
}

static void tj_find(void *library, const char *name, void *to)
{
  FARPROC found = GetProcAddress((HMODULE)library, name);
  memcpy(to, &found, sizeof found);
}

static void tj_closeLibrary(void *library)
{
  FreeLibrary((HMODULE)library);
}
#else
static void *tj_openLibrary(const char *path)
{
  return dlopen(path, RTLD_NOW);
}

static void tj_find(void *library, const char *name, void *to)
{
  void *found = dlsym(library, name);
  memcpy(to, &found, sizeof found);
}

static void tj_closeLibrary(void *library)
{
  dlclose(library);
}
#endif

${roomText}

static int tj_loadModule(tj_ctx *c)
{
  size_t size = 0, at = 0, count = sizeof tj_ptx / sizeof *tj_ptx;
  for (size_t i = 0; i < count; i++) size += strlen(tj_ptx[i]);
  char *text = malloc(size + 1);
  if (text == NULL) return tj_fail(c, TSJIT_MACHINE, "target_limit_exceeded: no memory");
  for (size_t i = 0; i < count; i++) {
    memcpy(text + at, tj_ptx[i], strlen(tj_ptx[i]));
    at += strlen(tj_ptx[i]);
  }
  text[at] = 0;
  int status = tj_check(c, c->device.api.cuModuleLoadDataEx(&c->device.module, text, 0, NULL, NULL), "cuModuleLoadData");
  free(text);
  for (int i = 0; i < TJ_ENTRIES && status == TSJIT_OK; i++) {
    int result = c->device.api.cuModuleGetFunction(&c->device.function[i], c->device.module, tj_entries[i]);
    status = tj_check(c, result, "cuModuleGetFunction");
    /* CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES */
    if (status == TSJIT_OK && tj_shared[i] > 49152)
      status = tj_check(c, c->device.api.cuFuncSetAttribute(c->device.function[i], 8, tj_shared[i]), "cuFuncSetAttribute");
    if (status == TSJIT_OK && tj_together[i] != 0) status = tj_findRoom(c, i);
  }
  return status;
}

/* Makes the context of the device current, and afterwards what was current before. */
static int tj_enter(tj_ctx *c)
{
  int status = tj_check(c, c->device.api.cuCtxPushCurrent_v2(c->device.context), "cuCtxPushCurrent");
  c->isOpen = status == TSJIT_OK;
  return status;
}

static void tj_leave(tj_ctx *c)
{
  void *context;
  c->device.api.cuCtxPopCurrent_v2(&context);
}

static int tj_openDevice(tj_ctx *c, int number)
{
  tj_device *d = &c->device;
  /* another library with these functions: for tests */
  const char *path = getenv("TSJIT_LIBCUDA");
#if defined(_WIN32)
  if (path == NULL) path = "nvcuda.dll";
#else
  if (path == NULL) path = "libcuda.so.1";
#endif
  d->library = tj_openLibrary(path);
  if (d->library == NULL)
    return tj_fail(c, TSJIT_MACHINE, "target_unavailable: no NVIDIA driver here: %.200s is not found; install the driver (no toolkit is needed)", path);
${Object.keys(api)
  .map(
    (name) =>
      `  tj_find(d->library, "${name}", &d->api.${name});\n  if (d->api.${name} == NULL) return tj_fail(c, TSJIT_MACHINE, "target_unavailable: the NVIDIA driver is too old: it has no ${name}");`,
  )
  .join('\n')}
  int device = 0, status = tj_check(c, d->api.cuInit(0), "cuInit");
  if (status == TSJIT_OK) status = tj_check(c, d->api.cuDeviceGet(&device, number), "cuDeviceGet");
  if (status == TSJIT_OK) status = tj_check(c, d->api.cuDevicePrimaryCtxRetain(&d->context, device), "cuDevicePrimaryCtxRetain");
  if (status != TSJIT_OK) return status;
  d->number = device;
  status = tj_enter(c);
  if (status != TSJIT_OK) return status;
  /* CU_STREAM_NON_BLOCKING */
  status = tj_check(c, d->api.cuStreamCreate(&d->own, 1), "cuStreamCreate");
  d->stream = d->own;
  if (status == TSJIT_OK) status = tj_loadModule(c);
  return status;
}

static void tj_closeDevice(tj_ctx *c)
{
  tj_device *d = &c->device;
  if (d->own != NULL) d->api.cuStreamDestroy_v2(d->own);
  if (d->module != NULL) d->api.cuModuleUnload(d->module);
  if (c->isOpen) tj_leave(c);
  if (d->context != NULL) d->api.cuDevicePrimaryCtxRelease_v2(d->number);
  if (d->library != NULL) tj_closeLibrary(d->library);
}`

const truthText = String.raw`/* Waits, and reads a bool. After a failure it is 0. */
static int tj_truth(tj_ctx *c, tj_mem from)
{
  uint8_t value = 0;
  return tj_download(c, &value, from, 1) == TSJIT_OK && value != 0;
}`

/** NVIDIA GPUs, through the driver. */
export const cudaDevice: CDevice = {
  includes: ['#if defined(_WIN32)', '#include <windows.h>', '#else', '#include <dlfcn.h>', '#endif'],
  types,
  functions,
  optional: { tj_launch: launchText, tj_truth: truthText },
  isQueued: true,
  number: (slot) => `tj_number(c, ${slot})`,
  truth: (slot) => `tj_truth(c, ${slot})`,
}
