// signature: what an operation takes, as data
//
// One description serves eager calls, compiled calls and calls in templates (bind.ts), the reference and the types of
// the arguments that a definition receives.

import type { DType } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'

/** What stands where a tensor or a scalar may stand: dimensions read as scalars. */
export type Operand = TensorBase | Dim | boolean

/** Nested arrays of numbers or truth values, as deep as the tensor has axes. */
export type NestedData = number | boolean | readonly NestedData[]

/** A range of an axis, as `start:stop:step` in a template; left-out ends are the ends of the axis. */
export interface IndexRange {
  readonly start?: Dim | null | undefined
  readonly stop?: Dim | null | undefined
  readonly step?: number | null | undefined
}

/** One item of NumPy indexing: an integer, a range, `null` for a new axis, `'...'`, or a tensor of indices. */
export type IndexItem = Dim | TensorBase | IndexRange | null | '...'

/** The value that a definition receives, by kind of parameter. */
export interface ParamValues {
  /** A tensor. */
  readonly tensor: TensorBase
  /** An array of tensors, or of what may stand for one. */
  readonly tensors: readonly Operand[]
  /** A tensor, a number, a dimension or a truth value. */
  readonly 'tensor-or-number': Operand
  /** One axis; negative counts from the right. */
  readonly axis: number
  /** One axis or several; nothing where the operation means all. */
  readonly axes: readonly number[]
  /** A whole number known at build. */
  readonly int: number
  /** Whole numbers; a single one stands for all places. */
  readonly ints: number | readonly number[]
  /** A number known at build. */
  readonly number: number
  /** Numbers known at build; a single one stands for all places. */
  readonly numbers: number | readonly number[]
  readonly bool: boolean
  /** A size: a whole number or a dimension. */
  readonly size: Dim
  /** Sizes; a single one stands for all places. */
  readonly sizes: Dim | readonly Dim[]
  /** A shape, as an array. */
  readonly shape: readonly Dim[]
  readonly dtype: DType
  /** One of the words in `values`, or any text where there are none. */
  readonly text: string
  /** Padding per spatial axis: a size, sizes, [before, after] pairs, or 'same' | 'valid'. */
  readonly padding: Dim | readonly (Dim | readonly Dim[])[] | 'same' | 'valid'
  /** [before, after] for every axis. */
  readonly pads: readonly (readonly Dim[])[]
  /** Nested arrays of numbers, or a typed array. */
  readonly data: NestedData | ArrayLike<number>
  /** Items of NumPy indexing. */
  readonly index: readonly IndexItem[]
  readonly function: (...args: never[]) => unknown
  readonly functions: readonly ((...args: never[]) => unknown)[]
  /** Anything: arrays and plain objects of tensors, for operations that check it themselves. */
  readonly structure: unknown
}

/** The kinds of parameter. */
export type ParamKind = keyof ParamValues

/** One parameter of an operation. Without `default` and `optional` it must be given. */
export interface Param {
  readonly name: string
  readonly kind: ParamKind
  /** Stands in for a missing argument. */
  readonly default?: unknown
  /** May be missing without a default: the definition receives undefined. */
  readonly optional?: true
  /** The last parameter, which collects what positional arguments are left: `einsum(equation, a, b, c)`. */
  readonly rest?: true
  /** The words that a parameter of kind 'text' accepts. */
  readonly values?: readonly string[]
}

type ValueOf<P extends Param> = P extends { readonly kind: 'text'; readonly values: readonly (infer V)[] }
  ? V
  : ParamValues[P['kind']]

/** The record that a definition with these parameters receives. */
export type ArgumentsOf<P extends readonly Param[]> = {
  readonly [E in P[number] as E['name']]: E extends { readonly optional: true } ? ValueOf<E> | undefined : ValueOf<E>
}

/** Bound arguments by name, where the parameters are not known to TypeScript. */
export type BoundArguments = Readonly<Record<string, unknown>>
