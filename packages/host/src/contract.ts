/// <reference lib="esnext.disposable" preserve="true" />
// contract: what an app gives to a model and gets back, on every target
//
// Types only. What a compiled module hands to a runtime is `program-data.ts`.

/** The element type of a tensor at the boundary. */
export type DType = 'f32' | 'f16' | 'bf16' | 'i32' | 'u32' | 'i8' | 'u8' | 'bool'

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

/** Options of `profile`: those of `run`, and how often it runs. */
export interface ProfileOptions extends RunOptions {
  /** Runs that are measured, after one that is not, at least 1. Default: 10. */
  readonly runs?: number
}

/**
 * How long a model takes, in milliseconds. Of the runs that were measured the slowest and the fastest quarter are left out,
 * and the others averaged.
 */
export interface Profile {
  /** One run as an app makes it, kernel after kernel without a stop, until its outputs are computed. */
  readonly milliseconds: number
  /** What ran, in the order in which it began; measured one by one, in runs of their own. */
  readonly kernels: readonly KernelProfile[]
}

/** One kernel of a run; of an eager run, one kind of operation. */
export interface KernelProfile {
  /** As `tsjit explain` names it. */
  readonly name: string
  /** Of all its launches in one run. */
  readonly milliseconds: number
  /** How often one run launches it. */
  readonly launches: number
  /** Where the model says what it computes, the first of it: `file:line:column`. */
  readonly source?: string
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
  /**
   * Runs the model with these inputs and measures its kernels: in development builds, or those with the plugin's option
   * `profile`; otherwise it rejects with `model_not_profiled`. Leaves the model's state as it is and prints nothing.
   * Other calls wait until it is done.
   */
  profile(inputs?: Readonly<Record<string, unknown>>, options?: ProfileOptions): Promise<Profile>
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
