// elements: how the CPU holds the elements of each dtype
//
// f16 and bf16 are held as Float32Array with values rounded to the storage type: computed in f32, then rounded.

import type { DType } from '../types/dtype.ts'
import { roundToBf16, roundToF16 } from './numbers.ts'

/** Elements of a tensor, row-major; bool as 0 and 1. */
export type Elements = Float32Array | Int32Array | Uint32Array | Int8Array | Uint8Array

/** A tensor as the CPU meaning of primitives sees it. */
export interface Computed {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Elements
}

const makers: { readonly [D in DType]: (length: number) => Elements } = {
  f32: (length) => new Float32Array(length),
  f16: (length) => new Float32Array(length),
  bf16: (length) => new Float32Array(length),
  i32: (length) => new Int32Array(length),
  u32: (length) => new Uint32Array(length),
  i8: (length) => new Int8Array(length),
  u8: (length) => new Uint8Array(length),
  bool: (length) => new Uint8Array(length),
}

/** Returns zeros. */
export function createElements(dtype: DType, length: number): Elements {
  return makers[dtype](length)
}

/** Rounds f16 and bf16 in place to what their storage holds; leaves the others. */
export function roundToStorage(dtype: DType, data: Elements): Elements {
  if (dtype !== 'f16' && dtype !== 'bf16') return data
  const round = dtype === 'f16' ? roundToF16 : roundToBf16
  for (let i = 0; i < data.length; i++) data[i] = round(data[i] ?? 0)
  return data
}

/** Returns the number of elements of a shape. */
export function lengthOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Returns row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = []
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis] ?? 1
  }
  return strides
}
