/// <reference lib="esnext.disposable" preserve="true" />
// contract: what a compiled module hands to a runtime, and what an app gets back
//
// Types only, and one number. The compiler emits literals of these types; every runtime reads them. Raise
// CONTRACT_VERSION with every change that an old runtime would misread.

/** The version of the data forms below; a runtime refuses another. */
export const CONTRACT_VERSION = 1

/** The element type of a tensor at the boundary. */
export type DType = 'f32' | 'f16' | 'bf16' | 'i32' | 'u32' | 'i8' | 'u8' | 'bool'

/** A symbolic dimension: name, min, max (0: unbounded), multipleOf. */
export type DimData = readonly [name: string, min: number, max: number, multipleOf: number]

/** An input or output: dotted path (`state.h`, `xs.0`), dtype, and its axes as printed in messages (`'B'`, `784`, `'2*T'`). */
export type SlotData = readonly [path: string, dtype: DType, axes: readonly (string | number)[]]

/** A tensor of the weights file: state_dict path, dtype, shape, how to draw it from a seed, role. */
export type WeightData = readonly [
  path: string,
  dtype: DType,
  shape: readonly number[],
  init: InitData,
  role: 'param' | 'buffer',
]

/** constant value · uniform [low, high) · normal (mean, deviation). */
export type InitData = number | readonly ['uniform' | 'normal', number, number]

/** A tensor known at build: dtype, shape, row-major elements. */
export type ConstantData = readonly [dtype: DType, shape: readonly number[], data: readonly number[]]

/**
 * What a kernel parameter is bound to, one string each: `i0` input 0, `o0` output 0, `w0` weight 0, `c0` constant 0,
 * `t0` transient 0 of the arena.
 */
export type BindingData = string

/** One WebGPU kernel: its code, and the access of each storage parameter in binding order: r read-only, w read_write. */
export interface WgslKernelData {
  readonly code: string
  /** One letter a storage parameter: `rrw`. Binding n of group 0 is parameter n. */
  readonly access: string
  /** Device features it needs (`shader-f16`, `subgroups`). */
  readonly features?: readonly string[]
  /**
   * Whether the code declares the uniform binding n = access.length, an `array<vec4<i32>, N>`: the values of all dims in
   * order, then the scalars of the launch, padded to whole vectors (at least one).
   */
  readonly uniform?: true
}

/**
 * Enqueues one launch: kernel index, bindings of its parameters, workgroup counts, scalar arguments of this launch. -1 and
 * -2 for a kernel are the beginning and the end of launches that are repeated while the scalar in the buffer that -1 names
 * is not 0.
 */
export type Launch = (
  kernel: number,
  bindings: readonly BindingData[],
  x: number,
  y?: number,
  z?: number,
  scalars?: readonly number[],
  product?: ProductData,
) => void

/**
 * A product of matrices, c = a b, that a library may compute in place of a launch on CUDA: the dtype of all three, which bindings they
 * are, how many pairs there are, rows of a and c, columns of b and c, what is summed, and for a, b and c how far apart elements
 * are from pair to pair, row to row and column to column.
 */
export type ProductData = readonly [dtype: DType, ...numbers: number[]]

/**
 * What a program takes and gives beside the inputs and outputs of the app. `shapes` has all of it, `inputs` and `outputs`
 * have none: the host adds it for drivers (`hidden-slots.ts`).
 */
export interface HiddenData {
  /** It takes the seed of the run, u32[2], after its inputs. */
  readonly seed?: 1
  /** What each `check` says, and its place. An i32 scalar after the outputs is 0, or the number of the first that failed. */
  readonly checks?: readonly (readonly [message: string, place: string])[]
  /** What `print` shows, as further outputs; their paths are the labels. */
  readonly prints?: readonly SlotData[]
  /** The weights that the last outputs replace when the run ends. */
  readonly updates?: readonly number[]
}

/** A tensor as a host function gets it: a copy of the elements, row-major; f16 and bf16 as bits, bool as 0 and 1. */
export interface HostArray {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TypedArray
}

