// four-lanes: the instructions that routines of four lanes are written with
//
// What needs more digits than an f32 has is computed for two lanes at a time in double precision, and rounded once.

import type { RoutineStyle } from './routine.ts'
import { get, op, splat } from './wat.ts'

/** An f32 in every lane. */
export const c = (value: number): string => splat('f32', Math.fround(value))
/** An i32 in every lane. */
export const n = (value: number): string => splat('i32', value)
export const mul = (a: string, b: string): string => op('f32x4.mul', a, b)
export const add = (a: string, b: string): string => op('f32x4.add', a, b)
export const sub = (a: string, b: string): string => op('f32x4.sub', a, b)
export const div = (a: string, b: string): string => op('f32x4.div', a, b)
export const abs = (a: string): string => op('f32x4.abs', a)
export const lt = (a: string, b: string): string => op('f32x4.lt', a, b)
export const gt = (a: string, b: string): string => op('f32x4.gt', a, b)
export const eq = (a: string, b: string): string => op('f32x4.eq', a, b)
export const and = (a: string, b: string): string => op('v128.and', a, b)
export const or = (a: string, b: string): string => op('v128.or', a, b)
export const xor = (a: string, b: string): string => op('v128.xor', a, b)
export const select = (mask: string, yes: string, no: string): string => op('v128.bitselect', yes, no, mask)
export const call = (name: string, ...args: readonly string[]): string => op(`call $${name}`, ...args)
/** The parameters of a routine. */
export const x: string = get('x')
export const y: string = get('y')

/** The sign bit of every lane. */
export const SIGN: string = n(-(2 ** 31))

/** Returns the magnitude of `a` with the sign of `b`. */
export const copySign = (a: string, b: string): string => select(n(0x7fffffff), a, b)

/** Returns `kept`, but in the lanes of `mask` what `exact` is: hardly ever any, and others do not notice. */
export const orExactly = (kept: string, mask: string, exact: string): string =>
  `(if (result v128) (v128.any_true ${mask}) (then ${select(mask, exact, kept)}) (else ${kept}))`

/** Returns a polynomial, the coefficient of the highest power first. */
export const horner = (madd: RoutineStyle['madd'], at: string, ...coefficients: readonly number[]): string =>
  coefficients.slice(1).reduce((sum, next) => madd(sum, at, c(next)), c(coefficients[0] ?? 0))

/** Returns locals of four lanes. */
export const vectors = (...names: readonly string[]): Readonly<Record<string, 'v128'>> =>
  Object.fromEntries(names.map((name) => [name, 'v128' as const]))

/** What functions of one and of two numbers take and give. */
export const unary = { params: ['v128'], result: 'v128' } as const
export const binary = { params: ['v128', 'v128'], result: 'v128' } as const

// two lanes in double precision

/** A double in both lanes. */
export const d = (value: number): string => `(v128.const f64x2 ${value} ${value})`
export const mul2 = (a: string, b: string): string => op('f64x2.mul', a, b)
export const add2 = (a: string, b: string): string => op('f64x2.add', a, b)
export const sub2 = (a: string, b: string): string => op('f64x2.sub', a, b)
export const div2 = (a: string, b: string): string => op('f64x2.div', a, b)

/** From here on doubles are whole numbers: what is added is rounded, and stands in the low bits. */
export const ROUNDING2: number = 1.5 * 2 ** 52

/**
 * Returns a polynomial of a local, the coefficient of the highest power first. Terms go in pairs: no long chain of sums that
 * wait for each other.
 */
export function polynomial2(at: string, ...coefficients: readonly number[]): string {
  const [first = 0, second, ...higher] = coefficients.toReversed()
  if (second === undefined) return d(first)
  const pair = add2(d(first), mul2(at, d(second)))
  if (higher.length === 0) return pair
  return add2(pair, mul2(mul2(at, at), polynomial2(at, ...higher.toReversed())))
}

/** Which lanes: 0 and 1, or 2 and 3. */
export type Half = 0 | 1

/** Returns two lanes in double precision. */
export const widen = (half: Half, vector: string): string =>
  op(
    'f64x2.promote_low_f32x4',
    half === 0 ? vector : op('i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7', vector, vector),
  )

/** Returns four lanes of two pairs, rounded. */
export const narrowed = (low: string, high: string): string =>
  join(op('f32x4.demote_f64x2_zero', low), op('f32x4.demote_f64x2_zero', high))

/** Returns the first two lanes of each vector. */
export const join = (low: string, high: string): string =>
  op('i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23', low, high)
