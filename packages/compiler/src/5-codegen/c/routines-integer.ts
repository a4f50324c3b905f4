// routines-integer: whole numbers
//
// Sums and products wrap: they are computed without a sign. Division rounds down; by zero it is zero.

import { type RoutineTable, laneRoutines, lanes, one, perLane, two } from './routine.ts'

const index = 'ptrdiff_t'
const i32 = 'int32_t'
const u32 = 'uint32_t'

/** Indices, and integers of 32 bits with and without a sign. */
export const integerRoutines: RoutineTable = {
  idx_min: two(index, index, ' return x < y ? x : y;'),
  idx_max: two(index, index, ' return x > y ? x : y;'),
  idx_div: two(index, index, '\n  ptrdiff_t q = x / y;\n  return q - (x % y != 0 && (x < 0) != (y < 0));'),
  idx_mod: two(index, index, ' return x - idx_div(x, y) * y;'),

  i32_add: two(i32, i32, ' return (int32_t)((uint32_t)x + (uint32_t)y);'),
  i32_sub: two(i32, i32, ' return (int32_t)((uint32_t)x - (uint32_t)y);'),
  i32_mul: two(i32, i32, ' return (int32_t)((uint32_t)x * (uint32_t)y);'),
  i32_neg: one(i32, i32, ' return (int32_t)(0u - (uint32_t)x);'),
  i32_abs: one(i32, i32, ' return x < 0 ? i32_neg(x) : x;'),
  i32_sign: one(i32, i32, ' return (x > 0) - (x < 0);'),
  i32_max: two(i32, i32, ' return x > y ? x : y;'),
  i32_min: two(i32, i32, ' return x < y ? x : y;'),
  i32_shl: two(i32, i32, ' return (int32_t)((uint32_t)x << (y & 31));'),
  i32_shr: two(i32, i32, ' return x >> (y & 31);'),
  i32_floor_div: two(
    i32,
    i32,
    `
  if (y == 0) return 0;
  if (y == -1) return i32_neg(x);
  return x / y - (x % y != 0 && (x < 0) != (y < 0));`,
  ),
  i32_mod: two(i32, i32, ' return i32_sub(x, i32_mul(i32_floor_div(x, y), y));'),
  i32_pow: two(
    i32,
    i32,
    `
  if (y >= 0) return (int32_t)u32_pow((uint32_t)x, (uint32_t)y);
  if (x == 1) return 1;
  if (x != -1) return 0;
  return y & 1 ? -1 : 1;`,
  ),
  i32_from_f32: {
    result: i32,
    params: ['float x'],
    body: `
  if (x != x) return 0;
  if (x >= 2147483648.0f) return 2147483647;
  return x > -2147483648.0f ? (int32_t)x : -2147483647 - 1;`,
  },

  u32_add: two(u32, u32, ' return x + y;'),
  u32_mul: two(u32, u32, ' return x * y;'),
  u32_sub: two(u32, u32, ' return x - y;'),
  u32_neg: one(u32, u32, ' return 0u - x;'),
  u32_sign: one(u32, u32, ' return x != 0;'),
  u32_max: two(u32, u32, ' return x > y ? x : y;'),
  u32_min: two(u32, u32, ' return x < y ? x : y;'),
  u32_shl: two(u32, u32, ' return x << (y & 31);'),
  u32_shr: two(u32, u32, ' return x >> (y & 31);'),
  u32_mul_high: two(u32, u32, ' return (uint32_t)(((uint64_t)x * y) >> 32);'),
  u32_floor_div: two(u32, u32, ' return y == 0 ? 0 : x / y;'),
  u32_mod: two(u32, u32, ' return y == 0 ? x : x % y;'),
  u32_pow: two(
    u32,
    u32,
    `
  uint32_t p = 1;
  for (; y != 0; y >>= 1, x *= x) if (y & 1) p *= x;
  return p;`,
  ),
  u32_from_f32: {
    result: u32,
    params: ['float x'],
    body: `
  if (!(x > 0.0f)) return 0;
  return x < 4294967296.0f ? (uint32_t)x : 4294967295u;`,
  },
  u32_mask: { result: u32, params: ['int x'], body: ' return x ? 0xffffffffu : 0u;' },

  ...laneRoutines('u4', u32, 'u32'),
  u4_add: lanes('u4(u4 a, u4 b)', 'a + b', 'a + b'),
  u4_sub: lanes('u4(u4 a, u4 b)', 'a - b', 'a - b'),
  u4_mul: lanes('u4(u4 a, u4 b)', 'a * b', 'a * b'),
  u4_neg: lanes('u4(u4 a)', '-a', '0u - a'),
  u4_and: lanes('u4(u4 a, u4 b)', 'a & b', 'a & b'),
  u4_or: lanes('u4(u4 a, u4 b)', 'a | b', 'a | b'),
  u4_xor: lanes('u4(u4 a, u4 b)', 'a ^ b', 'a ^ b'),
  u4_not: lanes('u4(u4 a)', '~a', '~a'),
  u4_select: lanes('u4(u4 m, u4 a, u4 b)', '(m & a) | (~m & b)', '(m & a) | (~m & b)'),
  u4_shl: lanes('u4(u4 a, u4 b)', 'a << (b & 31)', 'a << (b & 31)'),
  u4_shr: lanes('u4(u4 a, u4 b)', 'a >> (b & 31)', 'a >> (b & 31)'),
  i4_shr: lanes('u4(u4 a, u4 b)', '(u4)((i4)a >> (i4)(b & 31))', '(uint32_t)((int32_t)a >> (b & 31))'),
  u4_eq: lanes('u4(u4 a, u4 b)', '(u4)(a == b)', 'u32_mask(a == b)'),
  u4_ne: lanes('u4(u4 a, u4 b)', '(u4)(a != b)', 'u32_mask(a != b)'),
  u4_lt: lanes('u4(u4 a, u4 b)', '(u4)(a < b)', 'u32_mask(a < b)'),
  u4_le: lanes('u4(u4 a, u4 b)', '(u4)(a <= b)', 'u32_mask(a <= b)'),
  u4_gt: lanes('u4(u4 a, u4 b)', '(u4)(a > b)', 'u32_mask(a > b)'),
  u4_ge: lanes('u4(u4 a, u4 b)', '(u4)(a >= b)', 'u32_mask(a >= b)'),
  i4_lt: lanes('u4(u4 a, u4 b)', '(u4)((i4)a < (i4)b)', 'u32_mask((int32_t)a < (int32_t)b)'),
  i4_le: lanes('u4(u4 a, u4 b)', '(u4)((i4)a <= (i4)b)', 'u32_mask((int32_t)a <= (int32_t)b)'),
  i4_gt: lanes('u4(u4 a, u4 b)', '(u4)((i4)a > (i4)b)', 'u32_mask((int32_t)a > (int32_t)b)'),
  i4_ge: lanes('u4(u4 a, u4 b)', '(u4)((i4)a >= (i4)b)', 'u32_mask((int32_t)a >= (int32_t)b)'),
  u4_max: { result: 'u4', params: ['u4 a', 'u4 b'], body: ' return u4_select(u4_gt(a, b), a, b);' },
  u4_min: { result: 'u4', params: ['u4 a', 'u4 b'], body: ' return u4_select(u4_lt(a, b), a, b);' },
  i4_max: { result: 'u4', params: ['u4 a', 'u4 b'], body: ' return u4_select(i4_gt(a, b), a, b);' },
  i4_min: { result: 'u4', params: ['u4 a', 'u4 b'], body: ' return u4_select(i4_lt(a, b), a, b);' },
  i4_abs: { result: 'u4', params: ['u4 a'], body: ' return u4_select(i4_lt(a, u4_splat(0)), u4_neg(a), a);' },
  i4_sign: {
    result: 'u4',
    params: ['u4 a'],
    body: ' return u4_sub(i4_lt(a, u4_splat(0)), i4_gt(a, u4_splat(0)));',
  },
  u4_sign: { result: 'u4', params: ['u4 a'], body: ' return u4_min(a, u4_splat(1));' },
  u4_mul_high: perLane('u4(u4 a, u4 b)', 'u32_mul_high'),
  u4_floor_div: perLane('u4(u4 a, u4 b)', 'u32_floor_div'),
  u4_mod: perLane('u4(u4 a, u4 b)', 'u32_mod'),
  u4_pow: perLane('u4(u4 a, u4 b)', 'u32_pow'),
  i4_floor_div: perLane('u4(u4 a, u4 b)', 'u32_of_i32_floor_div'),
  i4_mod: perLane('u4(u4 a, u4 b)', 'u32_of_i32_mod'),
  i4_pow: perLane('u4(u4 a, u4 b)', 'u32_of_i32_pow'),
  u32_of_i32_floor_div: two(u32, u32, ' return (uint32_t)i32_floor_div((int32_t)x, (int32_t)y);'),
  u32_of_i32_mod: two(u32, u32, ' return (uint32_t)i32_mod((int32_t)x, (int32_t)y);'),
  u32_of_i32_pow: two(u32, u32, ' return (uint32_t)i32_pow((int32_t)x, (int32_t)y);'),
  u32_halves: {
    result: u32,
    params: ['uint32_t x', 'uint32_t y', 'uint32_t z'],
    body: ' return u32_low_half(x) * u32_low_half(y) + u32_low_half(x >> 16) * u32_low_half(y >> 16) + z;',
  },
  u32_low_half: one(u32, u32, ' return ((x & 0xffffu) ^ 0x8000u) - 0x8000u;'),
  u4_halves: {
    result: 'u4',
    params: ['u4 a', 'u4 b', 'u4 c'],
    body: `
  return u4_of(u32_halves(u4_lane(a, 0), u4_lane(b, 0), u4_lane(c, 0)), u32_halves(u4_lane(a, 1), u4_lane(b, 1), u4_lane(c, 1)),
               u32_halves(u4_lane(a, 2), u4_lane(b, 2), u4_lane(c, 2)), u32_halves(u4_lane(a, 3), u4_lane(b, 3), u4_lane(c, 3)));`,
  },
}
