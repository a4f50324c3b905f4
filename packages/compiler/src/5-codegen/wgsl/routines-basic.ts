// routines-basic: bits, special values, rounding, conversion
//
// tj_zero is a private variable that is always 0: bits combined with it are no constant expression, so that infinities
// and NaN may be written down.

import type { RoutineTable } from './routine.ts'

/** The routines of this file. */
export type BasicRoutine =
  | 'tj_inf'
  | 'tj_nan'
  | 'tj_is_nan'
  | 'tj_copy_sign'
  | 'tj_max'
  | 'tj_min'
  | 'tj_sign'
  | 'tj_f32_to_i32'
  | 'tj_f32_to_u32'
  | 'tj_f32_to_bool'
  | 'tj_half'
  | 'tj_brain'

const f32 = ['f32']
const f32f32 = ['f32', 'f32']

/** Routines that every other may build on. */
export const basicRoutines: RoutineTable<BasicRoutine> = {
  tj_inf: { params: [], result: 'f32', body: 'return bitcast<f32>(tj_zero | 0x7f800000u);' },
  tj_nan: { params: [], result: 'f32', body: 'return bitcast<f32>(tj_zero | 0x7fc00000u);' },
  tj_is_nan: { params: f32, result: 'bool', body: 'return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;' },
  tj_copy_sign: {
    params: f32f32,
    result: 'f32',
    body: 'return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(y) & 0x80000000u));',
  },
  tj_max: {
    params: f32f32,
    result: 'f32',
    body: 'return select(select(max(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));',
  },
  tj_min: {
    params: f32f32,
    result: 'f32',
    body: 'return select(select(min(x, y), y, tj_is_nan(y)), x, tj_is_nan(x));',
  },
  tj_sign: { params: f32, result: 'f32', body: 'return select(select(x, 1.0, x > 0.0), -1.0, x < 0.0);' },
  tj_f32_to_i32: {
    params: f32,
    result: 'i32',
    body: `
      let n = i32(clamp(x, -2147483648.0, 2147483520.0));
      return select(select(n, 2147483647, x >= 2147483648.0), 0, tj_is_nan(x));`,
  },
  tj_f32_to_u32: {
    params: f32,
    result: 'u32',
    body: `
      let n = u32(clamp(x, 0.0, 4294967040.0));
      return select(select(n, 4294967295u, x >= 4294967296.0), 0u, tj_is_nan(x));`,
  },
  tj_f32_to_bool: { params: f32, result: 'bool', body: 'return (bitcast<u32>(x) & 0x7fffffffu) != 0u;' },
  tj_half: {
    params: f32,
    result: 'f32',
    body: `
      let b = bitcast<u32>(x);
      let a = b & 0x7fffffffu;
      if (a > 0x7f800000u) { return x; }
      if (a >= 0x477ff000u) { return tj_copy_sign(tj_inf(), x); }
      if (a < 0x38800000u) { return tj_copy_sign(round(abs(x) * 16777216.0) * 5.9604645e-8, x); }
      return bitcast<f32>((b + 0xfffu + ((b >> 13u) & 1u)) & 0xffffe000u);`,
  },
  tj_brain: {
    params: f32,
    result: 'f32',
    body: `
      let b = bitcast<u32>(x);
      if (tj_is_nan(x)) { return x; }
      return bitcast<f32>((b + 0x7fffu + ((b >> 16u) & 1u)) & 0xffff0000u);`,
  },
}
