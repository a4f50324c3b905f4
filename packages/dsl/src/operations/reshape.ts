// reshape: the meaning of joining, splitting and reordering axes

import { type Dim, compare, floorDiv, mul, product } from '../types/dim.ts'
import { refuse, shownShape, shownSize, shownType } from '../types/errors.ts'
import { axesOf, axisOf, elementsOf, sizeAt } from '../types/shape.ts'
import type { Shape, TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { diagonalOf } from './diagonal.ts'
import { at, permuted, reshaped, stretch } from './operands.ts'
import type { Axes } from './types.ts'

/** Changes of shape. */
export interface Reshaping<T extends TensorBase, D extends Dim> {
  /** The same elements in row-major order; one size may be -1. torch.reshape, np.reshape, ONNX Reshape. Throws shape_reshape. */
  reshape(x: T, shape: readonly D[]): T
  /** Joins axes start … end (both included) to one. torch.flatten. */
  flatten(x: T, start?: number | { readonly start?: number; readonly end?: number }, end?: number): T
  /** Splits an axis in several; one size may be -1. torch.unflatten. */
  unflatten(x: T, axis: number, sizes: readonly D[]): T
  /** Result axis i is axis axes[i]. torch.permute, np.transpose, ONNX Transpose. */
  permute(x: T, axes: readonly number[]): T
  /** Swaps two axes, by default the last two. torch.transpose, np.swapaxes. */
  transpose(x: T, first?: number, second?: number): T
  /** Moves an axis to another place. torch.movedim, np.moveaxis. */
  moveAxis(x: T, from: number, to: number): T
  /** Drops axes of size 1: the given ones, or all. torch.squeeze, np.squeeze, ONNX Squeeze. Throws shape_reshape for another size. */
  squeeze(x: T, axis?: Axes | { readonly axis?: Axes }): T
  /** Adds axes of size 1, at places of the result. torch.unsqueeze, ONNX Unsqueeze. */
  unsqueeze(x: T, axis: Axes): T
  /** As unsqueeze. np.expand_dims. */
  expandDims(x: T, axis: Axes): T
  /** Stretches axes of size 1 and adds axes at the left; -1 keeps a size. torch.expand, ONNX Expand. */
  expand(x: T, shape: readonly D[]): T
  /** As expand. np.broadcast_to. */
  broadcastTo(x: T, shape: readonly D[]): T
  /** The diagonal of the last two axes, as the last axis. torch.diagonal, np.diagonal. */
  diagonal(x: T): T
  /** [n, r² * c, h, w] → [n, c, h * r, w * r], the block before the channels. tf.nn.depth_to_space, ONNX DepthToSpace (DCR). */
  depthToSpace(x: T, factor: number): T
  /** [n, c, h * r, w * r] → [n, r² * c, h, w], the block before the channels. tf.nn.space_to_depth, ONNX SpaceToDepth. */
  spaceToDepth(x: T, factor: number): T
  /** [n, c * r², h, w] → [n, c, h * r, w * r]. torch pixel_shuffle, ONNX DepthToSpace (CRD). */
  pixelShuffle(x: T, factor: number): T
  /** [n, c, h * r, w * r] → [n, c * r², h, w]. torch pixel_unshuffle. */
  pixelUnshuffle(x: T, factor: number): T
}

/** Returns the sizes with -1 replaced by what is left of `total`. Throws shape_reshape, shape_reshape_unknowns. */
function completeShape(from: Shape, shape: Shape, total: Dim): Shape {
  const unknowns = shape.filter((size) => size === -1).length
  if (unknowns > 1) refuse('shape_reshape_unknowns', { to: shownShape(shape) })
  for (const size of shape) if (typeof size === 'number' && size < -1) refuse('shape_negative', { op: 'reshape', size })
  if (unknowns === 0) return shape
  const rest = product(shape.filter((size) => size !== -1))
  const names = { from: shownShape(from), to: shownShape(shape) }
  if (rest === 0) refuse('shape_reshape', names)
  const size = floorDiv(total, rest)
  const answer = compare(mul(size, rest), '==', total)
  if (answer === 'no') refuse('shape_reshape', names)
  if (answer === 'unknown') {
    const bound = `that ${shownSize(rest)} divides ${shownSize(total)}`
    refuse('shape_undecided', { op: 'reshape', left: names.from, right: names.to, bound })
  }
  return shape.map((value) => (value === -1 ? size : value))
}

function flatten(t: Bound, x: TensorBase, start: number, end: number): TensorBase {
  if (x.shape.length === 0) return reshaped(t, x, [1])
  const first = axisOf('flatten', start, x.shape.length)
  const last = axisOf('flatten', end, x.shape.length)
  if (last < first)
    refuse('source_bad_argument', {
      argument: 'end',
      callee: 'flatten',
      expected: `an axis from ${first} on`,
      got: String(end),
    })
  const joined = product(x.shape.slice(first, last + 1))
  return reshaped(t, x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)])
}

