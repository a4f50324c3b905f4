// codegen: plans -> code of a target
//
// One row for each target. Printers decide nothing: tiles, widths, barriers are in the kernel. GPUs are told of launches
// by the runtime; WebAssembly takes whole programs.

import type { Dim } from '@tsjit/dsl/compiler'
import type { TargetLimits } from '../ir/kernel/limits.ts'
import type { PlacedPlan, PrintedFile } from '../ir/plan/printed-program.ts'
import type { Plan } from '../ir/plan/plan.ts'
import { cLimits } from './c/limits.ts'
import { printLibrary } from './c/library.ts'
import { printIndex } from './c/print-index.ts'
import { type CKernels, printKernels } from './c/print-kernels.ts'
import { ptxLimits } from './ptx/limits.ts'
import { type FileOptions, printPtxFile } from './ptx/print-file.ts'
import { wasmLimits } from './wasm/limits.ts'
import { printWasmFile } from './wasm/print-file.ts'
import { wgslLimits } from './wgsl/limits.ts'
import { printWgslFile } from './wgsl/print-file.ts'

/** A target that code is printed for. */
export type CodegenTarget = 'webgpu' | 'cuda' | 'wasm'

/** How to print. */
export type CodegenOptions = FileOptions

/** What scheduling and emitting need to know of a target. */
export interface CodegenRow {
  readonly limits: TargetLimits
  /** What kernels are formed for. */
  readonly machine: 'lanes' | 'cuda' | 'loops'
  /** Prints the programs of a file. */
  print(plans: readonly PlacedPlan[], options: CodegenOptions): Promise<PrintedFile>
}

/** The targets. */
export const codegen: { readonly [T in CodegenTarget]: CodegenRow } = {
  webgpu: { limits: wgslLimits, machine: 'lanes', print: printWgslFile },
  cuda: { limits: ptxLimits, machine: 'cuda', print: printPtxFile },
  wasm: { limits: wasmLimits, machine: 'loops', print: printWasmFile },
}

/** The language C: kernels become functions of the program that calls them. */
export interface LanguageRow extends Pick<CodegenRow, 'limits' | 'machine'> {
  printKernels(plans: readonly Plan[]): CKernels
  /** Returns a size as an expression. */
  printIndex(size: Dim, nameOf: (symbol: string) => string): string
  /** Returns the functions of the library that a code calls. */
  printLibrary(code: string): string
}

/** C, for exported programs. */
export const languageC: LanguageRow = {
  limits: cLimits,
  machine: 'loops',
  printKernels,
  printIndex,
  printLibrary,
}
