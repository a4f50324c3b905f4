// scalar-ops: the elementwise primitives in C
//
// A total table, by the type of the operands. What is no operator is a function of the library: `f32_…`, `i32_…`,
// `u32_…` of scalars; `f4_…` of four floats; `i4_…` and `u4_…` of four integers, `u4_…` where their sign is all the same.

import { internalError } from '../../base/invariant.ts'
import type { ScalarOp, ScalarType, Width } from '../../ir/kernel/kernel.ts'

/** What the spelling of an op depends on besides its operands. */
interface OpContext {
  /** Of the operands. */
  readonly type: ScalarType
  readonly width: Width
}

type Spelling = (args: readonly string[], context: OpContext) => string
type ByType = { readonly [T in ScalarType]?: Spelling }

const spellings: { readonly [O in ScalarOp]: Spelling } = {
  neg: byType({ f32: prefix('-', 'f4_neg'), i32: anySign('neg'), u32: anySign('neg') }),
  abs: byType({ f32: call('abs'), i32: call('abs'), u32: keep }),
  sign: byType({ f32: call('sign'), i32: call('sign'), u32: call('sign') }),
  floor: rounding('floor'),
  ceil: rounding('ceil'),
  trunc: rounding('trunc'),
  round: rounding('round'),
  exp: call('exp'),
  expm1: call('expm1'),
  log: call('log'),
  log1p: call('log1p'),
  sqrt: call('sqrt'),
  sin: call('sin'),
  cos: call('cos'),
  tan: call('tan'),
  asin: call('asin'),
  acos: call('acos'),
  atan: call('atan'),
  sinh: call('sinh'),
  cosh: call('cosh'),
  tanh: call('tanh'),
  erf: call('erf'),
  not: prefix('!', 'u4_not'),
  bitNot: prefix('~', 'u4_not'),
  floatBits: ([a = missing()], { width }) => (width > 1 ? `u4_of_bits(${a})` : `(int32_t)bits_f32(${a})`),
  bitsFloat: ([a = missing()], { width }) => (width > 1 ? `f4_of_bits(${a})` : `f32_bits((uint32_t)${a})`),
  isNaN: call('is_nan'),
  add: byType({ f32: infix('+', 'f4_add'), i32: anySign('add'), u32: infix('+', 'u4_add') }),
  sub: byType({ f32: infix('-', 'f4_sub'), i32: anySign('sub'), u32: infix('-', 'u4_sub') }),
  mul: byType({ f32: infix('*', 'f4_mul'), i32: anySign('mul'), u32: infix('*', 'u4_mul') }),
  mulHigh: call('mul_high'),
  div: byType({ f32: infix('/', 'f4_div'), i32: call('floor_div'), u32: call('floor_div') }),
  floorDiv: call('floor_div'),
  mod: call('mod'),
  pow: call('pow'),
  maximum: byType({ f32: extreme('max'), i32: call('max'), u32: call('max'), bool: infix('||', 'u4_or') }),
  minimum: byType({ f32: extreme('min'), i32: call('min'), u32: call('min'), bool: infix('&&', 'u4_and') }),
  atan2: call('atan2'),
  eq: comparison('==', 'eq'),
  ne: comparison('!=', 'ne'),
  lt: comparison('<', 'lt'),
  le: comparison('<=', 'le'),
  gt: comparison('>', 'gt'),
  ge: comparison('>=', 'ge'),
  and: bits('&', '&&', 'u4_and'),
  or: bits('|', '||', 'u4_or'),
  xor: bits('^', '!=', 'u4_xor'),
  shiftLeft: anySign('shl'),
  shiftRight: call('shr'),
  where: ([c = missing(), a = missing(), b = missing()], { type, width }) =>
    width > 1 ? `${type === 'f32' ? 'f4' : 'u4'}_select(${c}, ${a}, ${b})` : `(${c} ? ${a} : ${b})`,
}

