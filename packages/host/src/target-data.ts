// target-data: what a compiled module hands to the runtime of each target
//
// Types, and the numbers that compiler and runtime of WebAssembly have to agree on.

import type { DType, HostTensor } from './contract.ts'
import type { ArenaProgram, DefinitionData } from './program-data.ts'

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
 * A product of matrices, c = a b, that a library may compute in place of a launch on CUDA: the dtype of all three, which
 * bindings they are, how many pairs there are, rows of a and c, columns of b and c, what is summed, and for a, b and c how
 * far apart elements are from pair to pair, row to row and column to column.
 */
export type ProductData = readonly [dtype: DType, ...numbers: number[]]

/** One program for WebGPU: a model in one mode with one combination of optional inputs. */
export interface WebgpuProgramData extends ArenaProgram {
  readonly kernels: readonly WgslKernelData[]
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
export interface WasmProgramData extends ArenaProgram {
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

/** The kernels of a file: PTX, which every driver takes, and PTX or machine code for some devices. */
export interface CudaModule {
  readonly ptx: string
  /** PTX of the same entries by architecture (`sm_90a`), for devices of that compute capability alone. */
  readonly variants?: Readonly<Record<string, string>>
  /** Machine code by architecture (`sm_90`), where the build had `ptxas`. */
  readonly cubins?: Readonly<Record<string, Uint8Array | URL | string>>
}

/** A compiled model for CUDA. All models of a file share one module. */
export interface CudaDefinitionData extends DefinitionData<CudaProgramData> {
  readonly module: CudaModule
}
