// routines-trigonometric: sin, cos, tan and their inverses
//
// Arguments are reduced by three pieces of pi/2 (Cody and Waite); beyond what these are exact for by the bits of 2/pi
// (Payne and Hanek), on a path of its own. Polynomials after Cephes and FreeBSD.

import type { Operand } from './assembler.ts'
import { branch } from './control.ts'
import type { FloatOps } from './float-ops.ts'

/** Up to here a multiple of pi/2 is exact in three pieces. */
const LARGE = 65536

/** What is left of an angle within a quarter of pi, and in which quarter of the circle it is: the low two bits. */
interface Reduced {
  readonly r: Operand
  /** What r has lost in rounding. */
  readonly tail: Operand
  readonly quadrant: Operand
}

function reduce(f: FloatOps, a: Operand): Reduced {
  const { asm } = f
  const [r = '', tail = '', quadrant = ''] = asm.once(`reduce ${a}`, () => {
    const n = f.round(f.mul(a, f.c(2 / Math.PI)))
    const middle = f.fma(n, f.c(4.371139e-8), f.fma(n, f.c(-1.5707964), a))
    const near = f.fma(n, f.c(1.7151245e-15), middle)
    const lost = f.fma(n, f.c(1.7151245e-15), f.sub(middle, near))
    const rest = asm.mutable('f32')
    const below = asm.mutable('f32')
    const quarter = asm.mutable('b32')
    asm.emit('mov.f32', rest, [near])
    asm.emit('mov.f32', below, [lost])
    asm.emit('mov.b32', quarter, [f.toInt(n)])
    // infinities and NaN come back as anything
    branch(asm, f.test('gt.f32', a, f.c(LARGE)), () => {
      const large = reduceLarge(f, a)
      asm.assign('f32', rest, large.r)
      asm.assign('f32', below, large.tail)
      asm.assign('b32', quarter, large.quadrant)
    })
    return [rest, below, quarter]
  })
  return { r, tail, quadrant }
}

/** The bits of 2/pi after the point. */
const TWO_OVER_PI = [0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab]

function reduceLarge(f: FloatOps, a: Operand): Reduced {
  const { int } = f
  const b = f.bits(a)
  const m = int('or.b32', int('and.b32', b, String(0x7fffff)), String(0x800000))
  const at = int('sub.s32', int('shr.u32', b, '23'), '120')
  const first = int('shr.u32', at, '5')
  const shift = int('and.b32', at, '31')
  // four words from there on: exponents reach to the fourth
  const words = [0, 1, 2, 3].map((word) =>
    [1, 2, 3, 4].reduce<Operand>(
      (found, i) => int('selp.b32', String(TWO_OVER_PI[i + word] ?? 0), found, f.test('eq.s32', first, String(i))),
      String(TWO_OVER_PI[word] ?? 0),
    ),
  )
  const [w0 = '', w1 = '', w2 = ''] = [0, 1, 2].map((i) =>
    int('shf.l.wrap.b32', words[i + 1] ?? '', words[i] ?? '', shift),
  )
  const product = int('mul.lo.u32', m, w1)
  const low = int('add.u32', product, int('mul.hi.u32', m, w2))
  const carry = int('selp.b32', '1', '0', f.test('lt.u32', low, product))
  const high = int('add.u32', int('mad.lo.u32', m, w0, int('mul.hi.u32', m, w1)), carry)
  const quadrant = int('shr.u32', int('add.u32', high, String(0x20000000)), '30')
  const rest = int('sub.s32', high, int('shl.b32', quadrant, '30'))
  // 64 bits of a fraction, the upper ones signed, as a float and what that has lost
  const wide = f.asm.pure('b64', 'mov.b64', `{${low}, ${rest}}`)
  const rounded = f.asm.pure('f32', 'cvt.rn.f32.s64', wide)
  const left = f.asm.pure('b64', 'sub.s64', wide, f.asm.pure('b64', 'cvt.rzi.s64.f32', rounded))
  const lost = f.asm.pure('f32', 'cvt.rn.f32.s64', left)
  // 2 to the -62 of a quarter of the circle is pi/2 times as much of an angle
  const [unit, unitTail] = [Math.fround(QUARTER_UNIT), QUARTER_UNIT - Math.fround(QUARTER_UNIT)]
  const r = f.mul(rounded, f.c(unit))
  const tail = f.fma(rounded, f.c(unitTail), f.fma(lost, f.c(unit), f.fma(rounded, f.c(unit), f.neg(r))))
  return { r, tail, quadrant }
}

const QUARTER_UNIT = (Math.PI / 2) * 2 ** -62

function sinNear(f: FloatOps, r: Operand): Operand {
  const z = f.mul(r, r)
  return f.fma(f.mul(z, r), f.horner(z, -1.9515296e-4, 8.332161e-3, -1.6666655e-1), r)
}

function cosNear(f: FloatOps, r: Operand): Operand {
  const z = f.mul(r, r)
  const p = f.horner(z, 2.4433157e-5, -1.3887316e-3, 4.1666646e-2)
  return f.fma(f.mul(z, z), p, f.fma(z, f.c(-0.5), f.c(1)))
}

/** The number with its sign turned where bit 1 of `bits` is set. */
function turned(f: FloatOps, x: Operand, bits: Operand): Operand {
  const sign = f.int('shl.b32', f.int('and.b32', bits, '2'), '30')
  return f.fromBits(f.int('xor.b32', f.bits(x), sign))
}

function isOdd(f: FloatOps, bits: Operand): Operand {
  return f.test('ne.s32', f.int('and.b32', bits, '1'), '0')
}

