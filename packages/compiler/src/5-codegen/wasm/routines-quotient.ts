// routines-quotient: floorDiv and mod of floats, four lanes at a time
//
// Quotients are taken in double precision. A rest is exact as long as the quotient has fewer digits than a double can
// hold beside those of the divisor; beyond, and where the divisor is infinite, the host's function is taken.

import {
  type Half,
  abs,
  binary,
  c,
  call,
  copySign,
  div2,
  eq,
  mul2,
  narrowed,
  or,
  orExactly,
  select,
  sub2,
  vectors,
  widen,
  x,
  y,
} from './four-lanes.ts'
import type { RoutineTable } from './routine.ts'
import { get, op, set } from './wat.ts'

/** A quotient from here on is not divided in one step. */
const LARGE = 2 ** 28

/** Returns the routines for floorDiv and mod. */
export function quotientRoutines(): RoutineTable {
  const quotient = (half: Half): readonly string[] => [
    set('a', widen(half, x)),
    set('b', widen(half, y)),
    set(`q${half}`, op('f64x2.floor', div2(get('a'), get('b')))),
  ]
  const rest = (half: Half): string => set(`r${half}`, sub2(get('a'), mul2(get(`q${half}`), get('b'))))
  const locals = vectors('a', 'b', 'q0', 'q1', 'r0', 'r1')
  return {
    floorDiv: {
      ...binary,
      locals,
      body: [...quotient(0), ...quotient(1), narrowed(get('q0'), get('q1'))].join('\n'),
    },
    mod: {
      ...binary,
      locals,
      body: [
        ...quotient(0),
        rest(0),
        ...quotient(1),
        rest(1),
        set('a', narrowed(get('q0'), get('q1'))),
        set('b', narrowed(get('r0'), get('r1'))),
        // no rest has the sign of the divisor
        set('b', select(eq(get('b'), c(0)), copySign(c(0), y), get('b'))),
        orExactly(
          get('b'),
          or(op('f32x4.ge', abs(get('a')), c(LARGE)), eq(abs(y), c(Infinity))),
          call('lanes_mod', x, y),
        ),
      ].join('\n'),
    },
  }
}
