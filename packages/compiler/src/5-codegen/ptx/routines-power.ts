// routines-power: powers
//
// Of floats after FreeBSD's e_powf: log2 in two pieces, each product exact because the heads have 12 bits. Special
// values as in C. Of integers by squaring, which wraps as multiplication does.

import type { Operand } from './assembler.ts'
import { loop } from './control.ts'
import type { FloatOps } from './float-ops.ts'
import { scaled } from './routines-exponential.ts'

/** The upper 12 bits of a number's fraction. */
function head(f: FloatOps, x: Operand): Operand {
  return f.fromBits(f.int('and.b32', f.bits(x), String(0xfffff000 | 0)))
}

interface Parts {
  readonly high: Operand
  readonly low: Operand
}

/** log2 of a positive finite number. */
function log2Parts(f: FloatOps, x: Operand): Parts {
  const { int, test } = f
  const isSmall = f.lt(x, f.c(2 ** -126))
  const bits = f.bits(f.select(isSmall, f.mul(x, f.c(2 ** 24)), x))
  const exponent = int('add.s32', int('shr.s32', bits, '23'), int('selp.b32', '-151', '-127', isSmall))
  const fraction = int('and.b32', bits, String(0x7fffff))
  // near 1, 3/2 or 2
  const isMiddle = f.and(test('gt.s32', fraction, String(0x1cc471)), test('lt.s32', fraction, String(0x5db3d7)))
  const isUpper = test('ge.s32', fraction, String(0x5db3d7))
  const one = int('or.b32', fraction, String(0x3f800000))
  const i = int('selp.b32', int('sub.s32', one, String(0x800000)), one, isUpper)
  const n = f.fromInt(int('add.s32', exponent, int('selp.b32', '1', '0', isUpper)))
  const base = f.select(isMiddle, f.c(1.5), f.c(1))
  const a = f.fromBits(i)
  const u = f.sub(a, base)
  const v = f.div(f.c(1), f.add(a, base))
  const s = f.mul(u, v)
  const sHigh = head(f, s)
  const half = int('or.b32', int('and.b32', int('shr.s32', i, '1'), '-4096'), String(0x20000000))
  const tBits = int('add.s32', int('add.s32', half, String(0x400000)), int('selp.b32', String(0x200000), '0', isMiddle))
  const tHigh = f.fromBits(tBits)
  const tLow = f.sub(a, f.sub(tHigh, base))
  const sLow = f.mul(v, f.fma(f.neg(sHigh), tLow, f.fma(f.neg(sHigh), tHigh, u)))
  const s2 = f.mul(s, s)
  const series = f.horner(s2, 0.206975, 0.23066075, 0.27272812, 0.33333334, 0.42857143, 0.6)
  const r = f.fma(sLow, f.add(sHigh, s), f.mul(f.mul(s2, s2), series))
  const q = f.mul(sHigh, sHigh)
  const wHigh = head(f, f.add(f.add(f.c(3), q), r))
  const wLow = f.sub(r, f.sub(f.sub(wHigh, f.c(3)), q))
  const e = f.mul(sHigh, wHigh)
  const g = f.fma(sLow, wHigh, f.mul(wLow, s))
  const pHigh = head(f, f.add(e, g))
  const pLow = f.sub(g, f.sub(pHigh, e))
  const zHigh = f.mul(f.c(0.9619140625), pHigh)
  const dLow = f.select(isMiddle, f.c(0.0000015632208), f.c(0))
  const dHigh = f.select(isMiddle, f.c(0.58496094), f.c(0))
  const zLow = f.add(f.fma(f.c(-0.00011736857), pHigh, f.mul(pLow, f.c(0.9617967))), dLow)
  const high = head(f, f.add(f.add(f.add(zHigh, zLow), dHigh), n))
  return { high, low: f.sub(zLow, f.sub(f.sub(f.sub(high, n), dHigh), zHigh)) }
}

