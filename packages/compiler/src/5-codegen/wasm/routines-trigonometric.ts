// routines-trigonometric: sin, cos and tan, four lanes at a time
//
// The argument is reduced in double precision (two parts of pi/2, exact to a million), the rest are Cephes' sinf and
// cosf. tan goes on in double precision. Arguments beyond a million go to the host's own functions, and only these.

import {
  ROUNDING2,
  abs,
  add2,
  and,
  c,
  call,
  d,
  div2,
  type Half,
  gt,
  horner,
  join,
  mul,
  mul2,
  n,
  narrowed,
  polynomial2,
  select,
  sub2,
  unary,
  vectors,
  widen,
  x,
  xor,
  y,
} from './four-lanes.ts'
import type { Routine, RoutineStyle, RoutineTable } from './routine.ts'
import { laneByLane, vectorName } from './routines-scalar.ts'
import { get, op, set } from './wat.ts'

/** Beyond this the reduction loses digits. */
const LARGE = 1e6

/** (tan(r) / r - 1) / r^2 in r^2, for r up to pi/4, interpolated at Chebyshev nodes: within 2^-27. */
const TAN = [
  0.0038435559735603263, 0.001184620221670731, 0.0099625860916590387, 0.021621002195266484, 0.053994480627831021,
  0.13333230872170432, 0.33333333979978175,
]

/** The angle `w` without `q` halves of pi. */
const withoutHalves: string = sub2(
  sub2(get('w'), mul2(get('q'), d(1.5707963267341256))),
  mul2(get('q'), d(6.077100506506192e-11)),
)

/** Returns what is known, but in lanes of large arguments what the host's function gives: for infinities NaN. */
const ofHost = (name: 'sin' | 'cos' | 'tan', known: string): string => call(vectorName(`large_${name}`), x, known)

/** Of one lane x: what is known, y, unless x is large. */
function large(name: 'sin' | 'cos' | 'tan'): RoutineTable {
  const routine: Routine = {
    params: ['f32', 'f32'],
    result: 'f32',
    body: `(if (result f32) (f32.gt (f32.abs ${x}) (f32.const ${LARGE})) (then (call $host_${name} ${x})) (else ${y}))`,
  }
  const key = `large_${name}`
  return { [key]: routine, [vectorName(key)]: laneByLane(key, routine) }
}

/** Returns the routines for sin, cos and tan. */
export function trigonometricRoutines({ madd }: RoutineStyle): RoutineTable {
  /** Two lanes without their multiple of pi/2, and the multiple. */
  const reduce = (half: Half): readonly string[] => [
    set('w', widen(half, x)),
    set('q', op('f64x2.nearest', mul2(get('w'), d(2 / Math.PI)))),
    set(`r${half}`, op('f32x4.demote_f64x2_zero', withoutHalves)),
    set(`k${half}`, op('i32x4.trunc_sat_f64x2_s_zero', get('q'))),
  ]
  const near = (shift: 0 | 1): readonly string[] => [
    ...reduce(0),
    ...reduce(1),
    set('r', join(get('r0'), get('r1'))),
    set('k', op('i32x4.add', join(get('k0'), get('k1')), n(shift))),
    set('z', mul(get('r'), get('r'))),
    set(
      's',
      madd(
        mul(get('z'), get('r')),
        horner(madd, get('z'), -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1),
        get('r'),
      ),
    ),
    set(
      'o',
      madd(
        mul(get('z'), get('z')),
        horner(madd, get('z'), 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2),
        madd(get('z'), c(-0.5), c(1)),
      ),
    ),
  ]
  // odd quarters take the cosine, the upper half the other sign
  const result = xor(
    select(op('i32x4.eq', and(get('k'), n(1)), n(1)), get('o'), get('s')),
    op('i32x4.shl', and(get('k'), n(2)), '(i32.const 30)'),
  )
  const locals = vectors('w', 'q', 'r0', 'r1', 'k0', 'k1', 'r', 'k', 'z', 's', 'o')
  // two functions: the one that is called everywhere stays short, and the other does not call it
  const pair = (name: 'sin' | 'cos', shift: 0 | 1): RoutineTable => ({
    [name]: {
      ...unary,
      locals,
      body: [
        `(if (v128.any_true ${gt(abs(x), c(LARGE))}) (then (return (call $mixed_${name} ${x}))))`,
        ...near(shift),
        result,
      ].join('\n'),
    },
    [`mixed_${name}`]: { ...unary, locals, body: [...near(shift), ofHost(name, result)].join('\n') },
  })
  return { ...pair('sin', 0), ...pair('cos', 1), tan, ...large('sin'), ...large('cos'), ...large('tan') }
}

/** In odd quarters it is -1 by the tangent of the rest, which has to be in double precision. */
const tan: Routine = {
  ...unary,
  locals: vectors('w', 'q', 't0', 't1', 'o', 'z'),
  body: [
    ...tanOfHalf(0),
    ...tanOfHalf(1),
    set('t0', narrowed(get('t0'), get('t1'))),
    `(if (result v128) (v128.any_true ${gt(abs(x), c(LARGE))}) (then ${ofHost('tan', get('t0'))}) (else ${get('t0')}))`,
  ].join('\n'),
}

function tanOfHalf(half: Half): readonly string[] {
  return [
    set('w', widen(half, x)),
    // the low bits of the sum are the multiple
    set('o', add2(mul2(get('w'), d(2 / Math.PI)), d(ROUNDING2))),
    set('q', sub2(get('o'), d(ROUNDING2))),
    set('o', op('i64x2.ne', and(get('o'), '(v128.const i32x4 1 0 1 0)'), '(v128.const i64x2 0 0)')),
    set('w', withoutHalves),
    set('z', mul2(get('w'), get('w'))),
    set('w', add2(get('w'), mul2(mul2(get('w'), get('z')), polynomial2(get('z'), ...TAN)))),
    set(`t${half}`, div2(select(get('o'), d(-1), get('w')), select(get('o'), get('w'), d(1)))),
  ]
}
