// routines-storage: 16-bit floats, four at a time

import type { RoutineTable } from './routine.ts'
import { get, op, set, splat } from './wat.ts'

const n = (value: number): string => splat('i32', value)
const and = (a: string, b: string): string => op('v128.and', a, b)
const or = (a: string, b: string): string => op('v128.or', a, b)
const shl = (a: string, by: number): string => op('i32x4.shl', a, `(i32.const ${by})`)
const shr = (a: string, by: number): string => op('i32x4.shr_u', a, `(i32.const ${by})`)
const select = (mask: string, yes: string, no: string): string => op('v128.bitselect', yes, no, mask)
const x = get('x')
const vector = { params: ['v128'], result: 'v128' } as const

/** Returns the conversions: bits in the low half of each lane. Rounding is to nearest, halves to even. */
export function storageRoutines(): RoutineTable {
  return {
    half_to_f32: {
      ...vector,
      locals: { e: 'v128' },
      body: [
        set('e', and(x, n(0x7fff))),
        or(
          shl(and(x, n(0x8000)), 16),
          or(
            // the product is exact, for numbers below the normals too
            op('f32x4.mul', shl(get('e'), 13), splat('f32', 2 ** 112)),
            and(op('i32x4.ge_s', get('e'), n(0x7c00)), n(0x7f800000)),
          ),
        ),
      ].join('\n'),
    },
    f32_to_half: {
      ...vector,
      locals: { a: 'v128', r: 'v128' },
      body: [
        set('a', and(x, n(0x7fffffff))),
        set(
          'r',
          shr(op('i32x4.add', op('i32x4.add', get('a'), n(0xfff - (112 << 23))), and(shr(get('a'), 13), n(1))), 13),
        ),
        // below the normals an addition rounds
        set(
          'r',
          select(
            op('i32x4.lt_s', get('a'), n(0x38800000)),
            op('i32x4.sub', op('f32x4.add', get('a'), splat('f32', 0.5)), n(0x3f000000)),
            get('r'),
          ),
        ),
        set('r', select(op('i32x4.ge_s', get('a'), n(0x47800000)), n(0x7c00), get('r'))),
        set('r', select(op('i32x4.gt_s', get('a'), n(0x7f800000)), n(0x7e00), get('r'))),
        or(get('r'), and(shr(x, 16), n(0x8000))),
      ].join('\n'),
    },
    f32_to_brain: {
      ...vector,
      locals: { a: 'v128' },
      body: [
        set('a', and(x, n(0x7fffffff))),
        select(
          op('i32x4.gt_s', get('a'), n(0x7f800000)),
          or(shr(x, 16), n(0x40)),
          shr(op('i32x4.add', x, op('i32x4.add', n(0x7fff), and(shr(x, 16), n(1)))), 16),
        ),
      ].join('\n'),
    },
  }
}
