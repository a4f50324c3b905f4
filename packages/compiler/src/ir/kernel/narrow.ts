// narrow: what a store keeps of a value

import { type DType, numbers } from '@tsjit/dsl/compiler'

const narrowing: { readonly [D in DType]: (value: number) => number } = {
  f32: Math.fround,
  f16: numbers.roundToF16,
  bf16: numbers.roundToBf16,
  i32: (x) => x | 0,
  u32: (x) => x >>> 0,
  i8: (x) => (x << 24) >> 24,
  u8: (x) => x & 255,
  bool: (x) => (x === 0 ? 0 : 1),
}

/** Returns `value` as an element of `dtype` holds it: rounded to even, or wrapped. */
export function narrow(value: number, dtype: DType): number {
  return narrowing[dtype](value)
}
