// c-text: element types and floats as C writes them, in kernels and in what surrounds them

import type { DType } from '@tsjit/dsl/compiler'
import { shortestFloat } from './float-text.ts'

/** The type of an element in memory. */
export const elementTypes: { readonly [D in DType]: string } = {
  f32: 'float',
  f16: 'uint16_t',
  bf16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i8: 'int8_t',
  u8: 'uint8_t',
  bool: 'uint8_t',
}

/** Returns a finite f32 as a literal. */
export function floatLiteral(value: number): string {
  const text = shortestFloat(value)
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}
