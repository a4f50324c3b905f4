// c-types: types and constants of the kernel form in C
//
// Vectors of floats are `f4`; those of integers and truth values are `u4`, a true lane has all bits set. The library
// says what these are.

import { floatLiteral } from '../../base/c-text.ts'
import type { ScalarType, Width } from '../../ir/kernel/kernel.ts'

const scalars: { readonly [T in ScalarType]: string } = { f32: 'float', i32: 'int32_t', u32: 'uint32_t', bool: 'int' }

/** Returns the type of a value. */
export function cType(type: ScalarType, width: Width): string {
  if (width > 1) return type === 'f32' ? 'f4' : 'u4'
  return scalars[type]
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
  const text = floatLiteral(Math.fround(value))
  return text.startsWith('-') ? `(${text})` : text
}
