// scalar-ops: the elementwise primitives in WGSL
//
// A total table. Where a builtin means what the DSL means, it is used; everything else is a routine of the library.

import { internalError } from '../../base/invariant.ts'
import type { ScalarOp, ScalarType, Width } from '../../ir/kernel/kernel.ts'
import type { RoutineName } from './routines.ts'
import { type Text, call, operation, prefix, primary, product, sum } from './text.ts'
import { type CallRoutine, literal, splatText, typeName } from './types.ts'

/** What the spelling of an op depends on besides its operands. */
export interface OpContext {
  /** Of the operands. */
  readonly type: ScalarType
  readonly width: Width
  readonly routine: CallRoutine
}

type Spelling = (args: readonly Text[], context: OpContext) => Text
type ByType = { readonly [T in ScalarType]?: Spelling }

const keep: Spelling = (args) => first(args)

const spellings: { readonly [O in ScalarOp]: Spelling } = {
  neg: byType({
    f32: (args) => prefix('-', first(args)),
    i32: (args) => prefix('-', first(args)),
    u32: ([x], context) => sum(constant(0, context), '-', x ?? missing()),
  }),
  abs: byType({ f32: builtin('abs'), i32: builtin('abs'), u32: keep }),
  sign: byType({
    f32: routine('tj_sign'),
    i32: builtin('sign'),
    u32: (args, context) => call('min', first(args), constant(1, context)),
  }),
  floor: rounding('floor'),
  ceil: rounding('ceil'),
  trunc: rounding('trunc'),
  round: rounding('round'),
  exp: routine('tj_exp'),
  expm1: routine('tj_expm1'),
  log: routine('tj_log'),
  log1p: routine('tj_log1p'),
  sqrt: builtin('sqrt'),
  sin: routine('tj_sin'),
  cos: routine('tj_cos'),
  tan: routine('tj_tan'),
  asin: routine('tj_asin'),
  acos: routine('tj_acos'),
  atan: routine('tj_atan'),
  sinh: routine('tj_sinh'),
  cosh: routine('tj_cosh'),
  tanh: routine('tj_tanh'),
  erf: routine('tj_erf'),
  not: (args) => prefix('!', first(args)),
  bitNot: (args) => prefix('~', first(args)),
  isNaN: routine('tj_is_nan'),
  floatBits: reinterpreted('i32'),
  bitsFloat: reinterpreted('f32'),
  add: (args) => sum(first(args), '+', second(args)),
  sub: (args) => sum(first(args), '-', second(args)),
  mul: (args) => product(first(args), '*', second(args)),
  mulHigh: routine('tj_mul_high'),
  div: (args) => product(first(args), '/', second(args)),
  floorDiv: byType({
    f32: routine('tj_floor_div_f32'),
    i32: routine('tj_floor_div_i32'),
    u32: routine('tj_floor_div_u32'),
  }),
  mod: byType({ f32: routine('tj_mod_f32'), i32: routine('tj_mod_i32'), u32: routine('tj_mod_u32') }),
  pow: byType({ f32: routine('tj_pow'), i32: routine('tj_pow_i32'), u32: routine('tj_pow_u32') }),
  maximum: byType({ f32: routine('tj_max'), i32: builtin('max'), u32: builtin('max'), bool: infix('|') }),
  minimum: byType({ f32: routine('tj_min'), i32: builtin('min'), u32: builtin('min'), bool: infix('&') }),
  atan2: routine('tj_atan2'),
  eq: infix('=='),
  ne: byType({ f32: notEqual, i32: infix('!='), u32: infix('!='), bool: infix('!=') }),
  lt: infix('<'),
  le: infix('<='),
  gt: infix('>'),
  ge: infix('>='),
  and: infix('&'),
  or: infix('|'),
  xor: byType({ i32: infix('^'), u32: infix('^'), bool: infix('!=') }),
  shiftLeft: shift('<<'),
  shiftRight: shift('>>'),
  where: (args) => call('select', args[2] ?? missing(), second(args), first(args)),
}

/** Returns the op applied to printed operands. Throws where the op has no meaning for the type. */
export function printOp(op: ScalarOp, args: readonly Text[], context: OpContext): Text {
  return spellings[op](args, context)
}

type Conversions = { readonly [From in ScalarType]: { readonly [To in ScalarType]: Spelling } }

const conversions: Conversions = {
  f32: {
    f32: keep,
    i32: routine('tj_f32_to_i32'),
    u32: routine('tj_f32_to_u32'),
    bool: routine('tj_f32_to_bool'),
  },
  i32: { f32: value('f32'), i32: keep, u32: value('u32'), bool: isNotZero },
  u32: { f32: value('f32'), i32: value('i32'), u32: keep, bool: isNotZero },
  bool: { f32: value('f32'), i32: value('i32'), u32: value('u32'), bool: keep },
}

/** Returns a value of `context.type` converted to another type. */
export function printCast(arg: Text, to: ScalarType, context: OpContext): Text {
  return conversions[context.type][to]([arg], context)
}

function byType(table: ByType): Spelling {
  return (args, context) => {
    const spelling = table[context.type]
    return spelling === undefined ? internalError(`no such op for ${context.type}`) : spelling(args, context)
  }
}

function routine(name: RoutineName): Spelling {
  return (args, context) => context.routine(name, context.width, ...args)
}

function builtin(name: string): Spelling {
  return (args) => call(name, ...args)
}

function reinterpreted(to: ScalarType): Spelling {
  return (args, { width }) => call(`bitcast<${typeName(to, width)}>`, first(args))
}

function infix(operator: string): Spelling {
  return (args) => operation(first(args), operator, second(args))
}

/** Tint makes `!=` an ordered comparison, which is false where an operand is NaN. */
function notEqual(args: readonly Text[]): Text {
  return prefix('!', operation(first(args), '==', second(args)))
}

/** WGSL refuses constant shifts of 32 and more, and wants unsigned ones. */
function shift(operator: '<<' | '>>'): Spelling {
  return (args, { type, width }) => {
    const by = type === 'u32' ? second(args) : call(typeName('u32', width), second(args))
    return operation(first(args), operator, operation(by, '&', splatText('u32', width, primary('31u'))))
  }
}

function rounding(name: string): Spelling {
  return byType({ f32: builtin(name), i32: keep, u32: keep })
}

function value(to: ScalarType): Spelling {
  return ([arg], { width }) => call(typeName(to, width), arg ?? missing())
}

function isNotZero([arg]: readonly Text[], context: OpContext): Text {
  return operation(arg ?? missing(), '!=', constant(0, context))
}

function constant(n: number, { type, width }: OpContext): Text {
  return splatText(type, width, literal(type, n))
}

function first(args: readonly Text[]): Text {
  return args[0] ?? missing()
}

function second(args: readonly Text[]): Text {
  return args[1] ?? missing()
}

function missing(): never {
  return internalError('an op without its operand')
}
