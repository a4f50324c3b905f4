// routines-division: floored quotients and remainders, and products of 64 bits
//
// Exact for floats too: the remainder is taken on the integers that the bits hold, eight bits of quotient at a time.

import type { RoutineTable } from './routine.ts'

/** The routines of this file. */
export type DivisionRoutine =
  | 'tj_floor_div_i32'
  | 'tj_mod_i32'
  | 'tj_floor_div_u32'
  | 'tj_mod_u32'
  | 'tj_rest'
  | 'tj_mod_f32'
  | 'tj_floor_div_f32'
  | 'tj_mul_high'

const f32f32 = ['f32', 'f32']
const i32i32 = ['i32', 'i32']
const u32u32 = ['u32', 'u32']

/** Routines for floorDiv and mod. */
export const divisionRoutines: RoutineTable<DivisionRoutine> = {
  tj_floor_div_i32: {
    params: i32i32,
    result: 'i32',
    body: `
      if (y == 0) { return 0; }
      let q = x / y;
      let r = x - q * y;
      return q - select(0, 1, (r != 0) & ((r ^ y) < 0));`,
  },
  tj_mul_high: {
    params: u32u32,
    result: 'u32',
    body: `
      let a = x & 0xffffu;
      let b = x >> 16u;
      let c = y & 0xffffu;
      let d = y >> 16u;
      let m = b * c + ((a * c) >> 16u);
      let n = a * d + (m & 0xffffu);
      return b * d + (m >> 16u) + (n >> 16u);`,
  },
  tj_mod_i32: { params: i32i32, result: 'i32', body: 'return x - tj_floor_div_i32(x, y) * y;' },
  tj_floor_div_u32: { params: u32u32, result: 'u32', body: 'return select(x / max(y, 1u), 0u, y == 0u);' },
  tj_mod_u32: { params: u32u32, result: 'u32', body: 'return select(x % max(y, 1u), x, y == 0u);' },
  // |x| mod |y|, both finite, y not 0
  tj_rest: {
    params: f32f32,
    result: 'f32',
    body: `
      let a = bitcast<u32>(abs(x));
      let b = bitcast<u32>(abs(y));
      if (a < b) { return abs(x); }
      let e = max(b >> 23u, 1u);
      let n = (b & 0x7fffffu) | select(0u, 0x800000u, b >= 0x800000u);
      var m = ((a & 0x7fffffu) | select(0u, 0x800000u, a >= 0x800000u)) % max(n, 1u);
      var d = max(a >> 23u, 1u) - e;
      while (d > 0u) {
        let s = min(d, 8u);
        m = (m << s) % max(n, 1u);
        d -= s;
      }
      return f32(m) * 1.1920929e-7 * bitcast<f32>(e << 23u);`,
  },
  tj_mod_f32: {
    params: f32f32,
    result: 'f32',
    body: `
      let a = bitcast<u32>(abs(x));
      let b = bitcast<u32>(abs(y));
      if (a >= 0x7f800000u || b > 0x7f800000u || b == 0u) { return tj_nan(); }
      var m = x;
      if (b < 0x7f800000u) { m = tj_copy_sign(tj_rest(x, y), x); }
      if (m != 0.0 && ((m < 0.0) != (y < 0.0))) { return m + y; }
      return select(m, tj_copy_sign(0.0, y), m == 0.0);`,
  },
  tj_floor_div_f32: {
    params: f32f32,
    result: 'f32',
    body: `
      let a = bitcast<u32>(abs(x));
      let b = bitcast<u32>(abs(y));
      let s = tj_copy_sign(1.0, x) * tj_copy_sign(1.0, y);
      if (a > 0x7f800000u || b > 0x7f800000u || (a == b && (a == 0u || a == 0x7f800000u))) { return tj_nan(); }
      if (a == 0x7f800000u || b == 0u) { return tj_inf() * s; }
      if (b == 0x7f800000u) { return 0.0; }
      let r = tj_rest(x, y);
      var q = round((abs(x) - r) / abs(y));
      if (s < 0.0 && r != 0.0) { q += 1.0; }
      return q * s;`,
  },
}
