// params: the vocabulary of primitives
//
// Every operation of the DSL is a primitive of this table or a definition in terms of others. Each kind has one
// row in each total table over PrimitiveKind: type rule, CPU meaning, class, lowering.
// Operands of an elementwise primitive have equal shapes and dtypes; definitions broadcast and promote first.

import type { DType } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'

/** A primitive without parameters. */
export type NoParams = Readonly<Record<never, never>>

/** What a reduction combines with. `sum` and `prod` of integers wrap; `max` and `min` propagate NaN. */
export type Reducer = 'sum' | 'prod' | 'max' | 'min'

/** The parameters of each primitive, by kind. */
export interface PrimitiveParams {
  // sources
  /** A scalar known at build; shape []. Infinities, NaN and -0 are allowed for floats. */
  constant: { readonly value: number; readonly dtype: DType }
  /** A tensor known at build, row-major. */
  literal: { readonly data: readonly number[]; readonly dtype: DType; readonly shape: readonly number[] }
  /** 0, 1, … length-1 as i32, shape [length]. */
  iota: { readonly length: Dim }
  /** A dimension as an i32 scalar. */
  dimension: { readonly value: Dim }

  // elementwise, one operand
  neg: NoParams
  abs: NoParams
  sign: NoParams
  floor: NoParams
  ceil: NoParams
  trunc: NoParams
  /** Half to even. */
  round: NoParams
  exp: NoParams
  expm1: NoParams
  log: NoParams
  log1p: NoParams
  sqrt: NoParams
  sin: NoParams
  cos: NoParams
  tan: NoParams
  asin: NoParams
  acos: NoParams
  atan: NoParams
  sinh: NoParams
  cosh: NoParams
  tanh: NoParams
  erf: NoParams
  /** bool -> bool. */
  not: NoParams
  /** Integers, bit by bit. */
  bitNot: NoParams
  /** float -> bool, by the bits (fast-math safe). */
  isNaN: NoParams
  /** f32 -> i32: the same 32 bits. */
  floatBits: NoParams
  /** i32 -> f32: the same 32 bits. */
  bitsFloat: NoParams
  /** Value conversion: float -> integer truncates and saturates, NaN -> 0; anything -> bool is `!= 0`. */
  cast: { readonly dtype: DType }

  // elementwise, two operands
  add: NoParams
  sub: NoParams
  mul: NoParams
  /** The upper 32 bits of the product of two u32. */
  mulHigh: NoParams
  /** Floats only. */
  div: NoParams
  /** Rounds towards minus infinity, as Python's `//`; integer division by 0 gives 0. */
  floorDiv: NoParams
  /** The remainder of floorDiv: the sign of the divisor. */
  mod: NoParams
  pow: NoParams
  maximum: NoParams
  minimum: NoParams
  atan2: NoParams
  /** Comparisons give bool. */
  eq: NoParams
  ne: NoParams
  lt: NoParams
  le: NoParams
  gt: NoParams
  ge: NoParams
  /** bool: logical; integers: bit by bit. */
  and: NoParams
  or: NoParams
  xor: NoParams
  shiftLeft: NoParams
  /** Arithmetic for signed, logical for unsigned. */
  shiftRight: NoParams

  /** Elementwise choice: (bool, x, x) -> x. */
  where: NoParams

  // movement: index maps, never work
  /** Same elements in row-major order. */
  reshape: { readonly shape: readonly Dim[] }
  /** Result axis i is operand axis axes[i]. */
  permute: { readonly axes: readonly number[] }
  /** Equal rank; axes of size 1 stretch to shape. */
  expand: { readonly shape: readonly Dim[] }
  /** Result index i along an axis reads starts + i * steps; a negative step walks back. In range by contract. */
  slice: { readonly starts: readonly Dim[]; readonly steps: readonly number[]; readonly sizes: readonly Dim[] }
  /** Constant padding, never negative. */
  pad: { readonly before: readonly Dim[]; readonly after: readonly Dim[]; readonly value: number }
  /** Sliding windows: axis shrinks to floor((n - dilation*(size-1) - 1)/stride)+1, and an axis [size] is appended last. */
  window: { readonly axis: number; readonly size: Dim; readonly stride: number; readonly dilation: number }
  /** One or more operands, equal but for the axis. */
  concat: { readonly axis: number }
  /** (x, indices i32) -> x's shape with `axis` replaced by the shape of indices. Indices clamp to [0, n-1]. */
  gather: { readonly axis: number }
  /** (x, indices i32 of the same rank): result[…i…] = x[… indices[…i…] …] along axis; indices clamp. torch.gather. */
  gatherElements: { readonly axis: number }

  // reduction: the axes disappear
  reduce: { readonly fn: Reducer; readonly axes: readonly number[] }

  /**
   * Sum of products over labels, einsum's meaning without repeats inside one operand: `a` and `b` label the axes of
   * the operands, `out` those of the result; a label absent from `out` is summed. Accumulates in f32 or i32.
   */
  contract: { readonly a: readonly string[]; readonly b: readonly string[]; readonly out: readonly string[] }
}

/** The name of a primitive. */
export type PrimitiveKind = keyof PrimitiveParams

/** What kind of thing a primitive is to a scheduler. */
export type PrimitiveClass = 'source' | 'elementwise' | 'movement' | 'indexed' | 'reduction' | 'contraction'
