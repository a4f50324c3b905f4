// compute-elementwise: the CPU meaning of elementwise primitives
//
// Each element is computed in double precision and rounded once when it is stored, as Float32Array does.

import type { ElementwiseKind } from './classes.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import { type Computed, type Elements, createElements } from './elements.ts'
import { rangeOf } from './neutral.ts'
import {
  erf,
  floatMod,
  highProduct,
  integerFloorDiv,
  integerMod,
  bitsNumber,
  integerPower,
  numberBits,
  power,
  roundHalfEven,
} from './numbers.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'

/** Computes the elements of a result whose type is known. */
export type Compute<K extends PrimitiveKind> = (
  inputs: readonly Computed[],
  params: PrimitiveParams[K],
  result: Omit<Computed, 'data'>,
) => Elements

/** Returns an operand that the type rule has counted. */
export function input(inputs: readonly Computed[], index: number): Computed {
  const found = inputs[index]
  if (found === undefined) throw new RangeError(`internal: operand ${index} is missing`)
  return found
}

type Anything = (inputs: readonly Computed[], params: unknown, result: Omit<Computed, 'data'>) => Elements

function unary(f: (x: number) => number): Anything {
  return (inputs, _, { dtype }) => {
    const { data } = input(inputs, 0)
    const out = createElements(dtype, data.length)
    for (let i = 0; i < out.length; i++) out[i] = f(data[i] ?? 0)
    return out
  }
}

function binary(ofFloats: (x: number, y: number) => number, ofIntegers = ofFloats): Anything {
  return (inputs, _, { dtype }) => {
    const [left, right] = [input(inputs, 0), input(inputs, 1)]
    const f = kindOf(left.dtype) === 'float' ? ofFloats : ofIntegers
    const [a, b] = [left.data, right.data]
    const out = createElements(dtype, a.length)
    for (let i = 0; i < out.length; i++) out[i] = f(a[i] ?? 0, b[i] ?? 0)
    return out
  }
}

/** Shift counts are modulo the width of the dtype. */
function shift(f: (x: number, by: number, dtype: DType) => number): Anything {
  return (inputs, _, { dtype }) => {
    const [a, b] = [input(inputs, 0).data, input(inputs, 1).data]
    const mask = dtype === 'i8' || dtype === 'u8' ? 7 : 31
    const out = createElements(dtype, a.length)
    for (let i = 0; i < out.length; i++) out[i] = f(a[i] ?? 0, (b[i] ?? 0) & mask, dtype)
    return out
  }
}

function cast(inputs: readonly Computed[], { dtype }: PrimitiveParams['cast']): Elements {
  const from = input(inputs, 0)
  const out = createElements(dtype, from.data.length)
  if (dtype === 'bool') for (let i = 0; i < out.length; i++) out[i] = from.data[i] === 0 ? 0 : 1
  else if (kindOf(dtype) === 'integer' && kindOf(from.dtype) === 'float') {
    const [low, high] = rangeOf(dtype)
    // Math.min and Math.max keep NaN, which a typed array of integers stores as 0
    for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(Math.trunc(from.data[i] ?? 0), low), high)
  } else out.set(from.data)
  return out
}

/** The CPU meaning of every elementwise primitive. */
export const elementwise: { readonly [K in ElementwiseKind]: Compute<K> } = {
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  trunc: unary(Math.trunc),
  round: unary(roundHalfEven),
  exp: unary(Math.exp),
  expm1: unary(Math.expm1),
  log: unary(Math.log),
  log1p: unary(Math.log1p),
  sqrt: unary(Math.sqrt),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  tan: unary(Math.tan),
  asin: unary(Math.asin),
  acos: unary(Math.acos),
  atan: unary(Math.atan),
  sinh: unary(Math.sinh),
  cosh: unary(Math.cosh),
  tanh: unary(Math.tanh),
  erf: unary(erf),
  not: unary((x) => 1 - x),
  bitNot: unary((x) => ~x),
  isNaN: unary((x) => (Number.isNaN(x) ? 1 : 0)),
  floatBits: unary(numberBits),
  bitsFloat: unary(bitsNumber),
  cast,
  add: binary((x, y) => x + y),
  sub: binary((x, y) => x - y),
  mul: binary((x, y) => x * y, Math.imul),
  mulHigh: binary(highProduct),
  div: binary((x, y) => x / y),
  floorDiv: binary((x, y) => Math.floor(x / y), integerFloorDiv),
  mod: binary(floatMod, integerMod),
  pow: binary(power, integerPower),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  atan2: binary(Math.atan2),
  eq: binary((x, y) => (x === y ? 1 : 0)),
  ne: binary((x, y) => (x === y ? 0 : 1)),
  lt: binary((x, y) => (x < y ? 1 : 0)),
  le: binary((x, y) => (x <= y ? 1 : 0)),
  gt: binary((x, y) => (x > y ? 1 : 0)),
  ge: binary((x, y) => (x >= y ? 1 : 0)),
  and: binary((x, y) => x & y),
  or: binary((x, y) => x | y),
  xor: binary((x, y) => x ^ y),
  shiftLeft: shift((x, by) => x << by),
  shiftRight: shift((x, by, dtype) => (dtype === 'u32' ? x >>> by : x >> by)),
  where: (inputs, _, { dtype }) => {
    const [condition, a, b] = [input(inputs, 0).data, input(inputs, 1).data, input(inputs, 2).data]
    const out = createElements(dtype, condition.length)
    for (let i = 0; i < out.length; i++) out[i] = (condition[i] === 0 ? b[i] : a[i]) ?? 0
    return out
  },
}
