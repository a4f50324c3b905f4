// routines-basic: floats, without the functions of mathematics
//
// `pmax` and `pmin` give their first operand where it is NaN, `max` and `min` keep every NaN and order -0 before 0.

import { type RoutineTable, laneRoutines, lanes, one, perLane, two } from './routine.ts'

const f32 = 'float'

/** Floats of 32 bits: bits, comparisons, rounding, extremes. */
export const basicRoutines: RoutineTable = {
  f32_bits: { result: f32, params: ['uint32_t x'], body: '\n  float f;\n  memcpy(&f, &x, 4);\n  return f;' },
  bits_f32: { result: 'uint32_t', params: ['float x'], body: '\n  uint32_t u;\n  memcpy(&u, &x, 4);\n  return u;' },
  f64_bits: { result: 'double', params: ['uint64_t x'], body: '\n  double f;\n  memcpy(&f, &x, 8);\n  return f;' },
  bits_f64: { result: 'uint64_t', params: ['double x'], body: '\n  uint64_t u;\n  memcpy(&u, &x, 8);\n  return u;' },

  ...laneRoutines('f4', f32, 'f32'),
  f4_of_bits: lanes('f4(u4 a)', '(f4)a', 'f32_bits(a)'),
  u4_of_bits: lanes('u4(f4 a)', '(u4)a', 'bits_f32(a)'),
  f4_add: lanes('f4(f4 a, f4 b)', 'a + b', 'a + b'),
  f4_sub: lanes('f4(f4 a, f4 b)', 'a - b', 'a - b'),
  f4_mul: lanes('f4(f4 a, f4 b)', 'a * b', 'a * b'),
  f4_div: lanes('f4(f4 a, f4 b)', 'a / b', 'a / b'),
  f4_madd: lanes('f4(f4 a, f4 b, f4 c)', 'a * b + c', 'a * b + c'),
  f4_neg: lanes('f4(f4 a)', '-a', '-a'),
  f4_abs: lanes('f4(f4 a)', '(f4)((u4)a & 0x7fffffffu)', 'f32_abs(a)'),
  f4_copy_sign: {
    result: 'f4',
    params: ['f4 a', 'f4 b'],
    body: ' return f4_of_bits(u4_select(u4_splat(0x7fffffffu), u4_of_bits(a), u4_of_bits(b)));',
  },
  f4_select: {
    result: 'f4',
    params: ['u4 m', 'f4 a', 'f4 b'],
    body: ' return f4_of_bits(u4_select(m, u4_of_bits(a), u4_of_bits(b)));',
  },
  f4_eq: lanes('u4(f4 a, f4 b)', '(u4)(a == b)', 'u32_mask(a == b)'),
  f4_ne: lanes('u4(f4 a, f4 b)', '(u4)(a != b)', 'u32_mask(a != b)'),
  f4_lt: lanes('u4(f4 a, f4 b)', '(u4)(a < b)', 'u32_mask(a < b)'),
  f4_le: lanes('u4(f4 a, f4 b)', '(u4)(a <= b)', 'u32_mask(a <= b)'),
  f4_gt: lanes('u4(f4 a, f4 b)', '(u4)(a > b)', 'u32_mask(a > b)'),
  f4_ge: lanes('u4(f4 a, f4 b)', '(u4)(a >= b)', 'u32_mask(a >= b)'),
  f4_is_nan: { result: 'u4', params: ['f4 a'], body: ' return f4_ne(a, a);' },
  f4_pmax: extreme('max'),
  f4_pmin: extreme('min'),
  f4_max: perLaneExtreme('max', '&'),
  f4_min: perLaneExtreme('min', '|'),
  f4_sign: {
    result: 'f4',
    params: ['f4 a'],
    body: `
  f4 zero = f4_splat(0.0f);
  return f4_select(f4_lt(a, zero), f4_splat(-1.0f), f4_select(f4_gt(a, zero), f4_splat(1.0f), a));`,
  },
  // cut off towards 0; from 2^23 on floats are whole
  f4_trunc: {
    result: 'f4',
    params: ['f4 a'],
    body: `
  u4 small = f4_lt(f4_abs(a), f4_splat(8388608.0f));
  f4 cut = f4_from_i4(i4_from_small(f4_select(small, a, f4_splat(0.0f))));
  return f4_select(small, f4_copy_sign(cut, a), a);`,
  },
  f4_floor: {
    result: 'f4',
    params: ['f4 a'],
    body: `
  f4 t = f4_trunc(a);
  return f4_copy_sign(f4_sub(t, f4_select(f4_gt(t, a), f4_splat(1.0f), f4_splat(0.0f))), a);`,
  },
  f4_ceil: {
    result: 'f4',
    params: ['f4 a'],
    body: `
  f4 t = f4_trunc(a);
  return f4_copy_sign(f4_add(t, f4_select(f4_lt(t, a), f4_splat(1.0f), f4_splat(0.0f))), a);`,
  },
  // halves to even: what is added leaves no room for a fraction
  f4_round: {
    result: 'f4',
    params: ['f4 a'],
    body: `
  f4 big = f4_splat(8388608.0f);
  f4 size = f4_abs(a);
  return f4_select(f4_lt(size, big), f4_copy_sign(f4_sub(f4_add(size, big), big), a), a);`,
  },
  f4_from_i4: lanes('f4(u4 a)', '__builtin_convertvector((i4)a, f4)', '(float)(int32_t)a'),
  f4_from_u4: lanes('f4(u4 a)', '__builtin_convertvector(a, f4)', '(float)a'),
  f4_from_bool: { result: 'f4', params: ['u4 a'], body: ' return f4_of_bits(u4_and(a, u4_of_bits(f4_splat(1.0f))));' },
  i4_from_small: lanes('u4(f4 a)', '(u4)__builtin_convertvector(a, i4)', '(uint32_t)(int32_t)a'),
  i4_from_f4: {
    result: 'u4',
    params: ['f4 a'],
    body: `
  u4 fits = f4_lt(f4_abs(a), f4_splat(2147483648.0f));
  u4 whole = i4_from_small(f4_select(fits, a, f4_splat(0.0f)));
  u4 beyond = u4_select(f4_gt(a, f4_splat(0.0f)), u4_splat(0x7fffffffu), u4_splat(0x80000000u));
  return u4_select(fits, whole, u4_and(f4_eq(a, a), beyond));`,
  },
  u4_from_f4: perLane('u4(f4 a)', 'u32_from_f32'),

  f32_abs: one(f32, f32, ' return f32_bits(bits_f32(x) & 0x7fffffffu);'),
  f32_copy_sign: two(f32, f32, ' return f32_bits((bits_f32(x) & 0x7fffffffu) | (bits_f32(y) & 0x80000000u));'),
  f32_is_nan: { result: 'int', params: ['float x'], body: ' return x != x;' },
  f32_sign: one(f32, f32, ' return x < 0.0f ? -1.0f : x > 0.0f ? 1.0f : x;'),
  f32_trunc: one(f32, f32, ' return f32_abs(x) < 8388608.0f ? f32_copy_sign((float)(int32_t)x, x) : x;'),
  f32_floor: one(f32, f32, '\n  float t = f32_trunc(x);\n  return f32_copy_sign(t > x ? t - 1.0f : t, x);'),
  f32_ceil: one(f32, f32, '\n  float t = f32_trunc(x);\n  return f32_copy_sign(t < x ? t + 1.0f : t, x);'),
  f32_round: one(f32, f32, ' return f4_lane(f4_round(f4_splat(x)), 0);'),
  f32_max: scalarExtreme('>', '&'),
  f32_min: scalarExtreme('<', '|'),
}

