// coerce: a value of a call -> the value that a kind of parameter stands for, or a refusal
//
// Dimensions whose value is known (an eager run) become plain numbers here, so that no definition meets the difference.

import { DTYPES, type DType } from '../types/dtype.ts'
import { type Dim, isDimExpression } from '../types/dim.ts'
import { type OperationError, refuse } from '../types/errors.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'
import type { Param, ParamKind } from './signature.ts'

/** Why a value does not do, in words. */
export interface Refusal {
  readonly expected: string
  readonly got: string
}

/** Returns the value that the definition receives. Throws what `error` makes of the refusal. */
export function coerce(param: Param, value: unknown, error: (refusal: Refusal) => OperationError): unknown {
  const settled = settle(value)
  if (param.kind === 'axes' && typeof settled === 'number' && Number.isInteger(settled)) return [settled]
  if (param.kind === 'dtype' && typeof settled === 'string' && !isDType(settled))
    refuse('dtype_unknown', { name: settled }, { argument: param.name })
  if (param.values === undefined) {
    if (checks[param.kind](settled)) return settled
    throw error({ expected: expectations[param.kind], got: describe(settled) })
  }
  if (typeof settled === 'string' && param.values.includes(settled)) return settled
  throw error({ expected: param.values.map((word) => `'${word}'`).join(' or '), got: describe(settled) })
}

/** Returns `value` with dimensions of known value as numbers, also inside arrays. */
export function settle(value: unknown): unknown {
  if (isDimExpression(value)) {
    const number = Number(value)
    return Number.isInteger(number) ? number : value
  }
  if (!Array.isArray(value)) return value
  return value.some((item) => isDimExpression(item) || Array.isArray(item)) ? value.map(settle) : value
}

/** Returns a size as it is known now; undefined for one that is left out. */
export function settleSize(value: Dim | null | undefined): Dim | undefined {
  if (value === null || value === undefined) return undefined
  const number = Number(value)
  return Number.isInteger(number) ? number : value
}

/** Returns whether `value` names a dtype. */
export function isDType(value: unknown): value is DType {
  return DTYPES.some((dtype) => dtype === value)
}

const isInt = (value: unknown): value is number => Number.isSafeInteger(value)
const isSize = (value: unknown): value is Dim => isInt(value) || isDimExpression(value)
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isOperand = (value: unknown): boolean =>
  value instanceof TensorBase || isNumber(value) || typeof value === 'boolean' || isDimExpression(value)
const isArrayOf = (value: unknown, check: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every((item) => check(item))
const isData = (value: unknown): boolean =>
  isNumber(value) || typeof value === 'boolean' || ArrayBuffer.isView(value) || isArrayOf(value, isData)

function isIndexItem(value: unknown): boolean {
  if (value === null || value === '...' || isSize(value) || value instanceof TensorBase) return true
  if (typeof value !== 'object' || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([key, part]) =>
      ['start', 'stop', 'step'].includes(key) && (part === null || part === undefined || isSize(settle(part))),
  )
}

const checks: { readonly [K in ParamKind]: (value: unknown) => boolean } = {
  tensor: (value) => value instanceof TensorBase,
  tensors: (value) => isArrayOf(value, isOperand),
  'tensor-or-number': isOperand,
  axis: isInt,
  axes: (value) => isArrayOf(value, isInt),
  int: isInt,
  ints: (value) => isInt(value) || isArrayOf(value, isInt),
  number: isNumber,
  numbers: (value) => isNumber(value) || isArrayOf(value, isNumber),
  bool: (value) => typeof value === 'boolean',
  size: isSize,
  sizes: (value) => isSize(value) || isArrayOf(value, isSize),
  shape: (value) => isArrayOf(value, isSize),
  dtype: isDType,
  text: (value) => typeof value === 'string',
  padding: (value) =>
    value === 'same' ||
    value === 'valid' ||
    isSize(value) ||
    isArrayOf(value, (item) => isSize(item) || (isArrayOf(item, isSize) && Array.isArray(item) && item.length === 2)),
  pads: (value) => isArrayOf(value, (item) => isArrayOf(item, isSize) && Array.isArray(item) && item.length === 2),
  data: isData,
  index: (value) => isArrayOf(value, isIndexItem),
  function: (value) => typeof value === 'function',
  functions: (value) => isArrayOf(value, (item) => typeof item === 'function'),
  structure: () => true,
}

const expectations: { readonly [K in ParamKind]: string } = {
  tensor: 'a tensor',
  tensors: 'an array of tensors',
  'tensor-or-number': 'a tensor or a number',
  axis: 'the number of an axis',
  axes: 'an axis or an array of axes',
  int: 'a whole number known at build',
  ints: 'a whole number, or an array of them',
  number: 'a number known at build',
  numbers: 'a number, or an array of them',
  bool: 'true or false',
  size: 'a whole number or a dimension',
  sizes: 'a size, or an array of sizes',
  shape: 'an array of sizes, such as [2, 3]',
  dtype: 'a data type',
  text: 'a text',
  padding: "a size, an array of sizes or [before, after] pairs, 'same' or 'valid'",
  pads: 'an array of [before, after], one for every axis',
  data: 'a number or nested arrays of numbers',
  index: 'an array of integers, ranges, null, ... or tensors',
  function: 'a function',
  functions: 'an array of functions',
  structure: 'any structure of tensors',
}

function describe(value: unknown): string {
  if (value instanceof TensorBase) return `a tensor ${printType(value)}`
  if (isDimExpression(value)) return 'a dimension'
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return value.some(Array.isArray) ? 'a nested array' : `an array of ${value.length}`
  return value === undefined || value === null ? 'nothing' : 'an object'
}
