// types: the words that the public signatures are written with
//
// T is the tensor of the backend and D its sizes: for users the public Tensor and number, for definitions TensorBase
// and Dim.

import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'

/** A tensor, or a number or truth value that stands for one. A whole number takes the dtype of the other side. */
export type Like<T extends TensorBase, D extends Dim> = T | D | boolean

/** One axis or several; negative counts from the right. */
export type Axes = number | readonly number[]

/** Options of operations along one axis. */
export interface AxisOptions {
  readonly axis?: number
}

/** Options of reductions. */
export interface ReduceOptions {
  /** The axes to reduce; all where left out. */
  readonly axis?: Axes
  /** Keeps reduced axes with size 1. */
  readonly keepDims?: boolean
}

/** Options of variance and standard deviation. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the count: 1 (the default, as PyTorch) is unbiased, 0 (as NumPy) is biased. */
  readonly correction?: number
}

/** Options of reductions over one axis. */
export interface ReduceOneOptions extends AxisOptions {
  readonly keepDims?: boolean
}

/** Options of anything with a small constant against division by zero. */
export interface EpsOptions {
  readonly eps?: number
}

/** A size for each place, or one for all. */
export type Sizes<D extends Dim> = D | readonly D[]

/** Padding: one size, one per spatial axis, [before, after] pairs, or 'same' (output = ceil(input / stride)) | 'valid'. */
export type Padding<D extends Dim> = D | readonly (D | readonly [D, D])[] | 'same' | 'valid'

/** The result of splitting in `N` parts: a tuple where the number is known to TypeScript. */
export type Parts<T, N> = N extends number
  ? number extends N
    ? T[]
    : Repeat<T, N>
  : N extends readonly unknown[]
    ? { -readonly [I in keyof N]: T }
    : T[]

type Repeat<T, N extends number, R extends T[] = []> = R['length'] extends N
  ? R
  : R['length'] extends 64
    ? T[]
    : Repeat<T, N, [...R, T]>
