// printed-program: what code generation hands to emitting, by target

import type { Dim } from '@tsjit/dsl/compiler'
import type { PrintedKernel } from '../kernel/printed-kernel.ts'
import type { Plan } from './plan.ts'

/** A plan, and where its tables lie in those of its definition. */
export interface PlacedPlan {
  readonly plan: Plan
  /** The definition's index of each weight and constant, and how many it has. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  readonly weightCount: number
  readonly constantCount: number
}

/** Kernels one by one, and which of them each launch runs. */
export interface WebgpuProgram {
  readonly target: 'webgpu'
  readonly kernels: readonly PrintedKernel[]
  readonly ofLaunch: readonly number[]
}

/** A kernel in a PTX module. */
export interface PrintedEntry {
  readonly entry: string
  readonly block: readonly [number, number, number]
  readonly buffers: number
  /** Whether it takes dims and scalars. */
  readonly uniform: boolean
  /** Whether its groups wait for one another. */
  readonly cooperative: boolean
  /** Bytes of dynamic shared memory. */
  readonly shared: number
}

/** Entries of a PTX module, one for each kernel of the plan. */
export interface CudaProgram {
  readonly target: 'cuda'
  readonly kernels: readonly PrintedEntry[]
}

/** A launch that threads may divide. */
export interface ProgramPart {
  /** Its index; of one inside of a loop or branch, the number of all launches more. */
  readonly launch: number
  readonly groups: Dim
  /** How much it computes: arithmetic operations and bytes moved. */
  readonly work: Dim
}

/** A function of a WebAssembly module. */
export interface WasmProgram {
  readonly target: 'wasm'
  /** The export that runs it. */
  readonly entry: string
  readonly scratchBytes: number
  readonly parts: readonly ProgramPart[]
}

/** A program as a target's printer leaves it. */
export type PrintedProgram = WebgpuProgram | CudaProgram | WasmProgram

/** What all models of a file share: nothing, a text, or a binary in two forms, by expressions for them. */
export type PrintedModule =
  | { readonly target: 'webgpu' }
  | {
      readonly target: 'cuda'
      readonly ptx: string
      readonly variants: readonly PtxVariant[]
      readonly cubins: readonly PrintedCubin[]
    }
  | { readonly target: 'wasm'; readonly baseline: string; readonly relaxed: string }

/** The same entries, launched alike, for one architecture alone: where it has more than the others. */
export interface PtxVariant {
  /** `sm_90a`. */
  readonly architecture: string
  readonly ptx: string
}

/** Machine code of a PTX module, which the code names by a placeholder: a host that has an assembler makes it. */
export interface PrintedCubin {
  /** `sm_90`. */
  readonly architecture: string
  /** What its name ends with: `.sm_90.cubin`. */
  readonly suffix: string
  readonly placeholder: string
}

/** A binary file that the code names by a placeholder. */
export interface PrintedAsset {
  /** What its name ends with: `.relaxed.wasm`. */
  readonly suffix: string
  readonly placeholder: string
  readonly bytes: Uint8Array
}

/** The programs of a file. */
export interface PrintedFile {
  readonly module: PrintedModule
  readonly assets: readonly PrintedAsset[]
  /** One for each plan. */
  readonly programs: readonly PrintedProgram[]
  /** Of the code of each. */
  readonly codeBytes: readonly number[]
}
