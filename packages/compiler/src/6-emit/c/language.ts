// language: what emitting needs of the printer of C, which is a room that it does not see

import type { Dim } from '@tsjit/dsl/compiler'
import type { Plan } from '../../ir/plan/plan.ts'
import type { CDevice, PrintedLaunch } from './device.ts'

/** How C is written. */
export interface CLanguage {
  /** Returns a size as an expression of type ptrdiff_t. */
  index(size: Dim, nameOf: (symbol: string) => string): string
  /** Returns the functions of the library that a code calls. */
  library(code: string): string
}

/** The kernels of all plans of a file, and what runs them. */
export interface CKernelCode {
  readonly device: CDevice
  /** Functions, or data that holds kernels in another language. */
  readonly code: string
  /** Bytes of scratch memory of a program. */
  scratchBytes(plan: Plan): number
  /** Returns the statements of a launch. */
  launch(plan: Plan, launch: PrintedLaunch): readonly string[]
}
