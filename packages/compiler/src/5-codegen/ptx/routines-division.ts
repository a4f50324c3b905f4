// routines-division: floored quotients and remainders of floats
//
// Exact: the remainder is taken on the integers that the bits hold, eight bits of quotient at a time.

import type { Operand } from './assembler.ts'
import { branch, loop } from './control.ts'
import type { FloatOps } from './float-ops.ts'

/** a mod b, both finite, a not negative, b positive. */
function rest(f: FloatOps, a: Operand, b: Operand): Operand {
  const { asm, int } = f
  const [found = ''] = asm.once(`rest ${a} ${b}`, () => {
    const result = asm.mutable('f32')
    asm.emit('mov.f32', result, [a])
    branch(asm, f.not(f.lt(a, b)), () => {
      const exponents = [a, b].map((x) => int('max.u32', int('shr.u32', f.bits(x), '23'), '1'))
      const [high = '', low = ''] = exponents
      const fractions = [a, b].map((x) => {
        const bits = int('and.b32', f.bits(x), String(0x7fffff))
        return int(
          'selp.b32',
          int('or.b32', bits, String(0x800000)),
          bits,
          f.test('ge.u32', f.bits(x), String(0x800000)),
        )
      })
      const [m = '', n = ''] = fractions
      const divisor = int('max.u32', n, '1')
      const value = asm.mutable('b32')
      const left = asm.mutable('b32')
      asm.emit('rem.u32', value, [m, divisor])
      asm.emit('sub.u32', left, [high, low])
      loop(asm, (exit) => {
        exit(f.test('eq.s32', left, '0'))
        const step = int('min.u32', left, '8')
        const shifted = int('shl.b32', value, step)
        asm.emit('rem.u32', value, [shifted, divisor])
        asm.emit('sub.u32', left, [left, step])
        for (const register of [value, left]) asm.touch(register)
      })
      const unit = f.fromBits(int('shl.b32', low, '23'))
      const whole = asm.pure('f32', 'cvt.rn.f32.u32', value)
      asm.assign('f32', result, f.mul(f.mul(whole, f.c(2 ** -23)), unit))
    })
    return [asm.pure('f32', 'mov.f32', result)]
  })
  return found
}

/** The operands of a division as positive finite numbers, whatever they are. */
function sizes(f: FloatOps, x: Operand, y: Operand): readonly [Operand, Operand] {
  const infinity = f.c(Infinity)
  const [a, b] = [f.abs(x), f.abs(y)]
  const isPlain = f.and(f.and(f.lt(a, infinity), f.lt(b, infinity)), f.gt(b, f.c(0)))
  return [f.select(isPlain, a, f.c(0)), f.select(isPlain, b, f.c(1))]
}

/** Returns the remainder with the sign of y. */
export function mod(f: FloatOps, x: Operand, y: Operand): Operand {
  const infinity = f.c(Infinity)
  const [a, b] = [f.abs(x), f.abs(y)]
  const plain = f.copySign(rest(f, ...sizes(f, x, y)), x)
  const m = f.select(f.eq(b, infinity), x, plain)
  const isZero = f.eq(m, f.c(0))
  const differs = f.xor(f.lt(m, f.c(0)), f.lt(y, f.c(0)))
  const moved = f.select(f.and(differs, f.not(isZero)), f.add(m, y), m)
  const signed = f.select(isZero, f.copySign(f.c(0), y), moved)
  const isNone = f.or(f.or(f.not(f.lt(a, infinity)), f.isNaN(y)), f.eq(b, f.c(0)))
  return f.select(isNone, f.c(Number.NaN), signed)
}

/** Returns x / y rounded down. */
export function floorDiv(f: FloatOps, x: Operand, y: Operand): Operand {
  const infinity = f.c(Infinity)
  const [a, b] = [f.abs(x), f.abs(y)]
  const isNegative = f.test('lt.s32', f.int('xor.b32', f.bits(x), f.bits(y)), '0')
  const sign = f.select(isNegative, f.c(-1), f.c(1))
  const [m, n] = sizes(f, x, y)
  const left = rest(f, m, n)
  const down = f.round(f.div(f.sub(m, left), n))
  const isMore = f.and(isNegative, f.gt(left, f.c(0)))
  const plain = f.mul(f.select(isMore, f.add(down, f.c(1)), down), sign)
  // a quotient by infinity is 0 before it is rounded
  const finite = f.select(f.eq(b, infinity), f.mul(f.c(0), sign), plain)
  const isInfinite = f.or(f.eq(a, infinity), f.eq(b, f.c(0)))
  const all = f.select(isInfinite, f.mul(infinity, sign), finite)
  const isEven = f.and(f.eq(a, b), f.or(f.eq(a, f.c(0)), f.eq(a, infinity)))
  return f.select(f.or(f.or(f.isNaN(x), f.isNaN(y)), isEven), f.c(Number.NaN), all)
}
