// scalar-ops: the elementwise primitives in PTX
//
// A total table. Instructions that round are named with their rounding, so that nothing is fused behind our back.

import { internalError } from '../../base/invariant.ts'
import type { ScalarOp, ScalarType } from '../../ir/kernel/kernel.ts'
import type { Operand } from './assembler.ts'
import type { FloatOps } from './float-ops.ts'
import { floorDivide, floorRest } from './integer-division.ts'
import { floorDiv, mod } from './routines-division.ts'
import { cosh, erf, exp, expm1, log, log1p, sinh, tanh } from './routines-exponential.ts'
import { integerPower, pow } from './routines-power.ts'
import { acos, asin, atan, atan2, cos, sin, tan } from './routines-trigonometric.ts'

type Spelling = (f: FloatOps, args: readonly Operand[], type: ScalarType) => Operand
type ByType = { readonly [T in ScalarType]?: Spelling }

const keep: Spelling = (_, [x = missing()]) => x

const spellings: { readonly [O in ScalarOp]: Spelling } = {
  neg: byType({ f32: float('neg.f32'), i32: integer('neg.s32'), u32: integer('neg.s32') }),
  abs: byType({ f32: float('abs.f32'), i32: integer('abs.s32'), u32: keep }),
  sign: byType({
    f32: (f, [x = missing()]) => f.select(f.gt(x, f.c(0)), f.c(1), f.select(f.lt(x, f.c(0)), f.c(-1), x)),
    i32: (f, [x = missing()]) => f.int('max.s32', f.int('min.s32', x, '1'), '-1'),
    u32: (f, [x = missing()]) => f.int('min.u32', x, '1'),
  }),
  floor: byType({ f32: float('cvt.rmi.f32.f32'), i32: keep, u32: keep }),
  ceil: byType({ f32: float('cvt.rpi.f32.f32'), i32: keep, u32: keep }),
  trunc: byType({ f32: float('cvt.rzi.f32.f32'), i32: keep, u32: keep }),
  round: byType({ f32: float('cvt.rni.f32.f32'), i32: keep, u32: keep }),
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log),
  log1p: unary(log1p),
  sqrt: float('sqrt.rn.f32'),
  sin: unary(sin),
  cos: unary(cos),
  tan: unary(tan),
  asin: unary(asin),
  acos: unary(acos),
  atan: unary(atan),
  sinh: unary(sinh),
  cosh: unary(cosh),
  tanh: unary(tanh),
  erf: unary(erf),
  not: predicate('not.pred'),
  bitNot: integer('not.b32'),
  isNaN: (f, [x = missing()]) => f.isNaN(x),
  floatBits: (f, [x = missing()]) => f.bits(x),
  bitsFloat: (f, [x = missing()]) => f.fromBits(x),
  add: arithmetic('add.rn.f32', 'add.s32'),
  sub: arithmetic('sub.rn.f32', 'sub.s32'),
  mul: arithmetic('mul.rn.f32', 'mul.lo.s32'),
  mulHigh: integer('mul.hi.u32'),
  div: float('div.rn.f32'),
  floorDiv: byType({ f32: binary(floorDiv), i32: division(floorDivide, 's32'), u32: division(floorDivide, 'u32') }),
  mod: byType({ f32: binary(mod), i32: division(floorRest, 's32'), u32: division(floorRest, 'u32') }),
  pow: byType({
    f32: binary(pow),
    i32: (f, [x = missing(), y = missing()]) => integerPower(f, 's32', x, y),
    u32: (f, [x = missing(), y = missing()]) => integerPower(f, 'u32', x, y),
  }),
  maximum: byType({
    f32: float('max.NaN.f32'),
    i32: integer('max.s32'),
    u32: integer('max.u32'),
    bool: predicate('or.pred'),
  }),
  minimum: byType({
    f32: float('min.NaN.f32'),
    i32: integer('min.s32'),
    u32: integer('min.u32'),
    bool: predicate('and.pred'),
  }),
  atan2: binary(atan2),
  eq: byType({
    f32: predicate('setp.eq.f32'),
    i32: predicate('setp.eq.s32'),
    u32: predicate('setp.eq.u32'),
    bool: (f, [x = missing(), y = missing()]) => f.not(f.xor(x, y)),
  }),
  // true where an operand is NaN
  ne: byType({
    f32: predicate('setp.neu.f32'),
    i32: predicate('setp.ne.s32'),
    u32: predicate('setp.ne.u32'),
    bool: predicate('xor.pred'),
  }),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  and: bitwise('and'),
  or: bitwise('or'),
  xor: bitwise('xor'),
  shiftLeft: shift({ i32: 'shl.b32', u32: 'shl.b32' }),
  shiftRight: shift({ i32: 'shr.s32', u32: 'shr.u32' }),
  where: (f, [p = missing(), x = missing(), y = missing()], type) => choose(f, type, p, x, y),
}