/** Returns the op applied to printed operands; `type` is that of the last operand. */
export function printOp(name: ScalarOp, args: readonly string[], type: ScalarType, width: Width): string {
  return spellings[name](args, { type, width })
}

/** Returns a value converted to another type. */
export function printCast(arg: string, from: ScalarType, to: ScalarType, width: Width): string {
  if (from === to) return arg
  if (width > 1) return vectorCast(arg, from, to)
  if (to === 'bool') return `(${arg} != 0)`
  if (from === 'f32') return `${to}_from_f32(${arg})`
  return `(${to === 'f32' ? 'float' : `${to.replace('u', 'uint').replace(/^i/, 'int')}_t`})${arg}`
}

function vectorCast(arg: string, from: ScalarType, to: ScalarType): string {
  if (to === 'bool') return from === 'f32' ? `f4_ne(${arg}, f4_splat(0.0f))` : `u4_ne(${arg}, u4_splat(0u))`
  if (from === 'f32') return `${to === 'i32' ? 'i4' : 'u4'}_from_f4(${arg})`
  if (to === 'f32') return from === 'bool' ? `f4_from_bool(${arg})` : `f4_from_${from === 'i32' ? 'i4' : 'u4'}(${arg})`
  return from === 'bool' ? `u4_and(${arg}, u4_splat(1u))` : arg
}

function byType(table: ByType): Spelling {
  return (args, context) => (table[context.type] ?? internalError(`no such op for ${context.type}`))(args, context)
}

const prefixes: { readonly [T in ScalarType]: readonly [scalar: string, vector: string] } = {
  f32: ['f32', 'f4'],
  i32: ['i32', 'i4'],
  u32: ['u32', 'u4'],
  bool: ['u32', 'u4'],
}

/** A function of the library for each type. */
function call(name: string): Spelling {
  return (args, { type, width }) => `${prefixes[type][width > 1 ? 1 : 0]}_${name}(${args.join(', ')})`
}

/** The same for both signs, where these are vectors. */
function anySign(name: string): Spelling {
  return (args, { type, width }) => `${width > 1 ? 'u4' : prefixes[type][0]}_${name}(${args.join(', ')})`
}

function infix(operator: string, vector: string): Spelling {
  return ([a = missing(), b = missing()], { width }) =>
    width > 1 ? `${vector}(${a}, ${b})` : `(${a} ${operator} ${b})`
}

/** Of truth values there are operators of their own. */
function bits(operator: string, logical: string, vector: string): Spelling {
  return (args, context) => infix(context.type === 'bool' ? logical : operator, vector)(args, context)
}

function prefix(operator: string, vector: string): Spelling {
  return ([a = missing()], { width }) => (width > 1 ? `${vector}(${a})` : `(${operator}${a})`)
}

function rounding(name: string): Spelling {
  return byType({ f32: call(name), i32: keep, u32: keep })
}

function keep([a = missing()]: readonly string[]): string {
  return a
}

function comparison(operator: string, name: string): Spelling {
  const isEquality = name === 'eq' || name === 'ne'
  return (args, context) => {
    if (context.width === 1) return infix(operator, '')(args, context)
    return (isEquality && context.type !== 'f32' ? anySign(name) : call(name))(args, context)
  }
}

function extreme(name: 'max' | 'min'): Spelling {
  return (args, context) => {
    const [a = missing(), b = missing()] = args
    // beside a constant that is no NaN the other operand may be returned as it is
    if (context.width > 1 && isNumber(b)) return `f4_p${name}(${a}, ${b})`
    if (context.width > 1 && isNumber(a)) return `f4_p${name}(${b}, ${a})`
    return call(name)(args, context)
  }
}

function isNumber(text: string): boolean {
  return /^f4_splat\(\(?(-?[\d.]+(e[+-]\d+)?f|f32_bits\(0x[7f]f800000u\))\)?\)$/.test(text)
}

function missing(): never {
  return internalError('an op without its operand')
}
