// scalar-ops: the elementwise primitives in WebAssembly
//
// A total table, by the type of the operands. Scalars and vectors of four lanes have the same spelling where the
// instruction sets agree; transcendental functions exist for vectors, and a scalar is one lane of them.

import { internalError } from '../../base/invariant.ts'
import type { ScalarOp, ScalarType, Width } from '../../ir/kernel/kernel.ts'
import { constant, op } from './wat.ts'

/** What the spelling of an op depends on besides its operands. */
interface OpContext {
  /** Of the operands. */
  readonly type: ScalarType
  readonly width: Width
}

type Spelling = (args: readonly string[], context: OpContext) => string
type ByType = { readonly [T in ScalarType]?: Spelling }

const spellings: { readonly [O in ScalarOp]: Spelling } = {
  neg: byType({ f32: plain('neg'), i32: negate, u32: negate }),
  abs: byType({ f32: plain('abs'), i32: absolute, u32: keep }),
  sign: byType({ f32: signOfFloat, i32: signOfInteger, u32: (args, at) => minimumOf('u32', args[0], one(at), at) }),
  floor: rounding('floor'),
  ceil: rounding('ceil'),
  trunc: rounding('trunc'),
  round: rounding('nearest'),
  exp: vectorRoutine('exp'),
  expm1: vectorRoutine('expm1'),
  log: vectorRoutine('log'),
  log1p: vectorRoutine('log1p'),
  sqrt: byType({ f32: plain('sqrt') }),
  sin: vectorRoutine('sin'),
  cos: vectorRoutine('cos'),
  tan: vectorRoutine('tan'),
  asin: vectorRoutine('asin'),
  acos: vectorRoutine('acos'),
  atan: vectorRoutine('atan'),
  sinh: vectorRoutine('sinh'),
  cosh: vectorRoutine('cosh'),
  tanh: vectorRoutine('tanh'),
  erf: vectorRoutine('erf'),
  not: invert,
  bitNot: (args, at) => bitwise('xor', [at0(args), ones(at)], at),
  floatBits: (args, { width }) => (width > 1 ? at0(args) : op('i32.reinterpret_f32', at0(args))),
  bitsFloat: (args, { width }) => (width > 1 ? at0(args) : op('f32.reinterpret_i32', at0(args))),
  isNaN: ([x = missing()], at) => compare('ne', [x, x], at),
  add: arithmetic('add'),
  sub: arithmetic('sub'),
  mul: arithmetic('mul'),
  mulHigh: highProduct,
  div: byType({ f32: plain('div'), i32: laneRoutine('floor_div_i32'), u32: laneRoutine('floor_div_u32') }),
  floorDiv: byType({
    f32: vectorRoutine('floorDiv'),
    i32: laneRoutine('floor_div_i32'),
    u32: laneRoutine('floor_div_u32'),
  }),
  mod: byType({ f32: vectorRoutine('mod'), i32: laneRoutine('mod_i32'), u32: laneRoutine('mod_u32') }),
  pow: byType({ f32: vectorRoutine('pow'), i32: laneRoutine('pow_i32'), u32: laneRoutine('pow_u32') }),
  maximum: extreme('max'),
  minimum: extreme('min'),
  atan2: vectorRoutine('atan2'),
  eq: comparison('eq'),
  ne: comparison('ne'),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  and: (args, at) => bitwise('and', args, at),
  or: (args, at) => bitwise('or', args, at),
  xor: (args, at) => bitwise('xor', args, at),
  shiftLeft: shift('shl'),
  shiftRight: byType({ i32: shift('shr_s'), u32: shift('shr_u') }),
  where: ([condition = missing(), yes = missing(), no = missing()], { width }) =>
    width > 1 ? op('v128.bitselect', yes, no, condition) : op('select', yes, no, condition),
}

/** Ops whose spelling may name an operand twice: their operands have to be locals or constants. */
export const namesOperandsTwice: ReadonlySet<ScalarOp> = new Set([
  'abs',
  'sign',
  'isNaN',
  'maximum',
  'minimum',
  'mulHigh',
  'shiftLeft',
  'shiftRight',
])

