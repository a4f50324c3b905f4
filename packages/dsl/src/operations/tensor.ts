// tensor: the public tensor type
//
// Every operation whose first parameter is a tensor is also a method, with the same parameters after the first.

import type { Dim } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { AxisOptions, Parts } from './types.ts'
import type { Operations } from './operations.ts'

/** What a user computes with: eager values and compiled values alike. */
export interface Tensor extends TensorBase, Omit<MethodsOf<Tensor, number>, 'split' | 'chunk'> {
  readonly dtype: DType
  /** Sizes by axis. A symbolic dimension reads as a number to TypeScript. */
  readonly shape: number[]
  /** The number of axes. */
  readonly rank: number
  /** The number of elements. */
  readonly size: number
  /** The last two axes swapped. */
  readonly T: Tensor
  /** The last two axes swapped. */
  readonly mT: Tensor
  /** n equal parts, or parts of the given sizes, along an axis (0). See `split`. */
  split<const N extends number | readonly number[]>(parts: N, axis?: number | AxisOptions): Parts<Tensor, N>
  /** n parts, the last smaller where it does not divide. See `chunk`. */
  chunk<const N extends number>(parts: N, axis?: number | AxisOptions): Parts<Tensor, N>
  /** The slices along the first axis. */
  [Symbol.iterator](): IterableIterator<Tensor>
}

/** A tensor, or a number or truth value that stands for one. */
export type TensorLike = Tensor | number | boolean

/** The operations of a backend as methods of its tensor. */
export type MethodsOf<T extends TensorBase, D extends Dim> = {
  [K in MethodName]: Operations<T, D>[K] extends (x: never, ...rest: infer R) => infer O ? (...rest: R) => O : never
}

/** The names of the operations that are methods too. */
export type MethodName = {
  [K in Exclude<keyof Operations<Probe, Size>, `${string}.${string}`>]: Operations<Probe, Size>[K] extends (
    x: infer X,
    ...rest: never
  ) => unknown
    ? Probe extends X
      ? K
      : never
    : never
}[Exclude<keyof Operations<Probe, Size>, `${string}.${string}`>]

// a tensor and a size that are like no other type, to find the operations that take a tensor first
declare abstract class Probe extends TensorBase {
  readonly probe: true
}
type Size = 7919
