// routines-storage: elements of memory, four at a time, and floats of 16 bits
//
// Copies of a size known to the compiler are single instructions. Rounding is to nearest, halves to even.

import { type Routine, type RoutineTable, one, perLane } from './routine.ts'

/** Loads and stores. */
export const storageRoutines: RoutineTable = {
  f4_load: load('f4', 'f4 r', 16, 'r'),
  u4_load: load('u4', 'u4 r', 16, 'r'),
  u4_load_u8: load('u4', 'uint8_t e[4]', 4, 'u4_of(e[0], e[1], e[2], e[3])'),
  u4_load_i8: load('u4', 'int8_t e[4]', 4, 'u4_of((uint32_t)e[0], (uint32_t)e[1], (uint32_t)e[2], (uint32_t)e[3])'),
  u4_load_bool: {
    result: 'u4',
    params: ['const void *p'],
    body: ' return u4_ne(u4_load_u8(p), u4_splat(0));',
  },
  u4_load_u16: load('u4', 'uint16_t e[4]', 8, 'u4_of(e[0], e[1], e[2], e[3])'),
  f4_load_half: { result: 'f4', params: ['const void *p'], body: ' return f4_from_half(u4_load_u16(p));' },
  f4_load_brain: {
    result: 'f4',
    params: ['const void *p'],
    body: ' return f4_of_bits(u4_shl(u4_load_u16(p), u4_splat(16)));',
  },
  f4_store: store('f4 a', '', '&a', 16),
  u4_store: store('u4 a', '', '&a', 16),
  u4_store_u8: store('u4 a', `uint8_t e[4] = { ${bytes('u4_lane(a, #)', 'uint8_t')} };`, 'e', 4),
  u4_store_bool: {
    result: 'void',
    params: ['void *p', 'u4 a'],
    body: ' u4_store_u8(p, u4_and(a, u4_splat(1)));',
  },
  u4_store_u16: store('u4 a', `uint16_t e[4] = { ${bytes('u4_lane(a, #)', 'uint16_t')} };`, 'e', 8),
  f4_store_half: { result: 'void', params: ['void *p', 'f4 a'], body: ' u4_store_u16(p, half_from_f4(a));' },
  f4_store_brain: { result: 'void', params: ['void *p', 'f4 a'], body: ' u4_store_u16(p, brain_from_f4(a));' },

  f32_from_brain: one('float', 'uint32_t', ' return f32_bits(x << 16);'),
  // the product is exact, for numbers below the normals too
  f32_from_half: one(
    'float',
    'uint32_t',
    `
  uint32_t size = x & 0x7fffu;
  uint32_t top = size >= 0x7c00u ? 0x7f800000u : 0u;
  return f32_bits(bits_f32(f32_bits(size << 13) * 5192296858534827628530496329220096.0f) | top | (x & 0x8000u) << 16);`,
  ),
  f4_from_half: {
    result: 'f4',
    params: ['u4 a'],
    body: `
  u4 size = u4_and(a, u4_splat(0x7fffu));
  f4 value = f4_mul(f4_of_bits(u4_shl(size, u4_splat(13))), f4_splat(5192296858534827628530496329220096.0f));
  u4 top = u4_and(i4_ge(size, u4_splat(0x7c00u)), u4_splat(0x7f800000u));
  u4 sign = u4_shl(u4_and(a, u4_splat(0x8000u)), u4_splat(16));
  return f4_of_bits(u4_or(u4_of_bits(value), u4_or(top, sign)));`,
  },
  half_from_f32: {
    result: 'uint16_t',
    params: ['float x'],
    body: `
  uint32_t u = bits_f32(x), size = u & 0x7fffffffu, r;
  if (size > 0x7f800000u) r = 0x7e00u;
  else if (size >= 0x47800000u) r = 0x7c00u;
  /* below the normals an addition rounds */
  else if (size < 0x38800000u) r = bits_f32(f32_bits(size) + 0.5f) - 0x3f000000u;
  else r = (size - 0x38000000u + 0xfffu + ((size >> 13) & 1u)) >> 13;
  return (uint16_t)(r | ((u >> 16) & 0x8000u));`,
  },
  half_from_f4: perLaneTo('half_from_f32'),
  brain_from_f32: {
    result: 'uint16_t',
    params: ['float x'],
    body: `
  uint32_t u = bits_f32(x);
  if ((u & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(u >> 16 | 0x40u);
  return (uint16_t)((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);`,
  },
  brain_from_f4: perLaneTo('brain_from_f32'),
}

function perLaneTo(name: string): Routine {
  return perLane('u4(f4 a)', name)
}

function load(result: string, local: string, count: number, value: string): Routine {
  const name = /(\w+)(\[4\])?$/.exec(local)?.[1] ?? ''
  const place = local.endsWith(']') ? name : `&${name}`
  return {
    result,
    params: ['const void *p'],
    body: `\n  ${local};\n  memcpy(${place}, p, ${count});\n  return ${value};`,
  }
}

function store(param: string, before: string, place: string, count: number): Routine {
  return {
    result: 'void',
    params: ['void *p', param],
    body: `${before === '' ? '' : `\n  ${before}`}\n  memcpy(p, ${place}, ${count});`,
  }
}

function bytes(lane: string, type: string): string {
  return [0, 1, 2, 3].map((i) => `(${type})${lane.replace('#', String(i))}`).join(', ')
}
