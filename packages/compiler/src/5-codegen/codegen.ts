// codegen: kernel -> text of a target
//
// One row for each target. Printers decide nothing: tiles, widths, barriers are in the kernel.

import type { Kernel } from '../ir/kernel/kernel.ts'
import type { TargetLimits } from '../ir/kernel/limits.ts'
import type { PrintedKernel } from '../ir/kernel/printed-kernel.ts'
import { wgslLimits } from './wgsl/limits.ts'
import { type PrintOptions, printWgsl } from './wgsl/print-wgsl.ts'

/** A target that code is printed for. */
export type CodegenTarget = 'webgpu'

/** What scheduling and emitting need to know of a target. */
export interface CodegenRow {
  readonly limits: TargetLimits
  print(kernel: Kernel, options: PrintOptions): PrintedKernel
}

/** The targets. */
export const codegen: { readonly [T in CodegenTarget]: CodegenRow } = {
  webgpu: { limits: wgslLimits, print: printWgsl },
}
