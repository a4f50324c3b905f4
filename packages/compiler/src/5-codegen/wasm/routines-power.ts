// routines-power: powers, four lanes at a time
//
// The logarithm is taken in double precision, so that its product with the exponent has the digits that a power needs;
// the result is rounded once. Special values as IEEE has them.

import {
  type Half,
  ROUNDING2,
  SIGN,
  abs,
  add2,
  and,
  binary,
  c,
  d,
  div2,
  eq,
  gt,
  polynomial2,
  lt,
  mul,
  mul2,
  n,
  narrowed,
  or,
  select,
  sub2,
  vectors,
  widen,
  x,
  xor,
  y,
} from './four-lanes.ts'
import type { RoutineTable } from './routine.ts'
import { get, op, set } from './wat.ts'

/** The largest number. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

/** Returns the routine for powers of floats. */
export function powerRoutines(): RoutineTable {
  return {
    pow: {
      ...binary,
      locals: vectors('a', 'b', 'i', 'm', 'k', 'w', 'z', 't', 'u', 'p0', 'p1', 'o'),
      body: [
        set('a', abs(x)),
        // an infinite exponent does what the largest number does; pmax and pmin keep a NaN in their first operand
        set('b', op('f32x4.pmin', op('f32x4.pmax', y, c(-LARGEST)), c(LARGEST))),
        ...exponentAndFraction,
        ...halfOfPower(0),
        ...halfOfPower(1),
        set('p0', narrowed(get('p0'), get('p1'))),
        // odd: a whole number whose half is none; from 2 to the 24 on all numbers are even
        set('w', eq(op('f32x4.nearest', get('b')), get('b'))),
        set('z', mul(get('b'), c(0.5))),
        set('o', op('v128.andnot', get('w'), eq(op('f32x4.nearest', get('z')), get('z')))),
        set('p0', xor(get('p0'), and(and(x, get('o')), SIGN))),
        set('o', op('v128.andnot', and(lt(x, c(0)), gt(x, c(-Infinity))), get('w'))),
        set('p0', or(get('p0'), get('o'))),
        select(or(eq(y, c(0)), eq(x, c(1))), c(1), get('p0')),
      ].join('\n'),
    },
  }
}

/** a -> a = m 2^k, m between sqrt(1/2) and sqrt(2); infinities, NaN and the logarithm of 0 are in k. */
const exponentAndFraction: readonly string[] = [
  // bits of a number below the normals, as a number, are the number times 2 to the 149
  set('m', op('i32x4.lt_s', get('a'), n(0x800000))),
  set('i', select(get('m'), op('f32x4.convert_i32x4_s', get('a')), get('a'))),
  set('i', op('i32x4.sub', get('i'), n(0x3f3504f3))),
  set('k', op('i32x4.add', op('i32x4.shr_s', get('i'), '(i32.const 23)'), and(get('m'), n(-149)))),
  set('k', select(lt(get('a'), c(Infinity)), op('f32x4.convert_i32x4_s', get('k')), get('a'))),
  set('k', select(eq(get('a'), c(0)), c(-Infinity), get('k'))),
  set('m', op('i32x4.add', and(get('i'), n(0x7fffff)), n(0x3f3504f3))),
]

/** Two lanes of 2 to the (b log2 a). */
function halfOfPower(half: Half): readonly string[] {
  return [
    set('w', widen(half, get('m'))),
    set('w', div2(sub2(get('w'), d(1)), add2(get('w'), d(1)))),
    set('z', mul2(get('w'), get('w'))),
    set('t', polynomial2(get('z'), ...LOG2)),
    set('t', mul2(widen(half, get('b')), add2(widen(half, get('k')), mul2(get('w'), get('t'))))),
    // beyond these all is 0 or infinite
    set('t', op('f64x2.pmin', op('f64x2.pmax', get('t'), d(-200)), d(200))),
    // the low bits of the sum are n and 1023: the exponent of 2 to the n
    set('u', add2(get('t'), d(ROUNDING2 + 1023))),
    set('t', sub2(get('t'), sub2(get('u'), d(ROUNDING2 + 1023)))),
    set(`p${half}`, mul2(op('i64x2.shl', get('u'), '(i32.const 52)'), polynomial2(get('t'), ...EXP2))),
  ]
}

// interpolated at Chebyshev nodes

/** log2((1 + s) / (1 - s)) / s in s^2, for s up to 0.1716: within 2^-37. */
const LOG2 = [0.34071401223786679, 0.41167366483595846, 0.57708356760040203, 0.96179667344375119, 2.8853900817899931]
/** 2 to the t, for t up to 1/2: within 2^-28. */
const EXP2 = [
  0.00015461444695605, 0.00134004281774165, 0.0096180566785324384, 0.055503272266708453, 0.2402265092228873,
  0.69314720670283236, 1,
]
