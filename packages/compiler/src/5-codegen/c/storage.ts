// storage: elements in memory -> values, and back
//
// Narrow dtypes are widened by loads and narrowed by stores. Vectors of them are four neighbouring elements, aligned as
// one of them is.

import type { DType } from '@tsjit/dsl/compiler'
import type { Width } from '../../ir/kernel/kernel.ts'

/** Bytes of an element. */
export const elementBytes: { readonly [D in DType]: number } = {
  f32: 4,
  f16: 2,
  bf16: 2,
  i32: 4,
  u32: 4,
  i8: 1,
  u8: 1,
  bool: 1,
}

const scalarLoads: { readonly [D in DType]: (element: string) => string } = {
  f32: (e) => e,
  f16: (e) => `f32_from_half(${e})`,
  bf16: (e) => `f32_from_brain(${e})`,
  i32: (e) => e,
  u32: (e) => e,
  i8: (e) => `(int32_t)${e}`,
  u8: (e) => `(uint32_t)${e}`,
  bool: (e) => `(${e} != 0)`,
}

const vectorLoads: { readonly [D in DType]: string } = {
  f32: 'f4_load',
  f16: 'f4_load_half',
  bf16: 'f4_load_brain',
  i32: 'u4_load',
  u32: 'u4_load',
  i8: 'u4_load_i8',
  u8: 'u4_load_u8',
  bool: 'u4_load_bool',
}

/** Returns the value of the element (or the four) at an index of a pointer. */
export function printLoad(dtype: DType, width: Width, pointer: string, index: string): string {
  if (width > 1) return `${vectorLoads[dtype]}(${placeOf(pointer, index)})`
  return scalarLoads[dtype](`${pointer}[${index}]`)
}

const scalarStores: { readonly [D in DType]: (value: string) => string } = {
  f32: (v) => v,
  f16: (v) => `half_from_f32(${v})`,
  bf16: (v) => `brain_from_f32(${v})`,
  i32: (v) => v,
  u32: (v) => v,
  i8: (v) => `(int8_t)(uint8_t)${v}`,
  u8: (v) => `(uint8_t)${v}`,
  bool: (v) => `(uint8_t)(${v})`,
}

const vectorStores: { readonly [D in DType]: string } = {
  f32: 'f4_store',
  f16: 'f4_store_half',
  bf16: 'f4_store_brain',
  i32: 'u4_store',
  u32: 'u4_store',
  i8: 'u4_store_u8',
  u8: 'u4_store_u8',
  bool: 'u4_store_bool',
}

/** Returns the statement that stores a value. */
export function printStore(
  dtype: DType,
  width: Width,
  { pointer, index }: { readonly pointer: string; readonly index: string },
  value: string,
): string {
  if (width > 1) return `${vectorStores[dtype]}(${placeOf(pointer, index)}, ${value});`
  const operand = /^\w+$/.test(value) || dtype === 'f32' || dtype === 'i32' || dtype === 'u32' ? value : `(${value})`
  return `${pointer}[${index}] = ${scalarStores[dtype](operand)};`
}

function placeOf(pointer: string, index: string): string {
  return index === '0' ? pointer : `${pointer} + ${/^\w+$/.test(index) ? index : `(${index})`}`
}
