// scalars: numbers, truth values and dimensions that are carried or returned -> tensors
//
// A number is f32, or takes the dtype of the other side: what the body returns for a carry that starts as a number, or
// what the other branch returns. A fractional number takes no integer dtype. Dimensions are whole numbers.

import { type Dim, isDimExpression } from '../types/dim.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import { TensorBase, type TensorType, printType } from '../types/tensor-type.ts'
import type { Bound } from '../operations/definition.ts'
import { lift } from '../operations/operands.ts'
import { type Leaf, describe } from './structure.ts'

/** Returns whether `value` is a number, or a dimension, that stands for a scalar. */
export function isNumber(value: Leaf): value is Dim {
  return typeof value === 'number' || isDimExpression(value)
}

/** Returns whether `value` is a whole number, which may take an integer dtype. */
export function isWhole(value: Leaf): value is Dim {
  return isDimExpression(value) || (typeof value === 'number' && Number.isSafeInteger(value))
}

/** Returns whether `value` can stand for a tensor of this type. */
export function fits(value: Leaf, type: TensorType): boolean {
  if (value instanceof TensorBase || type.shape.length > 0) return false
  if (typeof value === 'boolean') return type.dtype === 'bool'
  return kindOf(type.dtype) === 'float' || (kindOf(type.dtype) === 'integer' && isWhole(value))
}

/** Returns the type that a leaf has by itself. */
export function ownType(value: Leaf): TensorType {
  if (value instanceof TensorBase) return value
  return { dtype: typeof value === 'boolean' ? 'bool' : 'f32', shape: [] }
}

/** Returns a leaf as a tensor; `dtype` is that of numbers. */
export function asTensor(t: Bound, op: string, value: Leaf, dtype: DType): TensorBase {
  if (value instanceof TensorBase) return value
  return lift(t, op, value, typeof value === 'boolean' ? 'bool' : dtype)
}

/** Returns a leaf's type as messages print it: numbers as they are. */
export function printLeaf(value: Leaf): string {
  return value instanceof TensorBase ? printType(value) : describe(value)
}
