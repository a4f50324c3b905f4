// storage: elements in memory -> values, and back
//
// Narrow dtypes are widened by loads and narrowed by stores. Vectors of them are four neighbouring elements.

import type { DType } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Width } from '../../ir/kernel/kernel.ts'
import { constant, op } from './wat.ts'

/** The binary logarithm of the bytes of an element. */
export const shiftOf: { readonly [D in DType]: number } = {
  f32: 2,
  i32: 2,
  u32: 2,
  f16: 1,
  bf16: 1,
  i8: 0,
  u8: 0,
  bool: 0,
}

/** Returns the value of the element (or the four) at an address. */
export function printLoad(dtype: DType, width: Width, address: string, offset: number): string {
  const at = offset === 0 ? '' : ` offset=${offset}`
  const from = (name: string): string => `(${withOffset(name, at)} ${address})`
  if (width === 4) return vectorLoads[dtype](from)
  if (width !== 1) return internalError('vectors of WebAssembly have four lanes')
  return scalarLoads[dtype](from)
}

type From = (instruction: string) => string

const scalarLoads: { readonly [D in DType]: (from: From) => string } = {
  f32: (from) => from('f32.load align=4'),
  i32: (from) => from('i32.load align=4'),
  u32: (from) => from('i32.load align=4'),
  f16: (from) => op('f32x4.extract_lane 0', op('call $half_to_f32', op('i32x4.splat', from('i32.load16_u')))),
  bf16: (from) => op('f32.reinterpret_i32', op('i32.shl', from('i32.load16_u'), '(i32.const 16)')),
  i8: (from) => from('i32.load8_s'),
  u8: (from) => from('i32.load8_u'),
  bool: (from) => op('i32.ne', from('i32.load8_u'), '(i32.const 0)'),
}

const vectorLoads: { readonly [D in DType]: (from: From) => string } = {
  f32: (from) => from('v128.load align=4'),
  i32: (from) => from('v128.load align=4'),
  u32: (from) => from('v128.load align=4'),
  f16: (from) => op('call $half_to_f32', from('v128.load16x4_u align=2')),
  bf16: (from) => op('i32x4.shl', from('v128.load16x4_u align=2'), '(i32.const 16)'),
  i8: (from) => bytes(from, 's'),
  u8: (from) => bytes(from, 'u'),
  bool: (from) => op('i32x4.ne', bytes(from, 'u'), constant('i32', 4, 0)),
}

function bytes(from: From, sign: 's' | 'u'): string {
  const four = from('v128.load32_zero align=1')
  return op(`i32x4.extend_low_i16x8_${sign}`, op(`i16x8.extend_low_i8x16_${sign}`, four))
}

/** Returns the statement that stores a value. */
export function printStore(dtype: DType, width: Width, address: string, offset: number, value: string): string {
  const at = offset === 0 ? '' : ` offset=${offset}`
  const to = (name: string, what: string): string => `(${withOffset(name, at)} ${address} ${what})`
  if (width === 1) return scalarStores[dtype](to, value)
  return vectorStores[dtype](to, value)
}

type To = (instruction: string, value: string) => string

const scalarStores: { readonly [D in DType]: (to: To, value: string) => string } = {
  f32: (to, v) => to('f32.store align=4', v),
  i32: (to, v) => to('i32.store align=4', v),
  u32: (to, v) => to('i32.store align=4', v),
  f16: (to, v) => to('i32.store16', op('i32x4.extract_lane 0', op('call $f32_to_half', op('f32x4.splat', v)))),
  bf16: (to, v) => to('i32.store16', op('i32x4.extract_lane 0', op('call $f32_to_brain', op('f32x4.splat', v)))),
  i8: (to, v) => to('i32.store8', v),
  u8: (to, v) => to('i32.store8', v),
  bool: (to, v) => to('i32.store8', v),
}

const vectorStores: { readonly [D in DType]: (to: To, value: string) => string } = {
  f32: (to, v) => to('v128.store align=4', v),
  i32: (to, v) => to('v128.store align=4', v),
  u32: (to, v) => to('v128.store align=4', v),
  f16: (to, v) => halves(to, op('call $f32_to_half', v)),
  bf16: (to, v) => halves(to, op('call $f32_to_brain', v)),
  i8: (to, v) => quarters(to, v),
  u8: (to, v) => quarters(to, v),
  bool: (to, v) => quarters(to, op('v128.and', v, constant('i32', 4, 1))),
}

/** The low halves of four lanes. */
function halves(to: To, value: string): string {
  return to('v128.store64_lane align=2 0', packed('0 1 4 5 8 9 12 13 0 1 4 5 8 9 12 13', value))
}

/** The low bytes of four lanes. */
function quarters(to: To, value: string): string {
  return to('v128.store32_lane align=1 0', packed('0 4 8 12 0 4 8 12 0 4 8 12 0 4 8 12', value))
}

function packed(bytes: string, value: string): string {
  return op(`i8x16.shuffle ${bytes}`, value, constant('i32', 4, 0))
}

/** `v128.load align=4` -> `v128.load offset=16 align=4`: the offset comes before the alignment and the lane. */
function withOffset(instruction: string, offset: string): string {
  return instruction.replace(/^\S+/, (name) => name + offset)
}
