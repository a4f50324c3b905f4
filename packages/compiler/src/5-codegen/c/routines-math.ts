// routines-math: exp, log and what is made of them, four lanes at a time
//
// The same reductions and polynomials as WebAssembly has (exp and tanh after Cephes, logarithms after FreeBSD's k_logf,
// erf after N. Juffa), so the same bits where products and sums are rounded one by one. A scalar is one of four lanes.

import { type Routine, type RoutineTable, one } from './routine.ts'

const f = (value: number): string => `f4_splat(${literal(value)})`
const u = (value: number): string => `u4_splat(${value >>> 0}u)`

function literal(value: number): string {
  const text = String(Math.fround(value))
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}

/** A polynomial, the coefficient of the highest power first. */
function horner(at: string, ...coefficients: readonly number[]): string {
  return coefficients.slice(1).reduce((sum, next) => `f4_madd(${sum}, ${at}, ${f(next)})`, f(coefficients[0] ?? 0))
}

function vector(body: string): Routine {
  return { result: 'f4', params: ['f4 x'], body }
}

/** From here on floats are whole numbers: what is added is rounded. */
const ROUNDING = 1.5 * 2 ** 23

const vectors: RoutineTable = {
  // x = 2n ln 2 + r: 2 to the n, twice, reaches below the normals and above the largest number
  f4_exp: vector(`
  f4 v = f4_pmin(f4_pmax(x, ${f(-104)}), ${f(89)});
  /* n rounded, in the low bits of a sum without room for a fraction: there 127 makes it an exponent */
  f4 t = f4_madd(v, ${f(0.72134752)}, ${f(ROUNDING + 127)});
  f4 n = f4_sub(t, ${f(ROUNDING + 127)});
  f4 r = f4_madd(n, ${f(0.00042438888)}, f4_madd(n, ${f(-1.38671875)}, v));
  f4 s = f4_of_bits(u4_shl(u4_of_bits(t), u4_splat(23u)));
  f4 q = f4_mul(r, r);
  f4 high = f4_madd(q, f4_madd(r, ${f(1.9611596e-4)}, ${f(1.4104474e-3)}), f4_madd(r, ${f(8.336104e-3)}, ${f(4.166127e-2)}));
  f4 p = f4_madd(q, high, f4_madd(r, ${f(1.6666614e-1)}, ${f(0.50000036)}));
  return f4_mul(f4_madd(s, f4_madd(q, p, r), s), s);`),
  f4_expm1: vector(`
  f4 v = f4_pmin(f4_pmax(x, ${f(-18)}), ${f(20)});
  f4 t = f4_madd(v, ${f(1.442695)}, ${f(ROUNDING + 127)});
  f4 n = f4_sub(t, ${f(ROUNDING + 127)});
  f4 r = f4_madd(n, ${f(0.00021219444)}, f4_madd(n, ${f(-0.693359375)}, v));
  f4 s = f4_of_bits(u4_shl(u4_of_bits(t), u4_splat(23u)));
  f4 p = ${horner('r', 0.0001984127, 0.0013888889, 0.008333334, 0.041666668, 0.16666667)};
  f4 e = f4_madd(f4_mul(r, r), f4_add(${f(0.5)}, f4_mul(r, p)), r);
  f4 z = f4_madd(s, e, f4_sub(s, ${f(1)}));
  z = f4_select(f4_gt(x, ${f(20)}), f4_sub(f4_exp(x), ${f(1)}), z);
  z = f4_select(f4_lt(x, ${f(-18)}), ${f(-1)}, z);
  return f4_select(f4_lt(f4_abs(x), ${f(1e-7)}), x, z);`),
  // log1p(x) - x, for 1 + x between sqrt(1/2) and sqrt(2)
  f4_log_tail: vector(`
  f4 s = f4_div(x, f4_add(${f(2)}, x));
  f4 z = f4_mul(s, s);
  f4 w = f4_mul(z, z);
  f4 h = f4_mul(f4_mul(${f(0.5)}, x), x);
  f4 even = f4_mul(w, f4_madd(w, ${f(0.24279079)}, ${f(0.40000972)}));
  f4 odd = f4_mul(z, f4_madd(w, ${f(0.28498787)}, ${f(0.6666666)}));
  return f4_sub(f4_mul(s, f4_add(f4_add(h, even), odd)), h);`),
  f4_log: vector(`
  /* bits of a number below the normals, as a number, are the number times 2 to the 149 */
  u4 m = i4_lt(u4_of_bits(x), ${u(0x800000)});
  u4 i = u4_select(m, u4_of_bits(f4_from_i4(u4_of_bits(x))), u4_of_bits(x));
  i = u4_sub(i, ${u(0x3f3504f3)});
  u4 k = u4_add(i4_shr(i, u4_splat(23u)), u4_and(m, ${u(-149)}));
  f4 n = f4_from_i4(k);
  f4 g = f4_sub(f4_of_bits(u4_add(u4_and(i, ${u(0x7fffff)}), ${u(0x3f3504f3)})), ${f(1)});
  f4 r = f4_madd(n, ${f(0.69313812)}, f4_add(g, f4_madd(n, ${f(0.0000090580006)}, f4_log_tail(g))));
  r = f4_select(f4_eq(x, ${f(0)}), f4_of_bits(${u(0xff800000)}), r);
  r = f4_select(f4_lt(x, ${f(0)}), f4_of_bits(${u(0x7fc00000)}), r);
  /* infinity and NaN are their own logarithms, as far as anyone can tell */
  return f4_select(f4_lt(x, f4_of_bits(${u(0x7f800000)})), r, x);`),
  f4_log1p: vector(`
  u4 near = u4_and(f4_gt(x, ${f(-0.2928932)}), f4_lt(x, ${f(0.41421354)}));
  return f4_select(near, f4_add(x, f4_log_tail(x)), f4_log(f4_add(${f(1)}, x)));`),
  f4_sinh: vector(`
  f4 a = f4_abs(x);
  f4 t = f4_expm1(f4_pmin(a, ${f(1)}));
  t = f4_mul(${f(0.5)}, f4_add(t, f4_div(t, f4_add(t, ${f(1)}))));
  f4 e = f4_exp(a);
  f4 h = f4_exp(f4_mul(${f(0.5)}, a));
  f4 large = f4_mul(f4_mul(${f(0.5)}, h), h);
  h = f4_select(f4_gt(a, ${f(88)}), large, f4_sub(f4_mul(${f(0.5)}, e), f4_div(${f(0.5)}, e)));
  return f4_copy_sign(f4_select(f4_lt(a, ${f(1)}), t, h), x);`),
  f4_cosh: vector(`
  f4 a = f4_abs(x);
  f4 e = f4_exp(a);
  f4 h = f4_exp(f4_mul(${f(0.5)}, a));
  f4 large = f4_mul(f4_mul(${f(0.5)}, h), h);
  return f4_select(f4_gt(a, ${f(88)}), large, f4_add(f4_mul(${f(0.5)}, e), f4_div(${f(0.5)}, e)));`),
  f4_tanh: vector(`
  f4 a = f4_abs(x);
  f4 z = f4_mul(x, x);
  f4 p = ${horner('z', -0.0057049887, 0.020639088, -0.053739715, 0.13331442, -0.33333282)};
  p = f4_madd(a, f4_mul(z, p), a);
  f4 e = f4_add(f4_exp(f4_add(a, a)), ${f(1)});
  return f4_copy_sign(f4_select(f4_lt(a, ${f(0.625)}), p, f4_sub(${f(1)}, f4_div(${f(2)}, e))), x);`),
  f4_erf: vector(`
  f4 t = f4_abs(x);
  f4 s = f4_mul(x, x);
  f4 v = f4_madd(t, ${f(-0.00388396438)}, ${f(0.0242546219)});
  f4 r = f4_madd(f4_madd(t, ${f(-0.000017285347)}, ${f(0.000383197126)}), s, v);
  r = f4_madd(f4_madd(f4_madd(r, t, ${f(-0.106777877)}), t, ${f(-0.634846687)}), t, ${f(-0.128717512)});
  r = f4_sub(${f(1)}, f4_exp(f4_madd(r, t, f4_neg(t))));
  r = f4_copy_sign(f4_select(f4_gt(t, ${f(4)}), ${f(1)}, r), x);
  f4 p = ${horner('s', -0.000596761703, 0.00499119423, -0.0267681349, 0.112819925, -0.376125336, 0.128379166)};
  return f4_select(f4_gt(t, ${f(0.92773438)}), r, f4_madd(x, p, x));`),
  f4_sqrt: vector(`
#if TSJIT_VECTORS && defined(__SSE2__)
  return (f4)_mm_sqrt_ps((__m128)x);
#elif TSJIT_VECTORS && defined(__aarch64__)
  return (f4)vsqrtq_f32((float32x4_t)x);
#else
  return f4_of(f32_sqrt(f4_lane(x, 0)), f32_sqrt(f4_lane(x, 1)), f32_sqrt(f4_lane(x, 2)), f32_sqrt(f4_lane(x, 3)));
#endif`),
}

const scalars = ['exp', 'expm1', 'log', 'log1p', 'sinh', 'cosh', 'tanh', 'erf', 'sin', 'cos']

/** exp, expm1, log, log1p, sinh, cosh, tanh, erf and sqrt. */
export const mathRoutines: RoutineTable = {
  ...vectors,
  ...Object.fromEntries(
    scalars.map((name) => [`f32_${name}`, one('float', 'float', ` return f4_lane(f4_${name}(f4_splat(x)), 0);`)]),
  ),
  f32_sqrt: one(
    'float',
    'float',
    `
#if TSJIT_VECTORS && defined(__SSE2__)
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
  /* zeros, infinity and NaN are their own roots; rounded once more the root of a double is exact */
  if (!(x > 0.0f)) return x == 0.0f ? x : f32_bits(0x7fc00000u);
  return bits_f32(x) >= 0x7f800000u ? x : (float)f64_sqrt((double)x);
#endif`,
  ),
}
