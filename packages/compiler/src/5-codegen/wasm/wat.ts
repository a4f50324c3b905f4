// wat: the WebAssembly text that the printer is made of
//
// Small functions from operand texts to folded expressions; nothing here knows of kernels.

import type { ScalarType, Width } from '../../ir/kernel/kernel.ts'

/** A WebAssembly value type. */
export type WatType = 'i32' | 'f32' | 'v128'

/** Returns the type that holds a value of the kernel form: bools are 0 and 1, of vectors all bits of a lane. */
export function watType(type: ScalarType, width: Width): WatType {
  if (width > 1) return 'v128'
  return type === 'f32' ? 'f32' : 'i32'
}

/** Returns `(op a b …)`. */
export function op(name: string, ...operands: readonly string[]): string {
  return `(${[name, ...operands].join(' ')})`
}

/** Returns the value of a local. */
export function get(name: string): string {
  return `(local.get $${name})`
}

/** Returns an assignment to a local. */
export function set(name: string, value: string): string {
  return `(local.set $${name} ${value})`
}

/** Returns an i32 constant. */
export function i32(value: number): string {
  return `(i32.const ${value | 0})`
}

/** Returns an f32 constant; NaN is the canonical one. */
export function f32(value: number): string {
  return `(f32.const ${floatText(value)})`
}

/** Returns a vector of four equal lanes. */
export function splat(type: ScalarType, value: number): string {
  if (type === 'f32') return `(v128.const f32x4${` ${floatText(value)}`.repeat(4)})`
  const lane = type === 'bool' ? -Number(value !== 0) : value | 0
  return `(v128.const i32x4${` ${lane}`.repeat(4)})`
}

/** Returns a constant of a type and width. */
export function constant(type: ScalarType, width: Width, value: number): string {
  if (width > 1) return splat(type, value)
  return type === 'f32' ? f32(value) : i32(type === 'bool' ? Number(value !== 0) : value)
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}
