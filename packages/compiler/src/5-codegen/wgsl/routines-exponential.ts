// routines-exponential: exp, log and what is made of them
//
// WGSL's exp loses 2|x| units in the last place, its log all relative accuracy near 1, its tanh overflows. Arguments
// are reduced exactly, so that the builtin (or a short polynomial) sees small ones only. The steps of a reduction
// multiply copies of n that a compiler cannot know to be equal: some join a * b + a * c. Logarithms after FreeBSD's
// k_logf, tanh after Cephes, erf after N. Juffa.

import type { RoutineTable } from './routine.ts'

/** The routines of this file. */
export type ExponentialRoutine =
  | 'tj_exp2i'
  | 'tj_exp'
  | 'tj_expm1'
  | 'tj_log_tail'
  | 'tj_log'
  | 'tj_log1p'
  | 'tj_sinh'
  | 'tj_cosh'
  | 'tj_tanh'
  | 'tj_erf'

const f32 = ['f32']

/** Routines for exp, expm1, log, log1p, sinh, cosh, tanh and erf. */
export const exponentialRoutines: RoutineTable<ExponentialRoutine> = {
  // 2 to the n, for -126 <= n <= 127
  tj_exp2i: { params: ['i32'], result: 'f32', body: 'return bitcast<f32>((x + 127) << 23u);' },
  tj_exp: {
    params: f32,
    result: 'f32',
    body: `
      let n = round(clamp(x * 1.442695, -151.0, 129.0));
      let k = i32(n);
      let r = fma(f32(k), 0.00021219444, fma(n, -0.693359375, x));
      let h = k >> 1u;
      return exp(r) * tj_exp2i(h) * tj_exp2i(k - h);`,
  },
  tj_expm1: {
    params: f32,
    result: 'f32',
    body: `
      if (abs(x) < 1e-7) { return x; }
      if (x > 20.0) { return tj_exp(x) - 1.0; }
      if (x < -18.0) { return -1.0; }
      let n = round(clamp(x * 1.442695, -26.0, 29.0));
      let k = i32(n);
      let r = fma(f32(k), 0.00021219444, fma(n, -0.693359375, x));
      let p = r * (0.16666667 + r * (0.041666668 + r * (0.008333334 + r * (0.0013888889 + r * 0.0001984127))));
      let s = tj_exp2i(k);
      return s * (r + r * r * (0.5 + p)) + (s - 1.0);`,
  },
  // log1p(x) - x, for 1 + x between sqrt(1/2) and sqrt(2)
  tj_log_tail: {
    params: f32,
    result: 'f32',
    body: `
      let s = x / (2.0 + x);
      let z = s * s;
      let w = z * z;
      let h = 0.5 * x * x;
      return s * (h + w * (0.40000972 + w * 0.24279079) + z * (0.6666666 + w * 0.28498787)) - h;`,
  },
  tj_log: {
    params: f32,
    result: 'f32',
    body: `
      let b = bitcast<i32>(x);
      if ((b & 0x7fffffff) == 0) { return -tj_inf(); }
      if (b < 0) { return tj_nan(); }
      if (b >= 0x7f800000) { return x; }
      var i = b;
      var k = 0;
      if (b < 0x800000) {
        i = bitcast<i32>(f32(b));
        k = -149;
      }
      i -= 0x3f3504f3;
      let n = f32(k + (i >> 23u));
      let f = bitcast<f32>((i & 0x7fffff) + 0x3f3504f3) - 1.0;
      return n * 0.69313812 + (f + (tj_log_tail(f) + n * 0.0000090580006));`,
  },
  tj_log1p: {
    params: f32,
    result: 'f32',
    body: `
      if (x > -0.2928932 && x < 0.41421354) { return x + tj_log_tail(x); }
      return tj_log(1.0 + x);`,
  },
  tj_sinh: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (a < 1.0) {
        let t = tj_expm1(a);
        return tj_copy_sign(0.5 * (t + t / (t + 1.0)), x);
      }
      if (a > 88.0) {
        let h = tj_exp(0.5 * a);
        return tj_copy_sign(0.5 * h * h, x);
      }
      let e = tj_exp(a);
      return tj_copy_sign(0.5 * e - 0.5 / e, x);`,
  },
  tj_cosh: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (a > 88.0) {
        let h = tj_exp(0.5 * a);
        return 0.5 * h * h;
      }
      let e = tj_exp(a);
      return 0.5 * e + 0.5 / e;`,
  },
  tj_tanh: {
    params: f32,
    result: 'f32',
    body: `
      let a = abs(x);
      if (a < 0.625) {
        let z = x * x;
        let p = -0.33333282 + z * (0.13331442 + z * (-0.053739715 + z * (0.020639088 - z * 0.0057049887)));
        return tj_copy_sign(a + a * (z * p), x);
      }
      if (a > 10.0) { return select(tj_copy_sign(1.0, x), x, tj_is_nan(x)); }
      return tj_copy_sign(1.0 - 2.0 / (tj_exp(a + a) + 1.0), x);`,
  },
  tj_erf: {
    params: f32,
    result: 'f32',
    body: `
      let t = abs(x);
      let s = x * x;
      if (t > 4.0) { return tj_copy_sign(1.0, x); }
      if (t > 0.92773438) {
        let u = 0.0242546219 - 0.00388396438 * t;
        var r = (0.000383197126 - 0.000017285347 * t) * s + u;
        r = ((r * t - 0.106777877) * t - 0.634846687) * t - 0.128717512;
        return tj_copy_sign(1.0 - tj_exp(r * t - t), x);
      }
      var p = 0.00499119423 - 0.000596761703 * s;
      p = ((p * s - 0.0267681349) * s + 0.112819925) * s - 0.376125336;
      return x + x * (p * s + 0.128379166);`,
  },
}