/** A call of a function of the app, between two stages of a program. */
export interface HostCallData {
  /** Takes arrays (`HostArray`) and returns data as `gives` says. */
  readonly fn: (...args: HostArray[]) => unknown
  /** The outputs of the stage before that it takes, by name. */
  readonly takes: readonly string[]
  /** What it returns: paths within it, dtypes. */
  readonly gives: readonly SlotData[]
  /** The names under which later stages take what it returns. */
  readonly as: readonly string[]
  /** The shapes of what it returns. */
  readonly shapes: (...dims: readonly number[]) => readonly (readonly number[])[]
}

/** What a stage has beside. */
export interface StageData {
  /** The weights that it needs; those of the first stage are all. */
  readonly uses?: readonly number[]
}

/**
 * One program with calls of the host in between, in the place of a program of the target: what the app sees of it, and
 * a program for each stage, in terms of the same dimensions. Stages name what they take and leave; the first takes all inputs
 * and the last leaves all outputs, those included that `hidden` names.
 */
export interface StagedProgramData<Program> {
  readonly stages: readonly (Program & StageData)[]
  /** One after each stage but the last. */
  readonly calls: readonly HostCallData[]
}

/** One program for WebGPU: a model in one mode with one combination of optional inputs. */
export interface WebgpuProgramData {
  readonly dims: readonly DimData[]
  readonly inputs: readonly SlotData[]
  readonly outputs: readonly SlotData[]
  /** Values of the dimensions from the shapes of the inputs (in the order of `inputs`). */
  readonly solve: (shapes: readonly (readonly number[])[]) => readonly number[]
  /** The shapes of all inputs, then all outputs. */
  readonly shapes: (...dims: readonly number[]) => readonly (readonly number[])[]
  readonly kernels: readonly WgslKernelData[]
  readonly hidden?: HiddenData
  /**
   * The buffers of the arena for these dimensions, in the order in which they are to be placed: bytes of t0, the first and
   * the last launch that uses it, then those of t1, …. `OpenRequest.place` lays them out.
   */
  readonly arena: (...dims: readonly number[]) => readonly number[]
  /**
   * The buffers of the arena that hold f16, by their places in it. `arena` and the kernels take them for f32; the kernels
   * say so on their first line, `alias name=f32;`, for `halfStorage` of the runtime to change.
   */
  readonly halves?: readonly number[]
  /** Calls `launch` for every dispatch, in order; called once per new combination of sizes. */
  readonly launch: (launch: Launch, ...dims: readonly number[]) => void
  /** `specialRun` of the runtime, where launches are repeated or state is kept. */
  readonly special?: (...given: never[]) => Promise<readonly HostTensor[]>
}

/** One program in a WebAssembly module. */
export interface WasmProgramData {
  readonly dims: readonly DimData[]
  readonly inputs: readonly SlotData[]
  readonly outputs: readonly SlotData[]
  /** Values of the dimensions from the shapes of the inputs (in the order of `inputs`). */
  readonly solve: (shapes: readonly (readonly number[])[]) => readonly number[]
  /** The shapes of all inputs, then all outputs. */
  readonly shapes: (...dims: readonly number[]) => readonly (readonly number[])[]
  readonly hidden?: HiddenData
  /** The buffers of the arena, as of `WebgpuProgramData`. */
  readonly arena: (...dims: readonly number[]) => readonly number[]
  /**
   * The export that runs it. It takes the address of a table of 32-bit words: addresses of inputs, outputs, the
   * definition's weights and constants; the dimensions; the address of scratch memory; addresses of t0, t1, ….
   */
  readonly run: string
  /** Bytes of scratch memory. */
  readonly scratch: number
  /** Kernels and launches. */
  readonly counts: readonly [kernels: number, launches: number]
  /**
   * The launches that threads may divide, three numbers each: its index, how many groups it has, and how much it computes
   * (arithmetic operations and bytes moved). Only for programs that have some; `run` then also takes the first launch and
   * the one after the last (launches between two of these run together), how many bytes further on this thread's scratch
   * memory is, and the first group and the one after the last of a launch that is divided. Without these it runs all.
   *
   * Of launches inside of loops and branches the index is that of the launch and the number of all launches. Where a last
   * argument is not 0, `run` calls the import `divide` with it instead of running such a launch, which then has to be run.
   */
  readonly parts?: (...dims: readonly number[]) => readonly number[]
}

