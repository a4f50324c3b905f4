// ordering: operations that rank elements: sorting, choosing, and results whose size depends on the data
//
// What has no size of its own is bounded by the size that the caller gives.

import { type Dim, compare, product } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import type { AxisOptions } from './types.ts'
import { nonMaxSuppression } from './non-max-suppression.ts'
import { castTo, reshaped, sizeScalar } from './operands.ts'
import { sortOrder } from './sort-order.ts'
import { unique } from './unique.ts'

/** Options of sorting. */
export interface SortOptions extends AxisOptions {
  readonly descending?: boolean
}

/** Options of topK. */
export interface TopKOptions extends AxisOptions {
  /** The largest (true) or the smallest. */
  readonly largest?: boolean
}

/** Options of nonMaxSuppression. */
export interface SuppressionOptions {
  /** The most boxes of one class of one image; 0 gives none. */
  readonly perClass: number
  /** Boxes whose overlap, intersection over union, is more than this give way: 0. */
  readonly iouThreshold?: number
  /** Boxes with this score, or a lower one, are left out. */
  readonly scoreThreshold?: number
  /** Whether boxes are [x, y, width, height] around a centre instead of two corners [y1, x1, y2, x2]. */
  readonly centered?: boolean
}

/** Sorting and choosing. */
export interface Ordering<T extends TensorBase, D extends Dim> {
  /** Sorted along an axis (-1), NaN last (first where descending). np.sort, torch.sort (values). */
  sort(x: T, axis?: number | SortOptions, options?: SortOptions): T
  /** The i32 indices that sort an axis (-1), equal elements in their order. np.argsort (stable), torch.argsort. */
  argsort(x: T, axis?: number | SortOptions, options?: SortOptions): T
  /** [values, i32 indices] of the k largest along an axis (-1), in order; equal elements by index. torch.topk, ONNX TopK. */
  topK(x: T, k: D, options?: TopKOptions): T[]
  /** For each axis the i32 indices [size] of elements that are not 0, row by row; `size` bounds them, 0 fills up. jnp.nonzero (size), ONNX NonZero. */
  nonzero(x: T, options: { readonly size: D }): T[]
  /**
   * [values, first indices, inverse indices, counts] of the distinct slices along an axis (0), sorted, or by first
   * occurrence; `size` bounds them, the last slice and count 0 fill up. jnp.unique (size), ONNX Unique.
   */
  unique(x: T, options: AxisOptions & { readonly size: D; readonly sorted?: boolean }): T[]
  /**
   * Boxes [n, boxes, 4] and scores [n, classes, boxes] → i32 [size, 3] of image, class and box, best first in each
   * class; `size` bounds them, -1 fills up. torchvision nms, ONNX NonMaxSuppression.
   */
  nonMaxSuppression(boxes: T, scores: T, options: SuppressionOptions & { readonly size: D }): T
}

function order(t: Bound, x: TensorBase, axis: number, descending: boolean, count: Dim): TensorBase {
  const size = sizeAt(x.shape, axis)
  if (compare(count, '<=', size) === 'no')
    refuse('shape_index_out_of_range', { index: shownSize(count), size: shownSize(size) })
  return sortOrder(t, x, axis, descending, count)
}

function nonzero(t: Bound, x: TensorBase, size: Dim): readonly TensorBase[] {
  const flat = t.reshape(castTo(t, x, 'bool'), [-1])
  const places = placesOf(t, flat, size)
  let inner: Dim = 1
  return x.shape
    .map((_, i) => x.shape.length - 1 - i)
    .map((axis) => {
      const n = sizeAt(x.shape, axis)
      const index = t.mod(t.floorDiv(places, sizeScalar(t, inner, 'i32')), sizeScalar(t, n, 'i32'))
      inner = product([inner, n])
      return t.where(t.ge(places, 0), index, 0)
    })
    .toReversed()
}

/** Returns where the first `size` true elements of a vector are: as many as have had fewer; -1 fills up. */
export function placesOf(t: Bound, mask: TensorBase, size: Dim): TensorBase {
  const counted = t.unsqueeze(t.cumsum(castTo(t, mask, 'i32'), 0), 0)
  const wanted = reshaped(t, t.emit('iota', [], { length: size }), [size, 1])
  const place = t.sum(t.le(counted, wanted), 1)
  return t.where(t.lt(place, sizeScalar(t, sizeAt(mask.shape, 0), 'i32')), place, -1)
}

const x1 = { name: 'x', kind: 'tensor' } as const
const last = { name: 'axis', kind: 'axis', default: -1 } as const
const sorting = [x1, last, { name: 'descending', kind: 'bool', default: false }] as const
const bound = { name: 'size', kind: 'size' } as const

/** The meaning of every ordering. */
export const ordering: Family<Ordering<TensorBase, Dim>> = {
  sort: operation({
    params: sorting,
    define: (t, { x, axis, descending }) => {
      const along = axisOf('sort', axis, x.shape.length)
      return t.takeAlongAxis(x, order(t, x, along, descending, sizeAt(x.shape, along)), along)
    },
  }),
  argsort: operation({
    params: sorting,
    define: (t, { x, axis, descending }) => {
      const along = axisOf('argsort', axis, x.shape.length)
      return order(t, x, along, descending, sizeAt(x.shape, along))
    },
  }),
  topK: operation({
    params: [x1, { name: 'k', kind: 'size' }, last, { name: 'largest', kind: 'bool', default: true }],
    define: (t, { x, k, axis, largest }) => {
      const along = axisOf('topK', axis, x.shape.length)
      const places = order(t, x, along, largest, k)
      return [t.takeAlongAxis(x, places, along), places]
    },
  }),
  nonzero: operation({ params: [x1, bound], define: (t, { x, size }) => nonzero(t, x, size) }),
  unique: operation({
    params: [x1, bound, { name: 'axis', kind: 'axis', default: 0 }, { name: 'sorted', kind: 'bool', default: true }],
    define: (t, { x, size, axis, sorted }) => unique(t, x, axisOf('unique', axis, x.shape.length), size, sorted),
  }),
  nonMaxSuppression: operation({
    params: [
      { name: 'boxes', kind: 'tensor' },
      { name: 'scores', kind: 'tensor' },
      bound,
      { name: 'perClass', kind: 'int' },
      { name: 'iouThreshold', kind: 'number', default: 0 },
      { name: 'scoreThreshold', kind: 'number', default: -Infinity },
      { name: 'centered', kind: 'bool', default: false },
    ],
    define: (t, { boxes, scores, size, ...how }) => {
      if (boxes.shape.length !== 3 || scores.shape.length !== 3)
        refuse('shape_rank_mismatch', {
          op: 'nonMaxSuppression',
          expected: 'boxes [n, boxes, 4] and scores [n, classes, boxes]',
          got: `${shownType(boxes)} and ${shownType(scores)}`,
        })
      const { chosen, kept } = nonMaxSuppression(t, boxes, scores, how)
      const places = placesOf(t, kept, size)
      return t.where(t.ge(t.unsqueeze(places, 1), 0), t.gather(chosen, places, 0), -1)
    },
  }),
}
