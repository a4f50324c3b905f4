// routines-inverse: asin, acos, atan and atan2, four lanes at a time
//
// Each is a multiple of pi/4, in two parts, and a short polynomial of an argument up to 1/2.

import {
  SIGN,
  abs,
  add,
  and,
  binary,
  c,
  copySign,
  div,
  eq,
  gt,
  horner,
  lt,
  mul,
  n,
  or,
  select,
  sub,
  unary,
  vectors,
  x,
  xor,
  y,
} from './four-lanes.ts'
import type { RoutineStyle, RoutineTable } from './routine.ts'
import { get, op, set } from './wat.ts'

/** pi/4 is the sum of both. */
const QUARTER = Math.fround(Math.PI / 4)
const QUARTER_REST = Math.PI / 4 - QUARTER

/** Returns the routines for asin, acos, atan and atan2. */
export function inverseRoutines(style: RoutineStyle): RoutineTable {
  return { ...ofSides(style), ...ofQuotients(style) }
}

/** asin and acos. */
function ofSides({ madd }: RoutineStyle): RoutineTable {
  // the arc sine of s is s + p; beyond 1/2, s is the sine of half of what is missing to a right angle
  const parts = [
    set('a', abs(x)),
    set('f', gt(get('a'), c(0.5))),
    set('z', select(get('f'), sub(c(0.5), mul(c(0.5), get('a'))), mul(x, x))),
    set('s', select(get('f'), op('f32x4.sqrt', get('z')), x)),
    set('p', mul(mul(get('z'), get('s')), horner(madd, get('z'), ...ASIN))),
  ]
  const twice = (name: string): string => add(get(name), get(name))
  /** So many right angles without s + p: from half of them, since that difference is exact or small. */
  const without = (rights: number, s: string, p: string): string =>
    add(c(rights * QUARTER), sub(sub(c(rights * QUARTER), s), sub(p, c(2 * rights * QUARTER_REST))))
  return {
    asin: {
      ...unary,
      locals: vectors('a', 'f', 'z', 's', 'p'),
      body: [...parts, select(get('f'), copySign(without(1, twice('s'), twice('p')), x), add(get('s'), get('p')))].join(
        '\n',
      ),
    },
    acos: {
      ...unary,
      locals: vectors('a', 'f', 'z', 's', 'p'),
      body: [
        ...parts,
        set('a', select(lt(x, c(0)), without(2, twice('s'), twice('p')), add(twice('s'), twice('p')))),
        select(get('f'), get('a'), without(1, get('s'), get('p'))),
      ].join('\n'),
    },
  }
}

/** atan and atan2. */
function ofQuotients({ madd }: RoutineStyle): RoutineTable {
  // the arc tangent of l / h, both not negative, l not more than h, is q quarters and p
  const parts = [
    // above 1/2 the difference is exact
    set('u', gt(get('l'), mul(c(0.5), get('h')))),
    // 0 / 0 is 0
    set('r', select(get('u'), add(get('l'), get('h')), op('f32x4.pmax', get('h'), c(2 ** -149)))),
    set('r', div(select(get('u'), sub(get('l'), get('h')), get('l')), get('r'))),
    set('z', mul(get('r'), get('r'))),
    set('p', madd(mul(get('z'), get('r')), horner(madd, get('z'), ...ATAN), get('r'))),
    set('q', and(get('u'), c(1))),
  ]
  /** In the lanes of `mask` the angle is what it lacks to so many quarters. */
  const mirror = (mask: string, quarters: number): readonly string[] => [
    set('p', xor(get('p'), and(mask, SIGN))),
    set('q', select(mask, sub(c(quarters), get('q')), get('q'))),
  ]
  const sum = add(mul(get('q'), c(QUARTER)), madd(get('q'), c(QUARTER_REST), get('p')))
  const names = ['a', 'b', 'l', 'h', 'u', 'r', 'z', 'p', 'q']
  return {
    atan: {
      ...unary,
      locals: vectors(...names),
      body: [
        // pmin and pmax keep a NaN in their first operand
        set('a', abs(x)),
        set('l', op('f32x4.pmin', get('a'), c(1))),
        set('h', op('f32x4.pmax', get('a'), c(1))),
        ...parts,
        ...mirror(gt(get('a'), c(1)), 2),
        copySign(sum, x),
      ].join('\n'),
    },
    // the angle of the point (y, x)
    atan2: {
      ...binary,
      locals: vectors(...names),
      body: [
        set('a', abs(x)),
        set('b', abs(y)),
        set('l', op('f32x4.pmin', get('a'), get('b'))),
        set('h', op('f32x4.pmax', get('a'), get('b'))),
        // sums of large numbers would be infinite
        set('z', select(gt(get('h'), c(LARGE)), c(1 / 16), c(1))),
        set('l', mul(get('l'), get('z'))),
        set('h', mul(get('h'), get('z'))),
        // two infinities are as good as two ones
        set('z', eq(get('l'), c(Infinity))),
        set('l', select(get('z'), c(1), get('l'))),
        set('h', select(get('z'), c(1), get('h'))),
        ...parts,
        ...mirror(gt(get('a'), get('b')), 2),
        ...mirror(op('i32x4.lt_s', y, n(0)), 4),
        // the smaller one above is never a second operand that is NaN
        or(copySign(sum, x), op('f32x4.ne', y, y)),
      ].join('\n'),
    },
  }
}

/** Numbers from here on are made smaller. */
const LARGE = 1e37

// interpolated at Chebyshev nodes, for arguments up to 1/2: within 2^-29

/** (asin(s) / s - 1) / s^2 in s^2. */
const ASIN = [
  0.03370072632204191, 0.017143716818642497, 0.031101727829262148, 0.044599319162845492, 0.075000947611730207,
  0.16666666336540487,
]
/** (atan(r) / r - 1) / r^2 in r^2. */
const ATAN = [
  0.042247499768782754, -0.082349762843897278, 0.11006776996892628, -0.14279792921321138, 0.19999875028124753,
  -0.33333332900544838,
]