/** NaN where x is not finite, else y. */
function ofFinite(f: FloatOps, x: Operand, y: Operand): Operand {
  return f.select(f.lt(f.abs(x), f.c(Infinity)), y, f.c(Number.NaN))
}

/** Returns the sine. */
export function sin(f: FloatOps, x: Operand): Operand {
  const { r, quadrant } = reduce(f, f.abs(x))
  const s = turned(f, f.select(isOdd(f, quadrant), cosNear(f, r), sinNear(f, r)), quadrant)
  const signed = f.fromBits(f.int('xor.b32', f.bits(s), f.int('and.b32', f.bits(x), String(-(2 ** 31)))))
  return ofFinite(f, x, signed)
}

/** Returns the cosine. */
export function cos(f: FloatOps, x: Operand): Operand {
  const { r, quadrant } = reduce(f, f.abs(x))
  const next = f.int('add.s32', quadrant, '1')
  const c = turned(f, f.select(isOdd(f, next), cosNear(f, r), sinNear(f, r)), next)
  return ofFinite(f, x, c)
}

/** Returns the tangent. */
export function tan(f: FloatOps, x: Operand): Operand {
  const { r, tail, quadrant } = reduce(f, f.abs(x))
  const z = f.mul(r, r)
  const p = f.horner(
    z,
    9.38540185543e-3,
    3.11992232697e-3,
    2.44301354525e-2,
    5.34112807005e-2,
    1.33387994085e-1,
    3.33331568548e-1,
  )
  const near = f.fma(f.mul(z, r), p, f.fma(tail, z, tail))
  const t = f.add(r, near)
  const own = f.select(isOdd(f, quadrant), f.div(f.c(-1), t), t)
  const signed = f.fromBits(f.int('xor.b32', f.bits(own), f.int('and.b32', f.bits(x), String(-(2 ** 31)))))
  return ofFinite(f, x, signed)
}

/** (asin(sqrt(z)) / sqrt(z)) - 1, for z up to 1/4. */
function asinTail(f: FloatOps, z: Operand): Operand {
  return f.mul(z, f.horner(z, 4.2163199048e-2, 2.4181311049e-2, 4.5470025998e-2, 7.4953002686e-2, 1.6666752422e-1))
}

/** Returns the arc sine. */
export function asin(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const isFar = f.gt(a, f.c(0.5))
  const z = f.select(isFar, f.fma(a, f.c(-0.5), f.c(0.5)), f.mul(a, a))
  const s = f.select(isFar, f.sqrt(z), a)
  const y = f.fma(s, asinTail(f, z), s)
  const far = f.sub(f.c(1.57079637), f.fma(f.c(2), y, f.c(4.3711388e-8)))
  return f.copySign(f.select(isFar, far, y), x)
}

/** Returns the arc cosine. */
export function acos(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const isFar = f.gt(a, f.c(0.5))
  const z = f.select(isFar, f.fma(a, f.c(-0.5), f.c(0.5)), f.mul(a, a))
  const s = f.select(isFar, f.sqrt(z), x)
  const y = f.fma(s, asinTail(f, z), s)
  const near = f.sub(f.c(1.57079637), f.add(y, f.c(4.3711388e-8)))
  const twice = f.add(y, y)
  const below = f.sub(f.c(3.14159274), f.add(twice, f.c(8.7422777e-8)))
  return f.select(isFar, f.select(f.lt(x, f.c(0)), below, twice), near)
}

/** The arc tangent of a quotient b / a of numbers that are not negative, b not more than a. */
function atanOfQuotient(f: FloatOps, t: Operand): Operand {
  const isUpper = f.gt(t, f.c(0.41421354))
  const moved = f.div(f.sub(t, f.c(1)), f.add(t, f.c(1)))
  const r = f.select(isUpper, moved, t)
  const z = f.mul(r, r)
  const p = f.mul(f.mul(z, r), f.horner(z, 8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1))
  const near = f.add(r, p)
  return f.select(isUpper, f.add(f.c(0.78539819), f.add(near, f.c(-2.1855694e-8))), near)
}

/** Returns the arc tangent. */
export function atan(f: FloatOps, x: Operand): Operand {
  const a = f.abs(x)
  const isFar = f.gt(a, f.c(1))
  const y = atanOfQuotient(f, f.select(isFar, f.div(f.c(1), a), a))
  const far = f.sub(f.c(1.57079637), f.add(y, f.c(4.3711388e-8)))
  return f.copySign(f.select(isFar, far, y), x)
}

/** Returns the angle of the point (y, x). */
export function atan2(f: FloatOps, y: Operand, x: Operand): Operand {
  const isLarge = f.gt(f.max(f.abs(x), f.abs(y)), f.c(1e37))
  const scale = f.select(isLarge, f.c(0.0625), f.c(1))
  const [a, b] = [f.mul(f.abs(y), scale), f.mul(f.abs(x), scale)]
  const [low, high] = [f.min(a, b), f.max(a, b)]
  const quotient = f.div(low, f.select(f.eq(high, f.c(0)), f.c(1), high))
  const t = f.select(f.eq(low, f.c(Infinity)), f.c(1), quotient)
  const near = atanOfQuotient(f, t)
  const steep = f.select(f.gt(a, b), f.sub(f.c(1.57079637), f.add(near, f.c(4.3711388e-8))), near)
  const isLeft = f.test('lt.s32', f.bits(x), '0')
  const left = f.select(isLeft, f.sub(f.c(3.14159274), f.add(steep, f.c(8.7422777e-8))), steep)
  const isNone = f.or(f.isNaN(x), f.isNaN(y))
  return f.select(isNone, f.c(Number.NaN), f.copySign(left, y))
}
