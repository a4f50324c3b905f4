// codegen: kernel -> text of a target
//
// One row for each target. Printers decide nothing: tiles, widths, barriers are in the kernel. WebGPU takes kernels one by
// one and is told of launches by the runtime; WebAssembly takes whole programs; C is the text of a program.

import type { Dim } from '@tsjit/dsl/compiler'
import type { Kernel } from '../ir/kernel/kernel.ts'
import type { TargetLimits } from '../ir/kernel/limits.ts'
import type { PrintedKernel } from '../ir/kernel/printed-kernel.ts'
import type { Plan } from '../ir/plan/plan.ts'
import { cLimits } from './c/limits.ts'
import { printLibrary } from './c/library.ts'
import { printIndex } from './c/print-index.ts'
import { type CKernels, printKernels } from './c/print-kernels.ts'
import { wasmLimits } from './wasm/limits.ts'
import { type PlacedPlan, type WasmModule, printModule } from './wasm/print-module.ts'
import { wgslLimits } from './wgsl/limits.ts'
import { type PrintOptions, printWgsl } from './wgsl/print-wgsl.ts'

/** A target that code is printed for. */
export type CodegenTarget = 'webgpu' | 'wasm' | 'c'

interface CommonRow {
  readonly limits: TargetLimits
  /** What kernels are formed for. */
  readonly machine: 'lanes' | 'loops'
}

/** A target that takes kernels one by one. */
export interface KernelRow extends CommonRow {
  print(kernel: Kernel, options: PrintOptions): PrintedKernel
}

/** A target that takes programs whole. */
export interface ModuleRow extends CommonRow {
  printModule(plans: readonly PlacedPlan[]): Promise<WasmModule>
}

/** A target of which the kernels become functions of the program that calls them, in one language. */
export interface SourceRow extends CommonRow {
  printKernels(plans: readonly Plan[]): CKernels
  /** Returns a size as an expression. */
  printIndex(size: Dim, nameOf: (symbol: string) => string): string
  /** Returns the functions of the library that a code calls. */
  printLibrary(code: string): string
}

/** What scheduling and emitting need to know of a target. */
export type CodegenRow = KernelRow | ModuleRow | SourceRow

/** The targets. */
export const codegen: { readonly webgpu: KernelRow; readonly wasm: ModuleRow; readonly c: SourceRow } = {
  webgpu: { limits: wgslLimits, machine: 'lanes', print: printWgsl },
  wasm: { limits: wasmLimits, machine: 'loops', printModule },
  c: { limits: cLimits, machine: 'loops', printKernels, printIndex, printLibrary },
}