function squeeze(t: Bound, x: TensorBase, axes: readonly number[] | undefined): TensorBase {
  if (axes === undefined)
    return reshaped(
      t,
      x,
      x.shape.filter((size) => size !== 1),
    )
  const which = axesOf('squeeze', axes, x.shape.length)
  const shape = x.shape.filter((_, axis) => !which.includes(axis))
  for (const axis of which)
    if (compare(sizeAt(x.shape, axis), '==', 1) !== 'yes')
      refuse('shape_reshape', { from: shownShape(x.shape), to: shownShape(shape) }, { argument: 'axis' })
  return reshaped(t, x, shape)
}

function unsqueeze(t: Bound, op: string, x: TensorBase, axes: readonly number[]): TensorBase {
  const rank = x.shape.length + axes.length
  const which = axesOf(op, axes, rank)
  let next = 0
  const shape = Array.from({ length: rank }, (_, axis) => (which.includes(axis) ? 1 : sizeAt(x.shape, next++)))
  return reshaped(t, x, shape)
}

function expand(t: Bound, op: string, x: TensorBase, shape: Shape): TensorBase {
  const missing = shape.length - x.shape.length
  const type = { dtype: x.dtype, shape }
  const names = { op, left: shownType(x), right: shownType(type) }
  if (missing < 0) refuse('shape_mismatch', names)
  const sizes = shape.map((size, axis) => {
    const own = axis < missing ? 1 : sizeAt(x.shape, axis - missing)
    if (size === -1) return own
    const answer = own === 1 ? 'yes' : compare(own, '==', size)
    if (answer === 'no') refuse('shape_mismatch', names)
    if (answer === 'unknown') refuse('shape_undecided', { ...names, bound: `${shownSize(own)} == ${shownSize(size)}` })
    return size
  })
  return stretch(t, x, sizes)
}

function shuffle(t: Bound, x: TensorBase, factor: number, direction: 'out' | 'in'): TensorBase {
  const op = direction === 'out' ? 'pixelShuffle' : 'pixelUnshuffle'
  const [n, c, h, w] = imageShape(op, x)
  if (direction === 'out') {
    const split = t.reshape(x, [n, divided(c, factor * factor), factor, factor, h, w])
    const moved = permuted(t, split, [0, 1, 4, 2, 5, 3])
    return t.reshape(moved, [n, divided(c, factor * factor), mul(h, factor), mul(w, factor)])
  }
  const [rows, columns] = [divided(h, factor), divided(w, factor)]
  const moved = permuted(t, t.reshape(x, [n, c, rows, factor, columns, factor]), [0, 1, 3, 5, 2, 4])
  return t.reshape(moved, [n, mul(c, factor * factor), rows, columns])
}

function imageShape(op: string, x: TensorBase): readonly [Dim, Dim, Dim, Dim] {
  if (x.shape.length !== 4) refuse('shape_rank_mismatch', { op, expected: 'four axes [n, c, h, w]', got: shownType(x) })
  return [at(x.shape, 0), at(x.shape, 1), at(x.shape, 2), at(x.shape, 3)]
}

/** Returns size / parts. Throws shape_not_divisible unless that is proved to be whole. */
export function divided(size: Dim, parts: number): Dim {
  const part = parts > 0 ? floorDiv(size, parts) : 0
  if (parts <= 0 || compare(mul(part, parts), '==', size) !== 'yes')
    refuse('shape_not_divisible', { size: shownSize(size), parts })
  return part
}

const x1 = { name: 'x', kind: 'tensor' } as const
const axes = { name: 'axis', kind: 'axes' } as const
const shape = { name: 'shape', kind: 'shape' } as const

