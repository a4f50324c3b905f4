// types: scalar types, storage dtypes and widths as WGSL spells them

import type { DType } from '@tsjit/dsl/compiler'
import { shortestFloat } from '../../base/float-text.ts'
import type { ScalarType, Width } from '../../ir/kernel/kernel.ts'
import type { RoutineName } from './routines.ts'
import { type Text, call, operation, primary } from './text.ts'

const suffixes: { readonly [T in ScalarType]: string } = { f32: 'f', i32: 'i', u32: 'u', bool: '<bool>' }

/** Returns `f32`, `vec4f`, `vec2<bool>`, … */
export function typeName(type: ScalarType | typeof HALF, width: Width): string {
  return width === 1 ? type : type === HALF ? `vec${width}<${type}>` : `vec${width}${suffixes[type]}`
}

/** The name of what holds f16: f32, which the runtime makes f16 where the device has it (`half-storage.ts`). */
export const HALF = 'tj_stored'

/** What elements of a dtype are in a buffer on WebGPU: one word each but for f16. */
export const storedTypes: { readonly [D in DType]: 'f32' | 'i32' | 'u32' | typeof HALF } = {
  f32: 'f32',
  f16: HALF,
  bf16: 'f32',
  i32: 'i32',
  u32: 'u32',
  i8: 'i32',
  u8: 'u32',
  bool: 'u32',
}

/** Makes a call of a routine of the library, which then becomes part of the module. */
export type CallRoutine = (name: RoutineName, width: Width, ...args: readonly Text[]) => Text

/** Returns a stored element as a value of the dtype's scalar type. */
export function widened(stored: Text, dtype: DType, width: Width): Text {
  if (dtype === 'f16') return call(typeName('f32', width), stored)
  return dtype === 'bool' ? operation(stored, '!=', splatText('u32', width, primary('0u'))) : stored
}

/** Returns a value as an element of the dtype is stored. */
export function narrowed(value: Text, dtype: DType, width: Width, routine: CallRoutine): Text {
  const word = (n: number, type: 'i32' | 'u32'): Text => splatText(type, width, primary(`${n}${suffixes[type]}`))
  switch (dtype) {
    case 'f32':
    case 'i32':
    case 'u32':
      return value
    case 'f16':
      return call(typeName(HALF, width), routine('tj_half', width, value))
    case 'bf16':
      return routine('tj_brain', width, value)
    case 'bool':
      return call('select', word(0, 'u32'), word(1, 'u32'), value)
    case 'u8':
      return operation(value, '&', word(255, 'u32'))
    case 'i8':
      return operation(operation(value, '<<', word(24, 'u32')), '>>', word(24, 'u32'))
  }
}

/** Returns a scalar in every component. */
export function splatText(type: ScalarType, width: Width, scalar: Text): Text {
  return width === 1 ? scalar : call(typeName(type, width), scalar)
}

/** Returns a literal. Not for infinities and NaN, which WGSL has no constants for. */
export function literal(type: ScalarType, value: number): Text {
  if (type === 'bool') return primary(value === 0 ? 'false' : 'true')
  if (type === 'u32') return primary(`${value}u`)
  if (type === 'i32') return { text: value === -(2 ** 31) ? 'i32(-2147483648)' : String(value), level: levelOf(value) }
  const digits = shortestFloat(value)
  return { text: /[.e]/.test(digits) ? digits : `${digits}.0`, level: levelOf(value) }
}

function levelOf(value: number): 'primary' | 'sum' {
  return value < 0 || Object.is(value, -0) ? 'sum' : 'primary'
}
