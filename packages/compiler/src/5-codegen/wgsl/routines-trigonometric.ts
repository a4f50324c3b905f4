// routines-trigonometric: sin, cos, tan and their inverses
//
// WGSL promises an absolute error of 2^-11 within one period and nothing outside. Here arguments are reduced by three
// pieces of pi/2 (Cody and Waite), from 2048 on by the bits of 2/pi (Payne and Hanek); polynomials after Cephes and
// FreeBSD. The steps multiply copies of n that a compiler cannot know to be equal: some join a * b + a * c.

import type { RoutineTable } from './routine.ts'

/** The routines of this file. */
export type TrigonometricRoutine =
  | 'tj_reduce_large'
  | 'tj_reduce'
  | 'tj_sin_near'
  | 'tj_cos_near'
  | 'tj_sin'
  | 'tj_cos'
  | 'tj_tan'
  | 'tj_asin_tail'
  | 'tj_asin'
  | 'tj_acos'
  | 'tj_atan_positive'
  | 'tj_atan'
  | 'tj_atan2'

const f32 = ['f32']

/** Routines for sin, cos, tan, asin, acos, atan and atan2. */
export const trigonometricRoutines: RoutineTable<TrigonometricRoutine> = {
  // x >= 2048 -> (rest, quadrant)
  tj_reduce_large: {
    params: f32,
    result: 'vec2f',
    body: `
      var t = array<u32, 8>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
      let b = bitcast<u32>(x);
      let m = (b & 0x7fffffu) | 0x800000u;
      let at = (b >> 23u) - 120u;
      let i = at >> 5u;
      let s = at & 31u;
      let r = (32u - s) & 31u;
      let keep = select(0xffffffffu, 0u, s == 0u);
      let w0 = (t[i] << s) | ((t[i + 1u] >> r) & keep);
      let w1 = (t[i + 1u] << s) | ((t[i + 2u] >> r) & keep);
      let w2 = (t[i + 2u] << s) | ((t[i + 3u] >> r) & keep);
      let low = m * w1 + tj_mul_high(m, w2);
      let high = m * w0 + tj_mul_high(m, w1) + select(0u, 1u, low < m * w1);
      let q = (high + 0x20000000u) >> 30u;
      let f = f32(bitcast<i32>(high - (q << 30u))) + f32(low) * 2.3283064e-10;
      return vec2f(f * 1.4629181e-9, f32(q & 3u));`,
  },
  // x >= 0 -> (rest within a quarter of pi, quadrant 0 .. 3)
  tj_reduce: {
    params: f32,
    result: 'vec2f',
    body: `
      if (x >= 2048.0) { return tj_reduce_large(x); }
      let n = round(x * 0.63661975);
      let r = fma(f32(u32(n)), -7.5497901e-8, fma(f32(i32(n)), -0.0004837513, fma(n, -1.5703125, x)));
      return vec2f(r, n - 4.0 * floor(n * 0.25));`,
  },
  tj_sin_near: {
    params: f32,
    result: 'f32',
    body: `
      let z = x * x;
      return x + x * (z * (-0.16666655 + z * (0.008332161 - z * 0.00019515296)));`,
  },
  tj_cos_near: {
    params: f32,
    result: 'f32',
    body: `
      let z = x * x;
      return 1.0 - (0.5 * z - z * z * (0.041666646 + z * (-0.0013887316 + z * 0.000024433157)));`,
  },
  tj_sin: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (bitcast<u32>(a) >= 0x7f800000u) { return tj_nan(); }
      let p = tj_reduce(a);
      let s = select(tj_sin_near(p.x), tj_cos_near(p.x), p.y == 1.0 || p.y == 3.0);
      return select(s, -s, (p.y >= 2.0) != (bitcast<i32>(x) < 0));`,
  },
  tj_cos: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (bitcast<u32>(a) >= 0x7f800000u) { return tj_nan(); }
      let p = tj_reduce(a);
      let c = select(tj_cos_near(p.x), tj_sin_near(p.x), p.y == 1.0 || p.y == 3.0);
      return select(c, -c, p.y == 1.0 || p.y == 2.0);`,
  },
  tj_tan: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (bitcast<u32>(a) >= 0x7f800000u) { return tj_nan(); }
      let p = tj_reduce(a);
      let s = tj_sin_near(p.x);
      let c = tj_cos_near(p.x);
      let t = select(s / c, -c / s, p.y == 1.0 || p.y == 3.0);
      return select(t, -t, bitcast<i32>(x) < 0);`,
  },
  // (asin(sqrt(x)) / sqrt(x)) - 1, for x up to 1/4
  tj_asin_tail: {
    params: f32,
    result: 'f32',
    body: `
      return x * (0.16666587 + x * (-0.042743422 - x * 0.008656363)) / (1.0 - x * 0.70662963);`,
  },
  tj_asin: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (a > 1.0) { return tj_nan(); }
      if (a < 0.5) { return x + x * tj_asin_tail(a * a); }
      let z = 0.5 - 0.5 * a;
      let s = sqrt(z);
      return tj_copy_sign(1.57079637 - (2.0 * (s + s * tj_asin_tail(z)) + 4.3711388e-8), x);`,
  },
  tj_acos: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (a > 1.0) { return tj_nan(); }
      if (a < 0.5) { return 1.57079637 - (x + (x * tj_asin_tail(a * a) + 4.3711388e-8)); }
      let z = 0.5 - 0.5 * a;
      let s = sqrt(z);
      let r = 2.0 * (s + s * tj_asin_tail(z));
      return select(r, 3.14159274 - (r + 8.7422777e-8), x < 0.0);`,
  },
  // x >= 0
  tj_atan_positive: {
    params: f32,
    result: 'f32',
    body: `
      var a = x;
      var y = 0.0;
      if (x > 2.4142137) {
        a = -1.0 / x;
        y = 1.57079637;
      } else if (x > 0.41421357) {
        a = (x - 1.0) / (x + 1.0);
        y = 0.78539819;
      }
      let z = a * a;
      return y + (a + a * (z * (-0.3333295 + z * (0.19977711 + z * (-0.13877685 + z * 0.080537446)))));`,
  },
  tj_atan: { params: f32, result: 'f32', body: 'return tj_copy_sign(tj_atan_positive(abs(x)), x);' },
  tj_atan2: {
    params: ['f32', 'f32'],
    result: 'f32',
    body: `
      if (tj_is_nan(x) || tj_is_nan(y)) { return tj_nan(); }
      let s = select(1.0, 0.0625, max(abs(x), abs(y)) > 1e37);
      let a = abs(x) * s;
      let b = abs(y) * s;
      let high = max(a, b);
      var t = min(a, b) / select(high, 1.0, high == 0.0);
      if (bitcast<u32>(min(a, b)) == 0x7f800000u) { t = 1.0; }
      var r = tj_atan_positive(t);
      if (a > b) { r = 1.57079637 - (r + 4.3711388e-8); }
      if (bitcast<i32>(y) < 0) { r = 3.14159274 - (r + 8.7422777e-8); }
      return tj_copy_sign(r, x);`,
  },
}