/** Returns the result of an op, one component; `type` is that of its operands. */
export function printOp(op: ScalarOp, args: readonly Operand[], type: ScalarType, f: FloatOps): Operand {
  return spellings[op](f, args, type)
}

type Conversions = { readonly [From in ScalarType]: { readonly [To in ScalarType]: Spelling } }

const isNotZero: Spelling = (f, [x = missing()]) => f.test('ne.s32', x, '0')
const fromBool: Spelling = (f, [x = missing()]) => f.int('selp.b32', '1', '0', x)

// what is too large becomes the largest, NaN 0
const conversions: Conversions = {
  f32: {
    f32: keep,
    i32: integer('cvt.rzi.s32.f32'),
    u32: integer('cvt.rzi.u32.f32'),
    bool: (f, [x = missing()]) => f.test('neu.f32', x, f.c(0)),
  },
  i32: { f32: float('cvt.rn.f32.s32'), i32: keep, u32: keep, bool: isNotZero },
  u32: { f32: float('cvt.rn.f32.u32'), i32: keep, u32: keep, bool: isNotZero },
  bool: {
    f32: (f, [x = missing()]) => f.select(x, f.c(1), f.c(0)),
    i32: fromBool,
    u32: fromBool,
    bool: keep,
  },
}

/** Returns one component converted to another type. */
export function printCast(arg: Operand, from: ScalarType, to: ScalarType, f: FloatOps): Operand {
  return conversions[from][to](f, [arg], from)
}

function byType(table: ByType): Spelling {
  return (f, args, type) => (table[type] ?? internalError(`no such op for ${type}`))(f, args, type)
}

function unary(routine: (f: FloatOps, x: Operand) => Operand): Spelling {
  return (f, [x = missing()]) => routine(f, x)
}

function binary(routine: (f: FloatOps, x: Operand, y: Operand) => Operand): Spelling {
  return (f, [x = missing(), y = missing()]) => routine(f, x, y)
}

function division(routine: typeof floorDivide, type: 's32' | 'u32'): Spelling {
  return (f, [x = missing(), y = missing()]) => routine(type, x, y, f.asm)
}

function float(op: string): Spelling {
  return (f, args) => f.asm.pure('f32', op, ...args)
}

function integer(op: string): Spelling {
  return (f, args) => f.int(op, ...args)
}

function predicate(op: string): Spelling {
  return (f, args) => f.asm.pure('pred', op, ...args)
}

function arithmetic(ofFloats: string, ofIntegers: string): Spelling {
  return byType({ f32: float(ofFloats), i32: integer(ofIntegers), u32: integer(ofIntegers) })
}

function comparison(name: string): Spelling {
  return byType({
    f32: predicate(`setp.${name}.f32`),
    i32: predicate(`setp.${name}.s32`),
    u32: predicate(`setp.${name}.u32`),
  })
}

function bitwise(name: string): Spelling {
  return byType({ i32: integer(`${name}.b32`), u32: integer(`${name}.b32`), bool: predicate(`${name}.pred`) })
}

/** Counts are modulo 32; the instruction shifts everything out from 32 on. */
function shift(names: { readonly i32: string; readonly u32: string }): Spelling {
  return (f, [x = missing(), by = missing()], type) => {
    const count = /^\d+$/.test(by) ? String(Number(by) & 31) : f.int('and.b32', by, '31')
    return f.int(type === 'u32' ? names.u32 : names.i32, x, count)
  }
}

function choose(f: FloatOps, type: ScalarType, p: Operand, x: Operand, y: Operand): Operand {
  if (type === 'f32') return f.select(p, x, y)
  if (type !== 'bool') return f.int('selp.b32', x, y, p)
  return f.or(f.and(p, x), f.and(f.not(p), y))
}

function missing(): never {
  return internalError('an op without its operand')
}