/** Returns the op applied to printed operands; `type` is that of the last operand. */
export function printOp(name: ScalarOp, args: readonly string[], type: ScalarType, width: Width): string {
  return spellings[name](args, { type, width })
}

/** Returns a value converted to another type. */
export function printCast(arg: string, from: ScalarType, to: ScalarType, width: Width): string {
  const isVector = width > 1
  if (from === to) return arg
  if (to === 'bool') return compare('ne', [arg, constant(from, width, 0)], { type: from, width })
  if (from === 'bool' && isVector) return op('v128.and', arg, constant(to, width, 1))
  if (from === 'bool') return to === 'f32' ? op('f32.convert_i32_u', arg) : arg
  if (from === 'f32') {
    const sign = to === 'i32' ? 's' : 'u'
    return op(isVector ? `i32x4.trunc_sat_f32x4_${sign}` : `i32.trunc_sat_f32_${sign}`, arg)
  }
  if (to === 'f32') {
    const sign = from === 'i32' ? 's' : 'u'
    return op(isVector ? `f32x4.convert_i32x4_${sign}` : `f32.convert_i32_${sign}`, arg)
  }
  return arg
}

function byType(table: ByType): Spelling {
  return (args, context) => (table[context.type] ?? internalError(`no such op for ${context.type}`))(args, context)
}

function keep(args: readonly string[]): string {
  return at0(args)
}

/** `i32` or `i32x4`. */
function prefix({ type, width }: OpContext): string {
  return `${type === 'f32' ? 'f32' : 'i32'}${width > 1 ? 'x4' : ''}`
}

function plain(name: string): Spelling {
  return (args, context) => op(`${prefix(context)}.${name}`, ...args)
}

function arithmetic(name: 'add' | 'sub' | 'mul'): Spelling {
  return byType({ f32: plain(name), i32: plain(name), u32: plain(name) })
}

function rounding(name: string): Spelling {
  return byType({ f32: plain(name), i32: keep, u32: keep })
}

function negate(args: readonly string[], context: OpContext): string {
  return context.width > 1 ? op('i32x4.neg', at0(args)) : op('i32.sub', constant(context.type, 1, 0), at0(args))
}

function absolute(args: readonly string[], context: OpContext): string {
  if (context.width > 1) return op('i32x4.abs', at0(args))
  const sign = op('i32.shr_s', at0(args), '(i32.const 31)')
  return op('i32.sub', op('i32.xor', at0(args), sign), sign)
}

function signOfFloat([x = missing()]: readonly string[], context: OpContext): string {
  const zero = constant('f32', context.width, 0)
  const by = (mask: string, value: number, otherwise: string): string =>
    choose(mask, constant('f32', context.width, value), otherwise, context)
  return by(compare('lt', [x, zero], context), -1, by(compare('gt', [x, zero], context), 1, x))
}

function signOfInteger([x = missing()]: readonly string[], context: OpContext): string {
  const zero = constant('i32', context.width, 0)
  if (context.width > 1) return op('i32x4.sub', op('i32x4.lt_s', x, zero), op('i32x4.gt_s', x, zero))
  return op('i32.sub', op('i32.gt_s', x, zero), op('i32.lt_s', x, zero))
}

function choose(mask: string, yes: string, no: string, { width }: OpContext): string {
  return width > 1 ? op('v128.bitselect', yes, no, mask) : op('select', yes, no, mask)
}

/** A routine for four lanes; a scalar is the first of them. */
function vectorRoutine(name: string): Spelling {
  return (args, { width }) => {
    if (width > 1) return op(`call $${name}`, ...args)
    return op('f32x4.extract_lane 0', op(`call $${name}`, ...args.map((arg) => op('f32x4.splat', arg))))
  }
}

function laneRoutine(name: string): Spelling {
  return (args, { width }) => op(`call $${width > 1 ? `lanes_${name}` : name}`, ...args)
}

function invert(args: readonly string[], { width }: OpContext): string {
  return width > 1 ? op('v128.not', at0(args)) : op('i32.eqz', at0(args))
}

