// scalar-type: what a storage dtype is computed in
//
// Loads widen and stores narrow; between them a kernel knows four types.

import type { DType } from '@tsjit/dsl/compiler'
import type { GroupArray, Kernel, ScalarType } from './kernel.ts'

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

/** Returns the bytes of one component in group memory. */
export function elementBytes({ stored }: { readonly stored?: GroupArray['stored'] | undefined }): number {
  return stored === undefined ? 4 : 2
}

/** Returns the bytes of an array in group memory; every scalar, bool included, takes a word, what is kept as halves two bytes. */
export function bytesOfGroupArray({ width, length, stored }: GroupArray): number {
  return elementBytes({ stored }) * width * length
}

/** Returns the bytes of group memory that a kernel takes; arrays that have a place share theirs. */
export function bytesOfGroup({ arrays }: Pick<Kernel, 'arrays'>): number {
  const own = arrays.filter(({ place }) => place === undefined)
  return own.reduce((total, array) => total + bytesOfGroupArray(array), sharedBytes(arrays))
}

/** Returns the bytes of the memory in which arrays have places. */
export function sharedBytes(arrays: readonly GroupArray[]): number {
  return arrays.reduce(
    (most, array) => (array.place === undefined ? most : Math.max(most, array.place + bytesOfGroupArray(array))),
    0,
  )
}