function extreme(name: 'max' | 'min'): RoutineTable[string] {
  // the instruction gives its second operand where one is NaN
  const comparison = name === 'max' ? 'f4_lt' : 'f4_gt'
  return {
    result: 'f4',
    params: ['f4 a', 'f4 b'],
    body: `
#if TSJIT_VECTORS && defined(__SSE2__)
  return (f4)_mm_${name}_ps((__m128)b, (__m128)a);
#else
  return f4_select(${comparison}(a, b), b, a);
#endif`,
  }
}

function perLaneExtreme(name: 'max' | 'min', zeros: '&' | '|'): RoutineTable[string] {
  const join = zeros === '&' ? 'u4_and' : 'u4_or'
  return {
    result: 'f4',
    params: ['f4 a', 'f4 b'],
    body: `
  f4 r = f4_select(f4_eq(a, b), f4_of_bits(${join}(u4_of_bits(a), u4_of_bits(b))), f4_p${name}(a, b));
  return f4_select(f4_is_nan(b), b, r);`,
  }
}

function scalarExtreme(operator: '>' | '<', zeros: '&' | '|'): RoutineTable[string] {
  return two(
    f32,
    f32,
    `
  if (x != x) return x;
  if (x == y) return f32_bits(bits_f32(x) ${zeros} bits_f32(y));
  return x ${operator} y ? x : y;`,
  )
}
