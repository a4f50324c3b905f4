// routines-trigonometric: sin and cos, four lanes at a time
//
// The argument is reduced in double precision (two parts of pi/2, exact to a million), the rest are Cephes' sinf and
// cosf. Arguments beyond that go to the host's own functions, one lane at a time.

import type { Routine, RoutineStyle, RoutineTable } from './routine.ts'
import { get, op, set, splat } from './wat.ts'

const c = (value: number): string => splat('f32', Math.fround(value))
const n = (value: number): string => splat('i32', value)
const d = (value: number): string => `(v128.const f64x2 ${value} ${value})`
const mul = (a: string, b: string): string => op('f32x4.mul', a, b)
const select = (mask: string, yes: string, no: string): string => op('v128.bitselect', yes, no, mask)
const x = get('x')

/** Beyond this the reduction loses digits. */
const LARGE = 1e6

/** Returns the routines for sin and cos. */
export function trigonometricRoutines({ madd }: RoutineStyle): RoutineTable {
  const horner = (at: string, ...coefficients: readonly number[]): string =>
    coefficients.slice(1).reduce((sum, next) => madd(sum, at, c(next)), c(coefficients[0] ?? 0))
  /** The pair `half` (0: lanes 0 and 1) minus its multiple of pi/2, and the multiple. */
  const reduce = (half: 0 | 1): readonly string[] => {
    const pair = half === 0 ? x : op('i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7', x, x)
    return [
      set('w', op('f64x2.promote_low_f32x4', pair)),
      set('q', op('f64x2.nearest', op('f64x2.mul', get('w'), d(2 / Math.PI)))),
      set(
        `r${half}`,
        op(
          'f32x4.demote_f64x2_zero',
          op(
            'f64x2.sub',
            op('f64x2.sub', get('w'), op('f64x2.mul', get('q'), d(1.5707963267341256))),
            op('f64x2.mul', get('q'), d(6.077100506506192e-11)),
          ),
        ),
      ),
      set(`k${half}`, op('i32x4.trunc_sat_f64x2_s_zero', get('q'))),
    ]
  }
  const join = (low: string, high: string): string =>
    op('i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23', low, high)
  const routine = (name: 'sin' | 'cos', shift: 0 | 1): Routine => ({
    params: ['v128'],
    result: 'v128',
    locals: Object.fromEntries(
      ['w', 'q', 'r0', 'r1', 'k0', 'k1', 'r', 'k', 'z', 's', 'o'].map((local) => [local, 'v128' as const]),
    ),
    body: [
      // infinities are large too: the host's function gives their NaN
      `(if (v128.any_true ${op('f32x4.gt', op('f32x4.abs', x), c(LARGE))}) (then (return (call $lanes_${name} ${x}))))`,
      ...reduce(0),
      ...reduce(1),
      set('r', join(get('r0'), get('r1'))),
      set('k', op('i32x4.add', join(get('k0'), get('k1')), n(shift))),
      set('z', mul(get('r'), get('r'))),
      set(
        's',
        madd(mul(get('z'), get('r')), horner(get('z'), -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1), get('r')),
      ),
      set(
        'o',
        madd(
          mul(get('z'), get('z')),
          horner(get('z'), 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2),
          madd(get('z'), c(-0.5), c(1)),
        ),
      ),
      // odd quarters take the cosine, the upper half the other sign
      op(
        'v128.xor',
        select(op('i32x4.eq', op('v128.and', get('k'), n(1)), n(1)), get('o'), get('s')),
        op('i32x4.shl', op('v128.and', get('k'), n(2)), '(i32.const 30)'),
      ),
    ].join('\n'),
  })
  return { sin: routine('sin', 0), cos: routine('cos', 1) }
}
