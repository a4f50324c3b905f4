// routines-trigonometric: sin, cos and their like, powers and remainders
//
// sin and cos reduce their argument in double precision (two parts of pi/2, exact to a million; from there on by the bits
// of 2/pi, after Payne and Hanek) and go on with Cephes' sinf and cosf. The rest is computed in double precision and
// rounded once: its series are long enough that this is all that can be seen.

import { type Routine, type RoutineTable, one, perLane, two } from './routine.ts'

const f32 = 'float'
const f64 = 'double'

function near(name: 'sin' | 'cos'): Routine {
  const shift = name === 'sin' ? '0' : '1'
  return {
    result: 'f4',
    params: ['f4 x'],
    body: `
  float r[4], w[4];
  uint32_t k[4];
  int is_large = 0;
  for (int i = 0; i < 4; i++) w[i] = f4_lane(x, i);
  for (int i = 0; i < 4; i++) is_large |= f32_abs(w[i]) > 1e6f;
  for (int i = 0; i < 4; i++) {
    double q = f32_abs(w[i]) <= 1e6f ? f64_round((double)w[i] * 0.6366197723675814) : 0.0;
    r[i] = (float)(((double)w[i] - q * 1.5707963267341256) - q * 6.077100506506192e-11);
    k[i] = (uint32_t)(int32_t)q + ${shift}u;
  }
  f4 v = f4_of(r[0], r[1], r[2], r[3]);
  u4 n = u4_of(k[0], k[1], k[2], k[3]);
  f4 z = f4_mul(v, v);
  f4 s = f4_madd(f4_splat(-1.9515295891e-4f), z, f4_splat(8.3321608736e-3f));
  s = f4_madd(f4_mul(z, v), f4_madd(s, z, f4_splat(-1.6666654611e-1f)), v);
  f4 c = f4_madd(f4_splat(2.443315711809948e-5f), z, f4_splat(-1.388731625493765e-3f));
  c = f4_madd(c, z, f4_splat(4.166664568298827e-2f));
  c = f4_madd(f4_mul(z, z), c, f4_madd(z, f4_splat(-0.5f), f4_splat(1.0f)));
  /* odd quarters take the cosine, the upper half the other sign */
  u4 odd = u4_eq(u4_and(n, u4_splat(1u)), u4_splat(1u));
  u4 sign = u4_shl(u4_and(n, u4_splat(2u)), u4_splat(30u));
  s = f4_of_bits(u4_xor(u4_of_bits(f4_select(odd, c, s)), sign));
  if (!is_large) return s;
  for (int i = 0; i < 4; i++) r[i] = f32_abs(w[i]) > 1e6f ? f32_${name}_any(w[i]) : f4_lane(s, i);
  return f4_of(r[0], r[1], r[2], r[3]);`,
  }
}

/** The terms of a series in z, the last one innermost. */
function series(...terms: readonly number[]): string {
  return terms.reduceRight((rest, term) => (rest === '' ? String(term) : `${term} + z * (${rest})`), '')
}

/** 1/1!, -1/3!, 1/5!, … or 1/0!, -1/2!, … */
function factorials(first: 0 | 1, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => {
    let product = i % 2 === 0 ? 1 : -1
    for (let n = 2; n <= first + 2 * i; n++) product /= n
    return product
  })
}

const inverseFactorials = Array.from({ length: 15 }, (_, n) => {
  let product = 1
  for (let i = 2; i <= n; i++) product /= i
  return product
})

