// neutral: what a reduction starts from

import { type DType, kindOf } from '../types/dtype.ts'
import type { Reducer } from './params.ts'

const ranges: { readonly [D in DType]?: readonly [number, number] } = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  i8: [-128, 127],
  u8: [0, 255],
  bool: [0, 1],
}

/** Returns the lowest and the highest value of an integer dtype or bool; infinities for floats. */
export function rangeOf(dtype: DType): readonly [number, number] {
  return ranges[dtype] ?? [-Infinity, Infinity]
}

/** Returns what a reducer leaves as it is: 0, 1, or the end of the dtype's range. */
export function neutralOf(fn: Reducer, dtype: DType): number {
  if (fn === 'sum') return 0
  if (fn === 'prod') return 1
  return rangeOf(dtype)[fn === 'max' ? 0 : 1]
}

/** Returns whether sums and products of the dtype wrap. */
export function wraps(dtype: DType): boolean {
  return kindOf(dtype) !== 'float'
}
