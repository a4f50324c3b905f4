// scalar-type: what a storage dtype is computed in
//
// Loads widen and stores narrow; between them a kernel knows four types.

import type { DType } from '@tsjit/dsl/compiler'
import type { GroupArray, ScalarType } from './kernel.ts'

const scalarTypes: { readonly [D in DType]: ScalarType } = {
  f32: 'f32',
  f16: 'f32',
  bf16: 'f32',
  i32: 'i32',
  u32: 'u32',
  i8: 'i32',
  u8: 'u32',
  bool: 'bool',
}

/** Returns the type that a load of `dtype` gives and a store of `dtype` takes. */
export function scalarTypeOf(dtype: DType): ScalarType {
  return scalarTypes[dtype]
}

/** Returns the bytes of an array in group memory; every scalar, bool included, takes a word. */
export function bytesOfGroupArray({ width, length }: GroupArray): number {
  return 4 * width * length
}