const doubles: RoutineTable = {
  // halves to even, below 2^51
  f64_round: one(f64, f64, ' return (x + 6755399441055744.0) - 6755399441055744.0;'),
  f64_abs: one(f64, f64, ' return x < 0.0 ? -x : x;'),
  f64_floor: one(
    f64,
    f64,
    `
  if (!(f64_abs(x) < 4503599627370496.0)) return x;
  double t = (double)(int64_t)x;
  t = t > x ? t - 1.0 : t;
  return t == 0.0 ? x * 0.0 : t;`,
  ),
  // from a guess by the bits, each step doubles the digits
  f64_sqrt: one(
    f64,
    f64,
    `
  if (x == 0.0) return x;
  double g = f64_bits((bits_f64(x) >> 1) + 0x1ff7a3bea91d9b1bu);
  for (int i = 0; i < 5; i++) g = 0.5 * (g + x / g);
  return g;`,
  ),
  // x -> the rest within a quarter of pi, and how many halves of pi were taken away
  f64_reduce: {
    result: f64,
    params: ['float x', 'uint32_t *n'],
    body: `
  if (f32_abs(x) <= 1e6f) {
    double q = f64_round((double)x * 0.6366197723675814);
    *n = (uint32_t)(int32_t)q;
    return ((double)x - q * 1.5707963267341256) - q * 6.077100506506192e-11;
  }
  static const uint32_t bits[8] = { 0u,          0xa2f9836eu, 0x4e441529u, 0xfc2757d1u,
                                    0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu };
  uint32_t b = bits_f32(x), m = (b & 0x7fffffu) | 0x800000u, at = ((b >> 23) & 255u) - 120u;
  uint32_t i = at >> 5, s = at & 31u;
  uint64_t w[3];
  for (int j = 0; j < 3; j++) w[j] = (uint32_t)(((((uint64_t)bits[i + j] << 32) | bits[i + j + 1]) << s) >> 32);
  /* the product with 96 bits of 2/pi, without the lowest 32: its highest two count halves of pi */
  uint64_t p = ((m * w[0]) << 32) + m * w[1] + ((m * w[2]) >> 32);
  uint64_t q = (p + ((uint64_t)1 << 61)) >> 62;
  uint64_t rest = p - (q << 62);
  double r = rest >> 63 ? -(double)(~rest + 1u) : (double)rest;
  r *= 3.406121580086555e-19;
  *n = (uint32_t)(b >> 31 ? 0u - (uint32_t)q : (uint32_t)q);
  return b >> 31 ? -r : r;`,
  },
  f64_sin_near: one(f64, f64, `\n  double z = x * x;\n  return x * (${series(...factorials(1, 9))});`),
  f64_cos_near: one(f64, f64, `\n  double z = x * x;\n  return ${series(...factorials(0, 10))};`),
  // for x >= 0
  f64_atan: one(
    f64,
    f64,
    `
  double base = 0.0;
  if (x > 2.414213562373095) {
    base = 1.5707963267948966;
    x = -1.0 / x;
  } else if (x > 0.41421356237309503) {
    base = 0.7853981633974483;
    x = (x - 1.0) / (x + 1.0);
  }
  double z = x * x;
  return base + x * (${series(...Array.from({ length: 19 }, (_, i) => (i % 2 === 0 ? 1 : -1) / (2 * i + 1)))});`,
  ),
  f64_atan2: two(
    f64,
    f64,
    `
  double a = f64_abs(x), b = f64_abs(y);
  double high = a > b ? a : b, low = a > b ? b : a;
  double t = high == 0.0 ? 0.0 : low == high ? 1.0 : low / high;
  double r = f64_atan(t);
  if (a > b) r = 1.5707963267948966 - r;
  if (bits_f64(y) >> 63) r = 3.141592653589793 - r;
  return bits_f64(x) >> 63 ? -r : r;`,
  ),
  // of a positive, finite number
  f64_log2: one(
    f64,
    f64,
    `
  uint64_t b = bits_f64(x) - 0x3fe6a09e667f3bcdu;
  double k = (double)(int32_t)(b >> 52) - ((b >> 63) ? 4096.0 : 0.0);
  double m = f64_bits((b & 0xfffffffffffffu) + 0x3fe6a09e667f3bcdu);
  double s = (m - 1.0) / (m + 1.0), z = s * s;
  return k + s * (${series(...Array.from({ length: 12 }, (_, i) => (2 * Math.LOG2E) / (2 * i + 1)))});`,
  ),
  // 2 to the x, for sizes below 1000
  f64_exp2: one(
    f64,
    f64,
    `
  double n = f64_round(x), z = (x - n) * 0.6931471805599453;
  double scale = f64_bits((uint64_t)((int64_t)n + 1023) << 52);
  return scale * (${series(...inverseFactorials)});`,
  ),
}

