// infer-movement: the type rules of movement and indexing

import { type Dim, add, compare, floorDiv, mul, sub } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { requireSameSize, sizeAt } from '../types/shape.ts'
import type { TensorType } from '../types/tensor-type.ts'
import type { PrimitiveParams } from './params.ts'

/** Axes of size 1 stretch; the others stay. */
export function inferExpand(x: TensorType, { shape }: PrimitiveParams['expand']): TensorType {
  requireRank('expand', x, shape.length)
  const result = { dtype: x.dtype, shape }
  for (const [axis, size] of x.shape.entries())
    if (size !== 1) requireSameSize('expand', x, result, size, sizeAt(shape, axis))
  return result
}

/** The sizes are given; that they lie inside is the definition's proof. */
export function inferSlice(x: TensorType, { sizes }: PrimitiveParams['slice']): TensorType {
  requireRank('slice', x, sizes.length)
  return { dtype: x.dtype, shape: sizes.map((size) => requireSize('slice', size)) }
}

/** Sizes grow by both paddings. */
export function inferPad(x: TensorType, { before, after }: PrimitiveParams['pad']): TensorType {
  requireRank('pad', x, before.length)
  const shape = x.shape.map((size, axis) => {
    const [left, right] = [sizeAt(before, axis), sizeAt(after, axis)]
    return add(add(size, requireSize('pad', left)), requireSize('pad', right))
  })
  return { dtype: x.dtype, shape }
}

/** Returns floor((n - dilation * (size - 1) - 1) / stride) + 1. */
export function windowCount(n: Dim, size: Dim, stride: number, dilation: number): Dim {
  const span = add(mul(sub(size, 1), dilation), 1)
  return add(floorDiv(sub(n, span), stride), 1)
}

/** The axis counts windows, and the window is appended. Throws shape_window where none fits. */
export function inferWindow(x: TensorType, params: PrimitiveParams['window']): TensorType {
  const { axis, size, stride, dilation } = params
  const n = sizeAt(x.shape, axis)
  const span = add(mul(sub(size, 1), dilation), 1)
  if (compare(span, '<=', n) === 'no')
    refuse('shape_window', { op: 'window', kernel: shownSize(span), size: shownSize(n) })
  const count = windowCount(n, size, stride, dilation)
  return { dtype: x.dtype, shape: [...x.shape.map((s, at) => (at === axis ? count : s)), size] }
}

/** Sizes agree but for the axis, where they add up. */
export function inferConcat(first: TensorType, inputs: readonly TensorType[], params: { axis: number }): TensorType {
  let total: Dim = 0
  for (const input of inputs) {
    const names = { op: 'concat', left: shownType(first), right: shownType(input) }
    if (input.dtype !== first.dtype) refuse('dtype_mismatch', names)
    if (input.shape.length !== first.shape.length) refuse('shape_mismatch', names)
    for (const [axis, size] of input.shape.entries())
      if (axis !== params.axis) requireSameSize('concat', first, input, sizeAt(first.shape, axis), size)
    total = add(total, sizeAt(input.shape, params.axis))
  }
  return { dtype: first.dtype, shape: first.shape.map((size, axis) => (axis === params.axis ? total : size)) }
}

/** The shape of the indices replaces the axis. */
export function inferGather(x: TensorType, indices: TensorType, { axis }: PrimitiveParams['gather']): TensorType {
  requireIndices('gather', indices)
  return { dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }
}

/** The shape of the indices, which agrees with x's but for the axis. */
export function inferGatherElements(
  x: TensorType,
  indices: TensorType,
  { axis }: PrimitiveParams['gatherElements'],
): TensorType {
  requireIndices('gatherElements', indices)
  requireRank('gatherElements', indices, x.shape.length)
  for (const [at, size] of indices.shape.entries())
    if (at !== axis) requireSameSize('gatherElements', x, indices, sizeAt(x.shape, at), size)
  return { dtype: x.dtype, shape: indices.shape }
}

function requireRank(op: string, x: TensorType, rank: number): void {
  if (x.shape.length !== rank) refuse('shape_rank_mismatch', { op, expected: `${rank} axes`, got: shownType(x) })
}

function requireIndices(op: string, indices: TensorType): void {
  if (indices.dtype !== 'i32') refuse('dtype_unsupported', { op, expected: 'i32 indices', dtype: indices.dtype })
}

function requireSize(op: string, size: Dim): Dim {
  if (compare(size, '>=', 0) === 'no') refuse('shape_negative', { op, size: shownSize(size) })
  return size
}