/** How much a launch has to compute, as `WasmProgramData.parts` counts it, so that it is worth dividing. */
export const SPLIT_WORK = 100_000

/**
 * The same for a launch inside of a loop or branch: what the launch before it has left in one core has to come to another,
 * turn after turn.
 */
export const INNER_SPLIT_WORK = 1_000_000

/**
 * The bytes of a WebAssembly program's memory that its constants may take: no runtime places anything before the end.
 * Before the start nothing lies, for vectors may read a little beyond what they use.
 */
export const POOL_START = 64
/** See `POOL_START`. */
export const POOL_END = 4096

/** Where a WebAssembly module is: its bytes, or where to fetch them. */
export type WasmSource = Uint8Array | URL | string

/** A compiled model for WebAssembly; the module in a form for every engine, and in one with relaxed SIMD. */
export interface WasmDefinitionData extends DefinitionData<WasmProgramData> {
  readonly module: readonly [baseline: WasmSource, relaxed: WasmSource]
}

/** One CUDA kernel: an entry of the module's PTX. */
export interface CudaKernelData {
  /** The name of the entry. */
  readonly entry: string
  /** Threads of a block along x, y, z. */
  readonly block: readonly [x: number, y: number, z: number]
  /** Bytes of dynamic shared memory; 0 where left out. */
  readonly shared?: number
  /**
   * How many buffers it takes: 64-bit addresses, the first parameters of the entry. After them come the values of all
   * dims in order, then the scalars of the launch, as 32-bit integers, for kernels where `uniform` is set.
   */
  readonly buffers: number
  readonly uniform?: true
  /** Whether its blocks wait for one another, and all have to run at once. */
  readonly cooperative?: true
}

/** One program for CUDA: launches as on WebGPU, of entries of the definition's module. Elements have their own size. */
export interface CudaProgramData extends Omit<WebgpuProgramData, 'kernels' | 'special'> {
  readonly kernels: readonly CudaKernelData[]
}

/** The kernels of a file: PTX, which every driver takes, and machine code for some devices. */
export interface CudaModule {
  readonly ptx: string
  /** Machine code by architecture (`sm_90`), where the build had `ptxas`. */
  readonly cubins?: Readonly<Record<string, Uint8Array | URL | string>>
}

/** A compiled model for CUDA. All models of a file share one module. */
export interface CudaDefinitionData extends DefinitionData<CudaProgramData> {
  readonly module: CudaModule
}

/** A compiled model: what the emitted module passes to a runtime's `program`. */
export interface DefinitionData<Program> {
  readonly contract: number
  readonly name: string
  readonly weights: readonly WeightData[]
  readonly constants: readonly ConstantData[]
  readonly programs: { readonly eval: Program; readonly train?: Program }
  /** The programs of calls that leave out optional inputs, one for each combination. `programs` have all inputs. */
  readonly without?: { readonly eval?: readonly Program[]; readonly train?: readonly Program[] }
  /**
   * `manyPrograms` of the runtime, where there are several, or any has hidden slots; `hostCalls` where any calls the host. On WebGPU
   * `halfStorage` of one of them, where any holds f16.
   */
  readonly many?: ((...given: never[]) => Promise<Instance>) | undefined
  /** The same model as plain TypeScript, for `target: 'eager'`; a separate chunk that is fetched only when asked for. */
  readonly eager?: () => Promise<Definition>
  /** The same model in WebAssembly, for `target: 'wasm'` and where this target is not to be had. */
  readonly wasm?: () => Promise<Definition>
  /** The same model on WebGPU, where this is its form for another target. */
  readonly webgpu?: () => Promise<Definition>
  /** The same model on CUDA, where this is its form for another target. */
  readonly cuda?: () => Promise<Definition>
}

