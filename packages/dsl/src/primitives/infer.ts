// infer: the type rule of every primitive
//
// Operands of elementwise primitives have equal shapes and dtypes; definitions broadcast and promote first, and check
// what they can under the name that the user wrote, so that these rules mostly confirm.

import { type DType, kindOf } from '../types/dtype.ts'
import { type Dim, compare } from '../types/dim.ts'
import { refuse, shownShape, shownSize, shownType } from '../types/errors.ts'
import { elementsOf, isSameShape, requireSameShape } from '../types/shape.ts'
import type { TensorType } from '../types/tensor-type.ts'
import { inferContract } from './infer-contract.ts'
import {
  inferConcat,
  inferExpand,
  inferGather,
  inferGatherElements,
  inferPad,
  inferSlice,
  inferWindow,
} from './infer-movement.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'

type Rule<K extends PrimitiveKind> = (inputs: readonly TensorType[], params: PrimitiveParams[K]) => TensorType

/** Returns the type of a primitive's result. Throws OperationError when the rule refuses the operands. */
export function inferType<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly TensorType[],
  params: PrimitiveParams[K],
): TensorType {
  return rules[kind](inputs, params)
}

type Class = 'float' | 'numeric' | 'integer' | 'word' | 'bool' | 'bits' | 'any'

const classes: { readonly [C in Class]: { readonly words: string; readonly has: (dtype: DType) => boolean } } = {
  float: { words: 'floats', has: (d) => kindOf(d) === 'float' },
  numeric: { words: 'numbers', has: (d) => kindOf(d) !== 'bool' },
  integer: { words: 'integers', has: (d) => kindOf(d) === 'integer' },
  word: { words: 'u32', has: (d) => d === 'u32' },
  bool: { words: 'truth values', has: (d) => d === 'bool' },
  bits: { words: 'integers or truth values', has: (d) => kindOf(d) !== 'float' },
  any: { words: 'anything', has: () => true },
}

