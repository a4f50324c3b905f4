// routines-exponential: exp, log and what is made of them
//
// Arguments are reduced exactly, the rest is a short polynomial; special values are selected in, so that there are no
// branches. exp after Cephes' expf, logarithms after FreeBSD's k_logf, tanh after Cephes, erf after N. Juffa: the same
// reductions and polynomials as the other targets have, with one rounding where they have two.

import type { Operand } from './assembler.ts'
import type { FloatOps } from './float-ops.ts'

const LOG2_E = 1.442695
/** ln 2 in two parts: a product of the first with a small whole number is exact. */
const LN2_HIGH = 0.693359375
const LN2_LOW = -0.00021219444

/** x = n ln 2 + r: returns n and r. */
function reduce(f: FloatOps, x: Operand): { readonly n: Operand; readonly r: Operand } {
  const n = f.round(f.mul(x, f.c(LOG2_E)))
  return { n, r: f.fma(n, f.c(-LN2_LOW), f.fma(n, f.c(-LN2_HIGH), x)) }
}

/** 2 to the n, an integer between -126 and 127. */
function powerOfTwo(f: FloatOps, n: Operand): Operand {
  return f.fromBits(f.int('shl.b32', f.int('add.s32', n, '127'), '23'))
}

/** Returns y times 2 to the n, in two steps: their product may be where neither factor is. */
export function scaled(f: FloatOps, y: Operand, n: Operand): Operand {
  const half = f.int('shr.s32', n, '1')
  return f.mul(f.mul(y, powerOfTwo(f, half)), powerOfTwo(f, f.int('sub.s32', n, half)))
}

/** Returns e to the x. */
export function exp(f: FloatOps, x: Operand): Operand {
  const { n, r } = reduce(f, f.min(f.max(x, f.c(-104)), f.c(89)))
  const p = f.horner(r, 1.9875691e-4, 1.3981999e-3, 8.333452e-3, 4.1665795e-2, 1.6666665e-1, 5.0000001e-1)
  const y = f.add(f.fma(f.mul(r, r), p, r), f.c(1))
  return scaled(f, y, f.toInt(n))
}

/** Returns e to the x, minus 1. */
export function expm1(f: FloatOps, x: Operand): Operand {
  const { n, r } = reduce(f, f.min(f.max(x, f.c(-18)), f.c(20)))
  const p = f.mul(r, f.horner(r, 0.0001984127, 0.0013888889, 0.008333334, 0.041666668, 0.16666667))
  const s = powerOfTwo(f, f.toInt(n))
  const near = f.fma(s, f.fma(f.mul(r, r), f.add(f.c(0.5), p), r), f.sub(s, f.c(1)))
  const far = f.select(f.gt(x, f.c(20)), f.sub(exp(f, x), f.c(1)), near)
  return f.select(f.lt(f.abs(x), f.c(1e-7)), x, f.select(f.lt(x, f.c(-18)), f.c(-1), far))
}

/** log1p(x) - x, for 1 + x between sqrt(1/2) and sqrt(2). */
function logTail(f: FloatOps, x: Operand): Operand {
  const s = f.div(x, f.add(f.c(2), x))
  const z = f.mul(s, s)
  const w = f.mul(z, z)
  const h = f.mul(f.mul(f.c(0.5), x), x)
  const even = f.fma(w, f.fma(w, f.c(0.24279079), f.c(0.40000972)), h)
  const all = f.fma(z, f.fma(w, f.c(0.28498787), f.c(0.6666666)), even)
  return f.fma(s, all, f.neg(h))
}

/** Returns the natural logarithm. */
export function log(f: FloatOps, x: Operand): Operand {
  const isSmall = f.lt(x, f.c(2 ** -126))
  const normal = f.select(isSmall, f.mul(x, f.c(2 ** 23)), x)
  const i = f.int('sub.s32', f.bits(normal), String(0x3f3504f3))
  const k = f.int('add.s32', f.int('shr.s32', i, '23'), f.int('selp.b32', '-23', '0', isSmall))
  const n = f.fromInt(k)
  const near = f.fromBits(f.int('add.s32', f.int('and.b32', i, String(0x7fffff)), String(0x3f3504f3)))
  const rest = f.sub(near, f.c(1))
  const low = f.add(rest, f.fma(n, f.c(0.0000090580006), logTail(f, rest)))
  const y = f.fma(n, f.c(0.69313812), low)
  const ofPositive = f.select(f.lt(x, f.c(Infinity)), y, x)
  const ofZero = f.select(f.eq(x, f.c(0)), f.c(-Infinity), ofPositive)
  return f.select(f.lt(x, f.c(0)), f.c(Number.NaN), ofZero)
}

/** Returns the natural logarithm of 1 + x. */
export function log1p(f: FloatOps, x: Operand): Operand {
  const isNear = f.and(f.gt(x, f.c(-0.2928932)), f.lt(x, f.c(0.41421354)))
  const near = f.select(isNear, x, f.c(0))
  return f.select(isNear, f.add(near, logTail(f, near)), log(f, f.add(f.c(1), x)))
}

/** Half of e to the a, for a up to 90: in two factors, of which neither is too large. */
function halfExp(f: FloatOps, a: Operand): Operand {
  const half = exp(f, f.mul(f.c(0.5), a))
  return f.mul(f.mul(f.c(0.5), half), half)
}

/** Returns the hyperbolic sine. */
export function sinh(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const t = expm1(f, f.min(a, f.c(1)))
  const near = f.mul(f.c(0.5), f.add(t, f.div(t, f.add(t, f.c(1)))))
  const e = exp(f, a)
  const middle = f.fma(f.c(0.5), e, f.neg(f.div(f.c(0.5), e)))
  const far = f.select(f.gt(a, f.c(88)), halfExp(f, a), middle)
  return f.copySign(f.select(f.lt(a, f.c(1)), near, far), x)
}

/** Returns the hyperbolic cosine. */
export function cosh(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const e = exp(f, a)
  const near = f.fma(f.c(0.5), e, f.div(f.c(0.5), e))
  return f.select(f.gt(a, f.c(88)), halfExp(f, a), near)
}

/** Returns the hyperbolic tangent. */
export function tanh(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const z = f.mul(x, x)
  const p = f.mul(z, f.horner(z, -0.0057049887, 0.020639088, -0.053739715, 0.13331442, -0.33333282))
  const near = f.fma(a, p, a)
  const far = f.sub(f.c(1), f.div(f.c(2), f.add(exp(f, f.add(a, a)), f.c(1))))
  return f.copySign(f.select(f.lt(a, f.c(0.625)), near, far), x)
}

/** Returns the error function. */
export function erf(f: FloatOps, x: Operand): Operand {
  const t = f.abs(x)
  const s = f.mul(x, x)
  const u = f.fma(t, f.c(-0.00388396438), f.c(0.0242546219))
  const v = f.fma(f.fma(t, f.c(-0.000017285347), f.c(0.000383197126)), s, u)
  const r = f.fma(f.fma(f.fma(v, t, f.c(-0.106777877)), t, f.c(-0.634846687)), t, f.c(-0.128717512))
  const middle = f.sub(f.c(1), exp(f, f.fma(r, t, f.neg(t))))
  const far = f.copySign(f.select(f.gt(t, f.c(4)), f.c(1), middle), x)
  const p = f.horner(s, -0.000596761703, 0.00499119423, -0.0267681349, 0.112819925, -0.376125336, 0.128379166)
  return f.select(f.gt(t, f.c(0.92773438)), far, f.fma(x, p, x))
}
