// dtypes: the dtypes of the suites -> those of the language
//
// 64-bit integers are 32-bit ones whose range is checked where data enters; f64 is f32. Integers of other widths live in
// the next wider dtype, and operators that saturate or wrap are told of the width.

import { numbers } from '@tsjit/dsl/compiler'
import { type DType, arrayOf, nest } from '@tsjit/host'
import type { CaseTensor, Datum } from './case.ts'

const own: Readonly<Record<string, DType>> = {
  float32: 'f32',
  float64: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
  int64: 'i32',
  int32: 'i32',
  int16: 'i32',
  int8: 'i8',
  int4: 'i8',
  uint64: 'u32',
  uint32: 'u32',
  uint16: 'u32',
  uint8: 'u8',
  uint4: 'u8',
  bool: 'bool',
}

/** A dtype that the language holds in another one. */
export const isHeldWider = (dtype: string): boolean => ['int16', 'uint16', 'int4', 'uint4'].includes(dtype)

/** Thrown where a case cannot be written as a program. */
export class Gap extends Error {
  override readonly name = 'Gap'
}

/** Returns the dtype that holds one of a suite. Throws Gap where there is none. */
export function dtypeOf(dtype: string): DType {
  const found = own[dtype]
  if (found === undefined) throw new Gap(`no dtype ${dtype}`)
  return found
}

/** Returns an element as a number, 64-bit ones exactly or not at all. */
export function numberOf(value: Datum): number {
  return typeof value === 'number' ? value : value === 'NaN' ? Number.NaN : Number(value)
}

const ranges: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
}

/** Returns the elements of a tensor as numbers, rounded to its dtype. Throws Gap for integers beyond 32 bits. */
export function elementsOf(tensor: Pick<CaseTensor, 'name' | 'dtype' | 'data'>): readonly number[] {
  const elements = numbersOf(tensor)
  const range = ranges[dtypeOf(tensor.dtype)]
  const beyond = range && elements.find((value) => value < range[0] || value > range[1])
  if (beyond !== undefined) throw new Gap(`${tensor.name} holds ${beyond}, beyond 32 bits`)
  return elements
}

/** Returns the elements of a tensor as numbers, rounded to its dtype. */
export function numbersOf({ dtype, data }: Pick<CaseTensor, 'dtype' | 'data'>): readonly number[] {
  const all = data.map(numberOf)
  if (dtype === 'float16') return all.map(numbers.roundToF16)
  return dtype === 'float64' || dtype === 'float32' ? all.map(Math.fround) : all
}

/** What a call takes for an input: elements with a shape, or nested numbers for floats of half width. */
export function inputValue(tensor: CaseTensor): unknown {
  const dtype = dtypeOf(tensor.dtype)
  const elements = elementsOf(tensor)
  if (dtype === 'f16' || dtype === 'bf16')
    return tensor.shape.includes(0) ? { data: new Uint16Array(0), shape: tensor.shape } : nest(elements, tensor.shape)
  return { data: new arrayOf[dtype](elements), shape: tensor.shape }
}
