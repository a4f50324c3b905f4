// driver-api: the functions of the CUDA driver that the runtime calls
//
// As cuda.h 12 has them. Handles and addresses are numbers: they are below 2^53, and cost no BigInt. Each returns a CUresult.

/** Memory that a function reads or fills. */
export type Memory = ArrayBufferView | ArrayBuffer

/** A handle, or an address on the device or in the process. */
export type Handle = number

/** The signature of each function in C. */
export const prototypes = {
  cuInit: 'int cuInit(uint flags)',
  cuDriverGetVersion: 'int cuDriverGetVersion(void *version)',
  cuDeviceGetCount: 'int cuDeviceGetCount(void *count)',
  cuDeviceGet: 'int cuDeviceGet(void *device, int ordinal)',
  cuDeviceGetName: 'int cuDeviceGetName(void *name, int length, int device)',
  cuDeviceGetAttribute: 'int cuDeviceGetAttribute(void *value, int attribute, int device)',
  cuDevicePrimaryCtxRetain: 'int cuDevicePrimaryCtxRetain(void *context, int device)',
  cuDevicePrimaryCtxReset: 'int cuDevicePrimaryCtxReset_v2(int device)',
  cuCtxSetCurrent: 'int cuCtxSetCurrent(uintptr_t context)',
  cuModuleLoadDataEx: 'int cuModuleLoadDataEx(void *module, void *image, uint count, void *options, void *values)',
  cuModuleGetFunction: 'int cuModuleGetFunction(void *function, uintptr_t module, str name)',
  cuFuncSetAttribute: 'int cuFuncSetAttribute(uintptr_t function, int attribute, int value)',
  cuLinkCreate: 'int cuLinkCreate_v2(uint count, void *options, void *values, void *state)',
  cuLinkAddData:
    'int cuLinkAddData_v2(uintptr_t state, int type, void *data, size_t size, str name, uint count, void *options, void *values)',
  cuLinkComplete: 'int cuLinkComplete(uintptr_t state, void *cubin, void *size)',
  cuLinkDestroy: 'int cuLinkDestroy(uintptr_t state)',
  cuMemAlloc: 'int cuMemAlloc_v2(void *address, size_t bytes)',
  cuMemFree: 'int cuMemFree_v2(uintptr_t address)',
  cuMemGetInfo: 'int cuMemGetInfo_v2(void *free, void *total)',
  cuMemHostAlloc: 'int cuMemHostAlloc(void *address, size_t bytes, uint flags)',
  cuMemFreeHost: 'int cuMemFreeHost(uintptr_t address)',
  cuMemcpyHtoD: 'int cuMemcpyHtoD_v2(uintptr_t to, void *from, size_t bytes)',
  cuMemcpyDtoH: 'int cuMemcpyDtoH_v2(void *to, uintptr_t from, size_t bytes)',
  cuMemcpyHtoDAsync: 'int cuMemcpyHtoDAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, uintptr_t stream)',
  cuMemcpyDtoHAsync: 'int cuMemcpyDtoHAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, uintptr_t stream)',
  cuMemcpyDtoDAsync: 'int cuMemcpyDtoDAsync_v2(uintptr_t to, uintptr_t from, size_t bytes, uintptr_t stream)',
  cuStreamCreate: 'int cuStreamCreate(void *stream, uint flags)',
  cuStreamSynchronize: 'int cuStreamSynchronize(uintptr_t stream)',
  cuStreamBeginCapture: 'int cuStreamBeginCapture_v2(uintptr_t stream, int mode)',
  cuStreamEndCapture: 'int cuStreamEndCapture(uintptr_t stream, void *graph)',
  cuGraphCreate: 'int cuGraphCreate(void *graph, uint flags)',
  cuGraphAddChildGraphNode:
    'int cuGraphAddChildGraphNode(void *node, uintptr_t graph, void *after, size_t count, uintptr_t child)',
  cuGraphInstantiate: 'int cuGraphInstantiateWithFlags(void *exec, uintptr_t graph, uint64_t flags)',
  cuGraphUpload: 'int cuGraphUpload(uintptr_t exec, uintptr_t stream)',
  cuGraphLaunch: 'int cuGraphLaunch(uintptr_t exec, uintptr_t stream)',
  cuGraphDestroy: 'int cuGraphDestroy(uintptr_t graph)',
  cuGraphExecDestroy: 'int cuGraphExecDestroy(uintptr_t exec)',
  cuLaunchKernel:
    'int cuLaunchKernel(uintptr_t function, uint gx, uint gy, uint gz, uint bx, uint by, uint bz, uint shared, uintptr_t stream, uintptr_t parameters, uintptr_t extra)',
  cuLaunchCooperativeKernel:
    'int cuLaunchCooperativeKernel(uintptr_t function, uint gx, uint gy, uint gz, uint bx, uint by, uint bz, uint shared, uintptr_t stream, uintptr_t parameters)',
  cuEventCreate: 'int cuEventCreate(void *event, uint flags)',
  cuEventRecord: 'int cuEventRecord(uintptr_t event, uintptr_t stream)',
  cuEventQuery: 'int cuEventQuery(uintptr_t event)',
  cuEventSynchronize: 'int cuEventSynchronize(uintptr_t event)',
  cuEventElapsedTime: 'int cuEventElapsedTime(void *milliseconds, uintptr_t start, uintptr_t end)',
  cuEventDestroy: 'int cuEventDestroy_v2(uintptr_t event)',
  cuGetErrorName: 'int cuGetErrorName(int error, void *text)',
} as const

/** Those of CUDA 12.4 and later, for which there is another way. */
export const optionalPrototypes = {
  cuGraphConditionalHandleCreate:
    'int cuGraphConditionalHandleCreate(void *handle, uintptr_t graph, uintptr_t context, uint initial, uint flags)',
  cuGraphAddNode: 'int cuGraphAddNode(void *node, uintptr_t graph, void *after, size_t count, void *parameters)',
  cuStreamBeginCaptureToGraph:
    'int cuStreamBeginCaptureToGraph(uintptr_t stream, uintptr_t graph, void *after, void *edges, size_t count, int mode)',
} as const

/** A function of the driver. */
export type FunctionName = keyof typeof prototypes

type Argument = number | string | Memory | null

/** The driver, and what is needed to speak of memory to it. */
export type DriverApi = { readonly [F in FunctionName]: (...given: Argument[]) => number } & {
  readonly [F in keyof typeof optionalPrototypes]?: (...given: Argument[]) => number
} & {
  /** Where the library was found. */
  readonly path: string
  /** Calls a function on a thread of Node's pool. */
  waitFor(event: Handle): Promise<number>
  /** The address of memory of the host; it must be kept alive for as long as that is used. */
  addressOf(memory: Memory): Handle
  /** Memory of the process as an array. */
  view(address: Handle, bytes: number): ArrayBuffer
  /** The text at an address. */
  textAt(address: Handle): string
}
