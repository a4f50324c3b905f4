// c-types: types and constants of the kernel form in C
//
// Vectors of floats are `f4`; those of integers and truth values are `u4`, a true lane has all bits set. The library
// says what these are.

import type { DType } from '@tsjit/dsl/compiler'
import type { ScalarType, Width } from '../../ir/kernel/kernel.ts'

const scalars: { readonly [T in ScalarType]: string } = { f32: 'float', i32: 'int32_t', u32: 'uint32_t', bool: 'int' }

/** Returns the type of a value. */
export function cType(type: ScalarType, width: Width): string {
  if (width > 1) return type === 'f32' ? 'f4' : 'u4'
  return scalars[type]
}

/** The type of an element in memory. */
export const storageTypes: { readonly [D in DType]: string } = {
  f32: 'float',
  f16: 'uint16_t',
  bf16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i8: 'int8_t',
  u8: 'uint8_t',
  bool: 'uint8_t',
}

/** Returns a constant. */
export function constant(type: ScalarType, width: Width, value: number): string {
  if (width > 1) return `${type === 'f32' ? 'f4' : 'u4'}_splat(${laneConstant(type, value)})`
  if (type === 'f32') return f32(value)
  if (type === 'bool') return value === 0 ? '0' : '1'
  return type === 'i32' ? i32(value | 0) : `${value >>> 0}u`
}

/** Returns a component of a constant vector. */
export function laneConstant(type: ScalarType, value: number): string {
  if (type === 'f32') return f32(value)
  if (type === 'bool') return value === 0 ? '0u' : '0xffffffffu'
  return `${value >>> 0}u`
}

function i32(value: number): string {
  if (value === -2147483648) return '(-2147483647 - 1)'
  return value < 0 ? `(${value})` : String(value)
}

function f32(value: number): string {
  if (Number.isNaN(value)) return 'f32_bits(0x7fc00000u)'
  if (!Number.isFinite(value)) return `f32_bits(${value > 0 ? '0x7f800000u' : '0xff800000u'})`
  const text = finite(value)
  return text.startsWith('-') ? `(${text})` : text
}

/** Returns a finite float as a literal. */
export function finite(value: number): string {
  const text = Object.is(value, -0) ? '-0' : shortest(Math.fround(value))
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}

/** The shortest decimal that is read as the same f32. */
function shortest(value: number): string {
  if (Number.isInteger(value)) return String(value)
  for (let digits = 1; digits <= 9; digits++) {
    const near = Number(value.toPrecision(digits))
    if (Math.fround(near) === value) return String(near)
  }
  return String(value)
}
