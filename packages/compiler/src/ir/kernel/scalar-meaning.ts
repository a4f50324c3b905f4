// scalar-meaning: the arithmetic of kernels, on one lane's scalars
//
// What every code generator must agree with: float ops are exact or correctly rounded here (computed in double, then
// rounded to f32), integers wrap. Bools are 0 and 1.

import { numbers } from '@tsjit/dsl/compiler'
import type { Expr, ScalarOp, ScalarType } from './kernel.ts'

type Unary = (x: number) => number
type Binary = (a: number, b: number) => number
type Meaning = (args: readonly number[], type: ScalarType) => number

const meanings: { readonly [O in ScalarOp]: Meaning } = {
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  trunc: unary(Math.trunc),
  round: unary(numbers.roundHalfEven),
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
  erf: unary(numbers.erf),
  not: unary((x) => (x === 0 ? 1 : 0)),
  bitNot: unary((x) => ~x),
  isNaN: unary((x) => (Number.isNaN(x) ? 1 : 0)),
  floatBits: unary(numbers.numberBits),
  bitsFloat: unary(numbers.bitsNumber),
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: byType((a, b) => a * b, Math.imul),
  mulHigh: binary(numbers.highProduct),
  div: binary((a, b) => a / b),
  floorDiv: byType((a, b) => Math.floor(a / b), numbers.integerFloorDiv),
  mod: byType(numbers.floatMod, numbers.integerMod),
  pow: byType(numbers.power, numbers.integerPower),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  atan2: binary(Math.atan2),
  eq: binary((a, b) => (a === b ? 1 : 0)),
  ne: binary((a, b) => (a === b ? 0 : 1)),
  lt: binary((a, b) => (a < b ? 1 : 0)),
  le: binary((a, b) => (a <= b ? 1 : 0)),
  gt: binary((a, b) => (a > b ? 1 : 0)),
  ge: binary((a, b) => (a >= b ? 1 : 0)),
  and: binary((a, b) => a & b),
  or: binary((a, b) => a | b),
  xor: binary((a, b) => a ^ b),
  shiftLeft: binary((a, b) => a << (b & 31)),
  shiftRight: ([a = 0, b = 0], type) => (type === 'u32' ? a >>> (b & 31) : a >> (b & 31)),
  where: ([condition = 0, a = 0, b = 0]) => (condition === 0 ? b : a),
}

/** Returns the type of the operands of an `apply` that the meaning depends on. */
export function operandTypeOf(apply: Extract<Expr, { readonly kind: 'apply' }>): ScalarType {
  return apply.args[apply.op === 'where' ? 1 : 0]?.type ?? apply.type
}

/** Returns the value of an op for operands of `operandType`, as a value of `type`. */
export function applyScalar(
  op: ScalarOp,
  args: readonly number[],
  { operandType, type }: { readonly operandType: ScalarType; readonly type: ScalarType },
): number {
  return wrap(meanings[op](args, operandType), type)
}

/** Returns a value converted as the `cast` primitive does: floats truncate and saturate, NaN becomes 0. */
export function castScalar(value: number, from: ScalarType, to: ScalarType): number {
  if (to === 'bool') return value === 0 ? 0 : 1
  if (from !== 'f32' || to === 'f32') return wrap(value, to)
  if (Number.isNaN(value)) return 0
  const [low, high] = to === 'i32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1]
  return Math.trunc(Math.min(high, Math.max(low, value))) + 0
}

/** Returns a computed number as a value of `type`: rounded to f32, or wrapped. */
export function wrap(value: number, type: ScalarType): number {
  switch (type) {
    case 'f32':
      return Math.fround(value)
    case 'i32':
      return value | 0
    case 'u32':
      return value >>> 0
    case 'bool':
      return value === 0 ? 0 : 1
  }
}

function unary(f: Unary): Meaning {
  return ([x = 0]) => f(x)
}

function binary(f: Binary): Meaning {
  return ([a = 0, b = 0]) => f(a, b)
}

function byType(ofFloats: Binary, ofIntegers: Binary): Meaning {
  return ([a = 0, b = 0], type) => (type === 'f32' ? ofFloats(a, b) : ofIntegers(a, b))
}
