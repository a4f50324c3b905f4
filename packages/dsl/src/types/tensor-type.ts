// tensor-type: dtype and shape, and the value that carries them
//
// The abstract tensor that operations are defined against. It has two implementations: eager (data on the CPU)
// and graph (a value of the compiler).

import type { DType } from './dtype.ts'
import { type Dim, printDim } from './dim.ts'

/** Sizes by axis, outermost first. */
export type Shape = readonly Dim[]

/** What is known of a tensor at build. */
export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

/** Any tensor, eager or graph: definitions of operations see no more than this. */
export abstract class TensorBase implements TensorType {
  abstract readonly dtype: DType
  abstract readonly shape: Shape
}

/** Returns `f32[B, 784]`. */
export function printType(type: TensorType): string {
  return `${type.dtype}[${type.shape.map(printDim).join(', ')}]`
}