const functions: RoutineTable = {
  f32_sin_any: quarters('f64_sin_near(r)', 'f64_cos_near(r)', 'n & 2u'),
  f32_cos_any: quarters('f64_cos_near(r)', 'f64_sin_near(r)', '(n + 1u) & 2u'),
  f32_tan: one(
    f32,
    f32,
    `
  uint32_t n;
  if (!(f32_abs(x) < f32_bits(0x7f800000u))) return f32_bits(0x7fc00000u);
  if (x == 0.0f) return x;
  double r = f64_reduce(x, &n), s = f64_sin_near(r), c = f64_cos_near(r);
  return (float)(n & 1u ? -c / s : s / c);`,
  ),
  f32_asin: one(
    f32,
    f32,
    `
  if (!(f32_abs(x) <= 1.0f)) return f32_bits(0x7fc00000u);
  double d = (double)x;
  return x == 0.0f ? x : (float)f64_atan2(d, f64_sqrt((1.0 - d) * (1.0 + d)));`,
  ),
  f32_acos: one(
    f32,
    f32,
    `
  if (!(f32_abs(x) <= 1.0f)) return f32_bits(0x7fc00000u);
  double d = (double)x;
  return (float)f64_atan2(f64_sqrt((1.0 - d) * (1.0 + d)), d);`,
  ),
  f32_atan: one(
    f32,
    f32,
    `
  if (x != x || x == 0.0f) return x;
  return f32_copy_sign((float)f64_atan(f64_abs((double)x)), x);`,
  ),
  f32_atan2: two(
    f32,
    f32,
    `
  if (x != x || y != y) return f32_bits(0x7fc00000u);
  return (float)f64_atan2((double)x, (double)y);`,
  ),
  f32_floor_div: two(f32, f32, ' return (float)f64_floor((double)x / (double)y);'),
  // the remainder with the sign of y; bit by bit as in long division, forty at a time
  f32_mod: two(
    f32,
    f32,
    `
  float a = f32_abs(x), b = f32_abs(y);
  if (x != x || y != y || b == 0.0f || !(a < f32_bits(0x7f800000u))) return f32_bits(0x7fc00000u);
  double rest = (double)a;
  if (a >= b) {
    uint64_t ma = bits_f64((double)a), mb = bits_f64((double)b);
    int gap = (int)(ma >> 52) - (int)(mb >> 52);
    ma = ((ma & 0xfffffffffffffu) | 0x10000000000000u) >> 29;
    mb = ((mb & 0xfffffffffffffu) | 0x10000000000000u) >> 29;
    for (ma %= mb; gap > 0; gap -= 39) ma = (ma << (gap < 39 ? gap : 39)) % mb;
    rest = (double)ma * ((double)b / (double)mb);
  }
  if (rest == 0.0) return f32_copy_sign(0.0f, y);
  if (x < 0.0f) rest = -rest;
  return (float)((rest < 0.0) == (y < 0.0f) ? rest : rest + (double)y);`,
  ),
  // as IEEE has it: 1 to anything and anything to 0 are 1
  f32_pow: two(
    f32,
    f32,
    `
  float infinity = f32_bits(0x7f800000u), a = f32_abs(x), size = f32_abs(y);
  if (y == 0.0f || x == 1.0f || (x == -1.0f && size == infinity)) return 1.0f;
  if (x != x || y != y) return f32_bits(0x7fc00000u);
  /* from 2^24 on floats are even */
  int isWhole = size >= 16777216.0f || f32_trunc(y) == y;
  int isOdd = size < 16777216.0f && isWhole && ((int32_t)y & 1);
  float sign = isOdd && bits_f32(x) >> 31 ? -1.0f : 1.0f;
  if (size == infinity) return (a > 1.0f) == (y > 0.0f) ? infinity : 0.0f;
  if (a == 0.0f || a == infinity) return (a == 0.0f) == (y < 0.0f) ? sign * infinity : sign * 0.0f;
  if (x < 0.0f && !isWhole) return f32_bits(0x7fc00000u);
  double t = (double)y * f64_log2((double)a);
  if (t >= 128.0) return sign * infinity;
  if (t < -160.0) return sign * 0.0f;
  return sign * (float)f64_exp2(t);`,
  ),
}

function quarters(even: string, odd: string, sign: string): Routine {
  return one(
    f32,
    f32,
    `
  uint32_t n;
  if (!(f32_abs(x) < f32_bits(0x7f800000u))) return f32_bits(0x7fc00000u);
  double r = f64_reduce(x, &n), v = n & 1u ? ${odd} : ${even};
  return (float)(${sign} ? -v : v);`,
  )
}

/** Trigonometric functions and their inverses, powers and remainders of floats. */
export const trigonometricRoutines: RoutineTable = {
  ...doubles,
  ...functions,
  f4_sin: near('sin'),
  f4_cos: near('cos'),
  ...Object.fromEntries(
    ['tan', 'asin', 'acos', 'atan'].map((name) => [`f4_${name}`, perLane('f4(f4 a)', `f32_${name}`)]),
  ),
  ...Object.fromEntries(
    ['atan2', 'pow', 'mod', 'floor_div'].map((name) => [`f4_${name}`, perLane('f4(f4 a, f4 b)', `f32_${name}`)]),
  ),
}
