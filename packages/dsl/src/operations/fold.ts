// fold: columns of patches back to images, overlaps added

import { type Dim, product } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { lift, permuted, reshaped } from './operands.ts'
import { divided } from './reshape.ts'

/** One spatial axis of a fold. */
export interface FoldAxis {
  readonly size: Dim
  readonly kernel: number
  /** How many windows there are. */
  readonly count: Dim
  readonly stride: number
  readonly dilation: number
  readonly before: Dim
}

/** Returns [n, c, …sizes] of columns [n, c * kernel, windows]: axis by axis, the sum of what falls on each place. */
export function fold(t: Bound, x: TensorBase, axes: readonly FoldAxis[]): TensorBase {
  const kernel = axes.map((axis) => axis.kernel)
  const channels = divided(
    sizeAt(x.shape, 1),
    kernel.reduce((a, b) => a * b, 1),
  )
  let value = reshaped(t, x, [sizeAt(x.shape, 0), channels, ...kernel, ...axes.map(({ count }) => count)])
  // [n, c, k1 … kr, o1 … or]: the first kernel axis and the first axis of windows become the last axis
  for (const [done, axis] of axes.entries()) {
    const left = axes.length - done
    const order = value.shape.map((_, i) => i).filter((i) => i !== 2 && i !== 2 + left)
    const moved = permuted(t, value, [...order, 2, 2 + left])
    value = foldedAxis(t, moved, axis)
  }
  return value
}

/** [..., kernel, count] → [..., size]. */
function foldedAxis(t: Bound, x: TensorBase, { size, kernel, count, stride, dilation, before }: FoldAxis): TensorBase {
  const place = reshaped(t, t.emit('iota', [], { length: size }), [1, size])
  const tap = reshaped(t, t.emit('iota', [], { length: kernel }), [kernel, 1])
  const start = t.sub(t.add(place, lift(t, 'fold', before, 'i32')), t.mul(tap, dilation))
  const window = t.floorDiv(start, stride)
  const counted = lift(t, 'fold', count, 'i32')
  const isThere = t.and(t.eq(t.mod(start, stride), 0), t.and(t.ge(window, 0), t.lt(window, counted)))
  const flat = reshaped(t, x, [...x.shape.slice(0, -2), product([kernel, count])])
  const read = t.gather(flat, t.add(t.mul(tap, counted), t.minimum(t.maximum(window, 0), t.sub(counted, 1))), -1)
  return t.sum(t.where(isThere, read, 0), -2)
}