/** Where a program runs. */
export type Target = 'webgpu' | 'cuda' | 'wasm' | 'eager'

/** Progress of a load, monotonic; `total` is known from the start. */
export interface LoadProgress {
  readonly loaded: number
  readonly total: number
  readonly phase: 'download' | 'cache' | 'compile'
}

/** Weights: a URL or (Node) path, bytes, a Blob, an index of shards (`model.safetensors.index.json`), or a seed to draw from. */
export type WeightsSource = string | URL | ArrayBuffer | ArrayBufferView | Blob | { readonly seed: number }

/** Options of `load`. */
export interface LoadOptions {
  readonly weights?: WeightsSource
  /** A GPUDevice of the app: used, never destroyed. Typed loosely so that this file needs no WebGPU types. */
  readonly device?: object | number
  readonly target?: Target
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LoadProgress) => void
  /** Keep downloaded weights in the browser's Cache Storage, checked with the server at each load. Default true. */
  readonly cache?: boolean
  /** false: names in the file that the model lacks are ignored. Default true. */
  readonly strict?: boolean
  readonly mode?: 'eval' | 'train'
  /**
   * Threads to run on, this one included, where the model runs in WebAssembly. Default: as many as there are cores, at
   * most 4, where memory can be shared (a page that is cross-origin isolated; Node); otherwise, and for models that are
   * not worth it, 1. The results are the same bits for any number.
   */
  readonly threads?: number
  /**
   * Run in a worker of the model's own, where it runs in WebAssembly: long work then never blocks this thread. Inputs and
   * results are copied to and fro. Default: false.
   */
  readonly worker?: boolean
  /**
   * Whether cuBLASLt computes large products of matrices, where the model runs on CUDA and the library is installed ('auto');
   * else the model's own kernels do ('never', the default). Then the same bits may depend on the library's version.
   */
  readonly libraries?: 'auto' | 'never'
}

/** Options of `run`. */
export interface RunOptions {
  readonly signal?: AbortSignal
  /**
   * Of the random numbers of this run, a whole number: the same seed gives the same numbers on every target. Without one
   * the runs of an instance count 0, 1, 2, …, so that every run draws others, and the next time the same again.
   */
  readonly seed?: number
  /** Only these outputs (dotted paths). */
  readonly outputs?: readonly string[]
  /** Runs the program of this mode where the build has both; that of `load` where left out. State is the same for both. */
  readonly mode?: 'eval' | 'train'
}

/** A typed array that holds tensor elements. f16/bf16 are Uint16Array bits, bool is Uint8Array. */
export type TypedArray = Float32Array | Int32Array | Uint32Array | Int8Array | Uint8Array | Uint16Array

/** A result or device-resident tensor; data comes to the host only when asked for. */
export interface HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly size: number
  /** The elements, row-major. The array may be the tensor's own: copy it before writing into it. */
  data(): Promise<TypedArray>
  /** Nested arrays. */
  toArray(): Promise<unknown>
  dispose(): void
}

/** What a loaded instance knows of itself. */
export interface InstanceInfo {
  readonly target: Target
  /** The adapter as it names itself. */
  readonly device: string
  readonly kernels: number
  readonly dispatches: number
  readonly weightBytes: number
  readonly arenaBytes: number
  /** Threads that a run uses, in WebAssembly. */
  readonly threads?: number
}

/** A loaded model, ready to run. Calls queue in order; results stay valid until disposed. */
export interface Instance {
  run(inputs?: Readonly<Record<string, unknown>>, options?: RunOptions): Promise<Readonly<Record<string, unknown>>>
  readonly info: InstanceInfo
  /** Returns the weights as they are now, running state included, as a safetensors file with PyTorch's names. */
  weights(): Promise<Uint8Array<ArrayBuffer>>
  dispose(): void
  [Symbol.dispose](): void
  [Symbol.asyncDispose](): Promise<void>
}

/** A model as the app imports it: cheap, no device work until `load`. */
export interface Definition {
  readonly name: string
  load(options?: LoadOptions): Promise<Instance>
}
