// scalar-meaning: the arithmetic of kernels, on one lane's scalars
//
// What every code generator must agree with: float ops are exact or correctly rounded here (computed in double, then
// rounded to f32), integers wrap. Bools are 0 and 1.

import type { Expr, ScalarOp, ScalarType } from './kernel.ts'
import { erf, roundHalfEven } from './special-functions.ts'

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
  not: unary((x) => (x === 0 ? 1 : 0)),
  bitNot: unary((x) => ~x),
  isNaN: unary((x) => (Number.isNaN(x) ? 1 : 0)),
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: ([a = 0, b = 0], type) => (type === 'f32' ? a * b : Math.imul(a, b)),
  div: binary((a, b) => a / b),
  floorDiv: ([a = 0, b = 0], type) =>
    type === 'f32' ? floorDivide(a, b) : b === 0 ? 0 : Math.floor(a / b),
  mod: ([a = 0, b = 0], type) => (type === 'f32' || b !== 0 ? remainder(a, b) : a),
  pow: ([a = 0, b = 0], type) => (type === 'f32' ? power(a, b) : integerPower(a, b)),
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

function remainder(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

function floorDivide(a: number, b: number): number {
  if (b === 0 || !Number.isFinite(a)) return b === 0 ? a / b : Number.NaN
  if (!Number.isFinite(b)) return Number.isNaN(b) ? b : a === 0 || a < 0 === b < 0 ? a / b : -1
  const rest = a % b
  const whole = Math.round((a - rest) / b)
  return rest !== 0 && rest < 0 !== b < 0 ? whole - 1 : whole
}

/** As C and IEEE: 1 ** NaN and (-1) ** infinity are 1, where JavaScript says NaN. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b
}

function integerPower(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b % 2 === 0 ? 1 : -1) : 0
  let result = 1
  for (let base = a, rest = b; rest > 0; rest = Math.floor(rest / 2), base = Math.imul(base, base)) {
    if (rest % 2 === 1) result = Math.imul(result, base)
  }
  return result
}