function bitwise(name: 'and' | 'or' | 'xor', args: readonly string[], { width }: OpContext): string {
  return op(`${width > 1 ? 'v128' : 'i32'}.${name}`, ...args)
}

function comparison(name: string): Spelling {
  return (args, context) => compare(name, args, context)
}

function compare(name: string, args: readonly string[], context: OpContext): string {
  const { type } = context
  const hasSign = type !== 'f32' && name !== 'eq' && name !== 'ne'
  // truth in a vector is -1: false is the greater number there, so bools compare unsigned
  const sign = hasSign ? (type === 'i32' ? '_s' : '_u') : ''
  return op(`${prefix(context)}.${name}${sign}`, ...args)
}

function extreme(name: 'min' | 'max'): Spelling {
  return ([a = missing(), b = missing()], context) => {
    const { type, width } = context
    if (type === 'bool') return bitwise(name === 'max' ? 'or' : 'and', [a, b], context)
    if (type !== 'f32') return name === 'min' ? minimumOf(type, a, b, context) : maximumOf(type, a, b, context)
    // with a constant that is no NaN one instruction keeps the NaN of the other
    if (width > 1 && /^\(v128\.const f32x4 (?!nan)/.test(b)) return op(`f32x4.p${name}`, a, b)
    if (width > 1 && /^\(v128\.const f32x4 (?!nan)/.test(a)) return op(`f32x4.p${name}`, b, a)
    return op(`${prefix(context)}.${name}`, a, b)
  }
}

function minimumOf(type: ScalarType, a: string | undefined, b: string, { width }: OpContext): string {
  const sign = type === 'i32' ? 's' : 'u'
  if (width > 1) return op(`i32x4.min_${sign}`, a ?? missing(), b)
  return op('select', a ?? missing(), b, op(`i32.lt_${sign}`, a ?? missing(), b))
}

function maximumOf(type: ScalarType, a: string, b: string, { width }: OpContext): string {
  const sign = type === 'i32' ? 's' : 'u'
  if (width > 1) return op(`i32x4.max_${sign}`, a, b)
  return op('select', a, b, op(`i32.gt_${sign}`, a, b))
}

/** WebAssembly takes shift counts modulo 32, as the DSL does; a vector shifts by one count for all lanes. */
function shift(name: 'shl' | 'shr_s' | 'shr_u'): Spelling {
  return ([value = missing(), by = missing()], { width }) => {
    if (width === 1) return op(`i32.${name}`, value, by)
    const uniform = /^\(v128\.const i32x4 (-?\d+) \1 \1 \1\)$/.exec(by)?.[1] ?? /^\(i32x4\.splat (.*)\)$/s.exec(by)?.[1]
    if (uniform !== undefined)
      return op(`i32x4.${name}`, value, /^-?\d+$/.test(uniform) ? `(i32.const ${uniform})` : uniform)
    const lane = (i: number): string =>
      op(`i32.${name}`, op(`i32x4.extract_lane ${i}`, value), op(`i32x4.extract_lane ${i}`, by))
    return [1, 2, 3].reduce((vector, i) => op(`i32x4.replace_lane ${i}`, vector, lane(i)), op('i32x4.splat', lane(0)))
  }
}

/** Of 64 bits: two lanes at a time, of whose products the upper halves are put together. */
function highProduct([a = missing(), b = missing()]: readonly string[], { width }: OpContext): string {
  if (width > 1) {
    const [low, high] = ['low', 'high'].map((half) => op(`i64x2.extmul_${half}_i32x4_u`, a, b))
    return op('i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31', low ?? missing(), high ?? missing())
  }
  const product = op('i64.mul', op('i64.extend_i32_u', a), op('i64.extend_i32_u', b))
  return op('i32.wrap_i64', op('i64.shr_u', product, '(i64.const 32)'))
}

function one({ type, width }: OpContext): string {
  return constant(type, width, 1)
}

function ones({ type, width }: OpContext): string {
  return constant(type, width, -1)
}

function at0(args: readonly string[]): string {
  return args[0] ?? missing()
}

function missing(): never {
  return internalError('an op without its operand')
}