/** The meaning of every change of shape. */
export const reshape: Family<Reshaping<TensorBase, Dim>> = {
  reshape: operation({
    params: [x1, shape],
    define: (t, { x, shape }) => {
      const full = completeShape(x.shape, shape, elementsOf(x.shape))
      return reshaped(t, x, full)
    },
  }),
  flatten: operation({
    params: [x1, { name: 'start', kind: 'axis', default: 0 }, { name: 'end', kind: 'axis', default: -1 }],
    define: (t, { x, start, end }) => flatten(t, x, start, end),
  }),
  unflatten: operation({
    params: [x1, { name: 'axis', kind: 'axis' }, { name: 'sizes', kind: 'shape' }],
    define: (t, { x, axis, sizes }) => {
      const which = axisOf('unflatten', axis, x.shape.length)
      const parts = completeShape([sizeAt(x.shape, which)], sizes, sizeAt(x.shape, which))
      return reshaped(t, x, [...x.shape.slice(0, which), ...parts, ...x.shape.slice(which + 1)])
    },
  }),
  permute: operation({
    params: [x1, { name: 'axes', kind: 'axes' }],
    define: (t, { x, axes }) => {
      const order = axesOf('permute', axes, x.shape.length)
      if (order.length !== x.shape.length)
        refuse('shape_rank_mismatch', {
          op: 'permute',
          expected: `a tensor of ${order.length} axes`,
          got: shownType(x),
        })
      return permuted(t, x, order)
    },
  }),
  transpose: operation({
    params: [x1, { name: 'first', kind: 'axis', default: -2 }, { name: 'second', kind: 'axis', default: -1 }],
    define: (t, { x, first, second }) => {
      const rank = x.shape.length
      const [a, b] = [axisOf('transpose', first, rank), axisOf('transpose', second, rank)]
      return permuted(
        t,
        x,
        x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
      )
    },
  }),
  moveAxis: operation({
    params: [x1, { name: 'from', kind: 'axis' }, { name: 'to', kind: 'axis' }],
    define: (t, { x, from, to }) => {
      const source = axisOf('moveAxis', from, x.shape.length)
      const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== source)
      return permuted(t, x, others.toSpliced(axisOf('moveAxis', to, x.shape.length), 0, source))
    },
  }),
  squeeze: operation({
    params: [x1, { ...axes, optional: true }],
    define: (t, { x, axis }) => squeeze(t, x, axis),
  }),
  unsqueeze: operation({ params: [x1, axes], define: (t, { x, axis }) => unsqueeze(t, 'unsqueeze', x, axis) }),
  expandDims: operation({ params: [x1, axes], define: (t, { x, axis }) => unsqueeze(t, 'expandDims', x, axis) }),
  expand: operation({ params: [x1, shape], define: (t, { x, shape }) => expand(t, 'expand', x, shape) }),
  broadcastTo: operation({ params: [x1, shape], define: (t, { x, shape }) => expand(t, 'broadcastTo', x, shape) }),
  diagonal: operation({ params: [x1], define: (t, { x }) => diagonalOf(t, x) }),
  pixelShuffle: operation({
    params: [x1, { name: 'factor', kind: 'int' }],
    define: (t, { x, factor }) => shuffle(t, x, factor, 'out'),
  }),
  pixelUnshuffle: operation({
    params: [x1, { name: 'factor', kind: 'int' }],
    define: (t, { x, factor }) => shuffle(t, x, factor, 'in'),
  }),
  depthToSpace: operation({
    params: [x1, { name: 'factor', kind: 'int' }],
    define: (t, { x, factor }) => {
      const [n, c, h, w] = imageShape('depthToSpace', x)
      const rest = divided(c, factor * factor)
      const split = t.reshape(x, [n, factor, factor, rest, h, w])
      return t.reshape(permuted(t, split, [0, 3, 4, 1, 5, 2]), [n, rest, mul(h, factor), mul(w, factor)])
    },
  }),
  spaceToDepth: operation({
    params: [x1, { name: 'factor', kind: 'int' }],
    define: (t, { x, factor }) => {
      const [n, c, h, w] = imageShape('spaceToDepth', x)
      const [rows, columns] = [divided(h, factor), divided(w, factor)]
      const split = t.reshape(x, [n, c, rows, factor, columns, factor])
      return t.reshape(permuted(t, split, [0, 3, 5, 1, 2, 4]), [n, mul(c, factor * factor), rows, columns])
    },
  }),
}