const rules: { readonly [K in PrimitiveKind]: Rule<K> } = {
  constant: (_, { dtype }) => ({ dtype, shape: [] }),
  literal: (_, { dtype, shape }) => ({ dtype, shape }),
  iota: (_, { length }) => ({ dtype: 'i32', shape: [size('iota', length)] }),
  dimension: () => ({ dtype: 'i32', shape: [] }),
  neg: unary('neg', 'numeric'),
  abs: unary('abs', 'numeric'),
  sign: unary('sign', 'numeric'),
  floor: unary('floor', 'float'),
  ceil: unary('ceil', 'float'),
  trunc: unary('trunc', 'float'),
  round: unary('round', 'float'),
  exp: unary('exp', 'float'),
  expm1: unary('expm1', 'float'),
  log: unary('log', 'float'),
  log1p: unary('log1p', 'float'),
  sqrt: unary('sqrt', 'float'),
  sin: unary('sin', 'float'),
  cos: unary('cos', 'float'),
  tan: unary('tan', 'float'),
  asin: unary('asin', 'float'),
  acos: unary('acos', 'float'),
  atan: unary('atan', 'float'),
  sinh: unary('sinh', 'float'),
  cosh: unary('cosh', 'float'),
  tanh: unary('tanh', 'float'),
  erf: unary('erf', 'float'),
  not: unary('not', 'bool'),
  bitNot: unary('bitNot', 'integer'),
  isNaN: unary('isNaN', 'float', 'bool'),
  floatBits: unary('floatBits', 'float', 'i32'),
  bitsFloat: unary('bitsFloat', 'integer', 'f32'),
  cast: (inputs, { dtype }) => ({ dtype, shape: operand('cast', inputs, 0).shape }),
  add: binary('add', 'numeric'),
  sub: binary('sub', 'numeric'),
  mul: binary('mul', 'numeric'),
  mulHigh: binary('mulHigh', 'word'),
  div: binary('div', 'float'),
  floorDiv: binary('floorDiv', 'numeric'),
  mod: binary('mod', 'numeric'),
  pow: binary('pow', 'numeric'),
  maximum: binary('maximum', 'numeric'),
  minimum: binary('minimum', 'numeric'),
  atan2: binary('atan2', 'float'),
  eq: binary('eq', 'any', 'bool'),
  ne: binary('ne', 'any', 'bool'),
  lt: binary('lt', 'any', 'bool'),
  le: binary('le', 'any', 'bool'),
  gt: binary('gt', 'any', 'bool'),
  ge: binary('ge', 'any', 'bool'),
  and: binary('and', 'bits'),
  or: binary('or', 'bits'),
  xor: binary('xor', 'bits'),
  shiftLeft: binary('shiftLeft', 'integer'),
  shiftRight: binary('shiftRight', 'integer'),
  where: (inputs) => {
    const condition = operand('where', inputs, 0)
    requireClass('where', 'bool', condition.dtype)
    requireSameShape('where', condition, operand('where', inputs, 1))
    return binary('where', 'any')(inputs.slice(1))
  },
  reshape: (inputs, { shape }) => {
    const x = operand('reshape', inputs, 0)
    const answer = compare(elementsOf(x.shape), '==', elementsOf(shape))
    const names = { from: shownShape(x.shape), to: shownShape(shape) }
    if (answer === 'no') refuse('shape_reshape', names)
    if (answer === 'unknown') {
      const bound = `${shownSize(elementsOf(x.shape))} == ${shownSize(elementsOf(shape))}`
      refuse('shape_undecided', { op: 'reshape', left: names.from, right: names.to, bound })
    }
    return { dtype: x.dtype, shape }
  },
  permute: (inputs, { axes }) => {
    const x = operand('permute', inputs, 0)
    const shape = axes.map((axis) => x.shape[axis] ?? refuseAxis('permute', axis, x.shape.length))
    if (axes.length !== x.shape.length || new Set(axes).size !== axes.length)
      refuse('shape_rank_mismatch', { op: 'permute', expected: `${axes.length} axes`, got: shownType(x) })
    return { dtype: x.dtype, shape }
  },
  expand: (inputs, params) => inferExpand(operand('expand', inputs, 0), params),
  slice: (inputs, params) => inferSlice(operand('slice', inputs, 0), params),
  pad: (inputs, params) => inferPad(operand('pad', inputs, 0), params),
  window: (inputs, params) => inferWindow(operand('window', inputs, 0), params),
  concat: (inputs, params) => inferConcat(operand('concat', inputs, 0), inputs, params),
  gather: (inputs, params) => inferGather(operand('gather', inputs, 0), operand('gather', inputs, 1), params),
  gatherElements: (inputs, params) =>
    inferGatherElements(operand('gatherElements', inputs, 0), operand('gatherElements', inputs, 1), params),
  reduce: (inputs, { fn, axes }) => {
    const x = operand('reduce', inputs, 0)
    requireClass(fn, 'numeric', x.dtype)
    for (const axis of axes) if (x.shape[axis] === undefined) refuseAxis(fn, axis, x.shape.length)
    return { dtype: x.dtype, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }
  },
  contract: (inputs, params) => inferContract(operand('contract', inputs, 0), operand('contract', inputs, 1), params),
}

function unary(op: string, accepts: Class, result?: DType): (inputs: readonly TensorType[]) => TensorType {
  return (inputs) => {
    const x = operand(op, inputs, 0)
    requireClass(op, accepts, x.dtype)
    return { dtype: result ?? x.dtype, shape: x.shape }
  }
}

function binary(op: string, accepts: Class, result?: DType): (inputs: readonly TensorType[]) => TensorType {
  return (inputs) => {
    const left = operand(op, inputs, 0)
    const right = operand(op, inputs, 1)
    if (left.dtype !== right.dtype) refuse('dtype_mismatch', { op, left: shownType(left), right: shownType(right) })
    requireClass(op, accepts, left.dtype)
    if (!isSameShape(left.shape, right.shape)) requireSameShape(op, left, right)
    return { dtype: result ?? left.dtype, shape: left.shape }
  }
}

function operand(op: string, inputs: readonly TensorType[], index: number): TensorType {
  const input = inputs[index]
  if (input === undefined) throw new RangeError(`internal: ${op} lacks operand ${index}`)
  return input
}

function requireClass(op: string, accepts: Class, dtype: DType): void {
  if (!classes[accepts].has(dtype)) refuse('dtype_unsupported', { op, expected: classes[accepts].words, dtype })
}

function refuseAxis(op: string, axis: number, rank: number): never {
  return refuse('shape_axis_out_of_range', { op, axis, rank })
}

function size(op: string, value: Dim): Dim {
  if (compare(value, '>=', 0) === 'no') refuse('shape_negative', { op, size: shownSize(value) })
  return value
}
