// float-ops: what routines are written with
//
// Short names for instructions. All round to nearest and keep numbers below the normals; none is fused or taken apart.

import type { Assembler, Operand } from './assembler.ts'
import { f32 } from './constants.ts'

type Unary = (x: Operand) => Operand
type Binary = (x: Operand, y: Operand) => Operand
type Ternary = (x: Operand, y: Operand, z: Operand) => Operand

/** Instructions by short names. */
export interface FloatOps {
  readonly asm: Assembler
  /** A constant, rounded to f32. */
  readonly c: (value: number) => Operand
  readonly add: Binary
  readonly sub: Binary
  readonly mul: Binary
  readonly div: Binary
  /** x * y + z, rounded once. */
  readonly fma: Ternary
  readonly neg: Unary
  readonly abs: Unary
  readonly sqrt: Unary
  /** Whole numbers, halves to even ones. */
  readonly round: Unary
  /** The larger; NaN where one is. */
  readonly max: Binary
  readonly min: Binary
  /** The magnitude of x with the sign of y. */
  readonly copySign: Binary
  /** A polynomial, the coefficient of the highest power first. */
  readonly horner: (at: Operand, ...coefficients: readonly number[]) => Operand
  /** Comparisons, false where an operand is NaN. */
  readonly lt: Binary
  readonly gt: Binary
  readonly eq: Binary
  readonly isNaN: Unary
  /** x where the predicate holds, else y. */
  readonly select: (predicate: Operand, x: Operand, y: Operand) => Operand
  readonly bits: Unary
  readonly fromBits: Unary
  /** A whole number as an integer. */
  readonly toInt: Unary
  readonly fromInt: Unary
  /** An integer instruction. */
  readonly int: (op: string, ...args: readonly Operand[]) => Operand
  /** A comparison of integers. */
  readonly test: (op: string, x: Operand, y: Operand) => Operand
  readonly and: Binary
  readonly or: Binary
  readonly xor: Binary
  readonly not: Unary
}

/** Returns the instructions of an assembler. */
export function floatOps(asm: Assembler): FloatOps {
  const float =
    (op: string) =>
    (...args: readonly Operand[]): Operand =>
      asm.pure('f32', op, ...args)
  const predicate =
    (op: string) =>
    (...args: readonly Operand[]): Operand =>
      asm.pure('pred', op, ...args)
  const c = (value: number): Operand => f32(Math.fround(value))
  const fma = float('fma.rn.f32')
  return {
    asm,
    c,
    fma,
    add: float('add.rn.f32'),
    sub: float('sub.rn.f32'),
    mul: float('mul.rn.f32'),
    div: float('div.rn.f32'),
    neg: float('neg.f32'),
    abs: float('abs.f32'),
    sqrt: float('sqrt.rn.f32'),
    round: float('cvt.rni.f32.f32'),
    max: float('max.NaN.f32'),
    min: float('min.NaN.f32'),
    // the instruction takes the sign first
    copySign: (x, y) => asm.pure('f32', 'copysign.f32', y, x),
    horner: (at, first = 0, ...rest) => rest.reduce<Operand>((sum, next) => fma(sum, at, c(next)), c(first)),
    lt: predicate('setp.lt.f32'),
    gt: predicate('setp.gt.f32'),
    eq: predicate('setp.eq.f32'),
    isNaN: (x) => asm.pure('pred', 'setp.nan.f32', x, x),
    select: (p, x, y) => asm.pure('f32', 'selp.f32', x, y, p),
    bits: (x) => asm.pure('b32', 'mov.b32', x),
    fromBits: float('mov.b32'),
    toInt: (x) => asm.pure('b32', 'cvt.rzi.s32.f32', x),
    fromInt: float('cvt.rn.f32.s32'),
    int: (op, ...args) => asm.pure('b32', op, ...args),
    test: (op, x, y) => asm.pure('pred', `setp.${op}`, x, y),
    and: predicate('and.pred'),
    or: predicate('or.pred'),
    xor: predicate('xor.pred'),
    not: predicate('not.pred'),
  }
}