/** x to the y, for a positive finite x and a finite y. */
function ofPositive(f: FloatOps, x: Operand, y: Operand): Operand {
  const log = log2Parts(f, x)
  const yHigh = head(f, y)
  const low = f.fma(f.sub(y, yHigh), log.high, f.mul(y, log.low))
  const high = f.mul(yHigh, log.high)
  const z = f.add(low, high)
  const isTooLarge = f.not(f.lt(z, f.c(129)))
  const isTooSmall = f.lt(z, f.c(-151))
  const n = f.round(f.min(f.max(z, f.c(-152)), f.c(129)))
  const rest = f.sub(high, n)
  const t = f.fromBits(f.int('and.b32', f.bits(f.add(low, rest)), String(0xffff8000 | 0)))
  const u = f.mul(t, f.c(0.693145752))
  const v = f.fma(f.sub(low, f.sub(t, rest)), f.c(0.69314718), f.mul(t, f.c(0.00000142860654)))
  const w = f.add(u, v)
  const c = f.sub(v, f.sub(w, u))
  const q = f.mul(w, w)
  const series = f.horner(q, 4.138137e-8, -0.0000016533902, 0.00006613756, -0.0027777778, 0.16666667)
  const p = f.fma(f.neg(q), series, w)
  const quotient = f.div(f.mul(w, p), f.sub(p, f.c(2)))
  const r = f.sub(f.c(1), f.sub(f.sub(quotient, f.fma(w, c, c)), w))
  const power = scaled(f, r, f.toInt(n))
  return f.select(isTooLarge, f.c(Infinity), f.select(isTooSmall, f.c(0), power))
}

/** Returns x to the y. */
export function pow(f: FloatOps, x: Operand, y: Operand): Operand {
  const [a, b] = [f.abs(x), f.abs(y)]
  const [one, infinity] = [f.c(1), f.c(Infinity)]
  const isUp = f.gt(y, f.c(0))
  const isWhole = f.eq(f.round(y), y)
  // from 2 to the 24 on all numbers are even
  const halved = f.mul(y, f.c(0.5))
  const isOddWhole = f.and(isWhole, f.not(f.eq(f.round(halved), halved)))
  const isNegative = f.test('lt.s32', f.bits(x), '0')
  const isEnd = f.or(f.eq(a, f.c(0)), f.eq(a, infinity))
  const grows = f.xor(f.eq(a, f.c(0)), isUp)
  const ofEnd = f.select(grows, infinity, f.c(0))
  const inner = ofPositive(f, f.select(isEnd, one, a), f.select(f.eq(b, infinity), one, y))
  const size = f.select(isEnd, ofEnd, inner)
  const isNone = f.and(f.and(isNegative, f.not(isWhole)), f.not(isEnd))
  const finite = f.select(isNone, f.c(Number.NaN), f.select(f.and(isNegative, isOddWhole), f.neg(size), size))
  // infinite exponents
  const towards = f.select(f.xor(f.gt(a, one), isUp), f.c(0), infinity)
  const ofInfinite = f.select(f.eq(a, one), one, towards)
  const known = f.select(f.eq(b, infinity), ofInfinite, finite)
  const all = f.select(f.or(f.isNaN(x), f.isNaN(y)), f.c(Number.NaN), known)
  return f.select(f.or(f.eq(y, f.c(0)), f.eq(x, one)), one, all)
}

/** Returns x to the y, of integers; a negative exponent gives 0 but for 1 and -1. */
export function integerPower(f: FloatOps, type: 's32' | 'u32', x: Operand, y: Operand): Operand {
  const { asm } = f
  const [power = ''] = asm.once(`power ${type} ${x} ${y}`, () => {
    const result = asm.mutable('b32')
    const base = asm.mutable('b32')
    const rest = asm.mutable('b32')
    asm.emit('mov.b32', result, ['1'])
    asm.emit('mov.b32', base, [x])
    asm.emit('mov.b32', rest, [y])
    loop(asm, (exit) => {
      exit(f.test('eq.s32', rest, '0'))
      const isOdd = f.test('ne.s32', f.int('and.b32', rest, '1'), '0')
      asm.emit('mul.lo.s32', result, [result, base], isOdd)
      asm.emit('mul.lo.s32', base, [base, base])
      asm.emit('shr.u32', rest, [rest, '1'])
      for (const register of [result, base, rest]) asm.touch(register)
    })
    return [f.int('mov.b32', result)]
  })
  if (type === 'u32') return power
  // of 1 and -1 only the last bit of the exponent counts
  const isOdd = f.test('ne.s32', f.int('and.b32', y, '1'), '0')
  const isUnit = f.test('le.u32', f.int('add.s32', x, '1'), '2')
  const unit = f.int('selp.b32', x, '1', isOdd)
  const ofNegative = f.int('selp.b32', unit, '0', f.and(isUnit, f.test('ne.s32', x, '0')))
  return f.int('selp.b32', ofNegative, power, f.test('lt.s32', y, '0'))
}
