// index-items: NumPy indexing
//
// Integers and ranges become one slice, null an axis of size 1, index tensors one gather. As in NumPy, tensors (and the
// integers beside them) broadcast together; their axes take their place, or come first where a range stands between.

import { kindOf } from '../types/dtype.ts'
import { type Dim, isDimExpression, product } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { broadcastShape, sizeAt } from '../types/shape.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { settleSize } from './coerce.ts'
import type { Bound } from './definition.ts'
import { at, castTo, permuted, reshaped, sizeScalar, stretch } from './operands.ts'
import { type ReadRange, readIndex, readRange } from './ranges.ts'
import type { IndexItem } from './signature.ts'
import { readRanges } from './slicing.ts'

/** What happens to one axis of the result of the slice. */
type Part =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'new' }
  | { readonly kind: 'gather'; readonly indices: TensorBase }

/** Returns x[items]. Throws shape_index_out_of_range, and shape_rank_mismatch for more items than axes. */
export function index(t: Bound, x: TensorBase, items: readonly IndexItem[]): TensorBase {
  const ranges = new Map<number, ReadRange>()
  const parts: Part[] = []
  let axis = 0
  for (const item of withoutEllipsis(x, items)) {
    if (item === null) parts.push({ kind: 'new' })
    else parts.push(readItem(x, item, axis++, ranges))
  }
  const sliced = readRanges(t, x, ranges)
  return parts.some((part) => part.kind === 'gather') ? gathered(t, sliced, parts) : rearranged(t, sliced, parts)
}

function withoutEllipsis(x: TensorBase, items: readonly IndexItem[]): readonly Exclude<IndexItem, '...'>[] {
  const isAxis = (item: IndexItem): boolean => item !== null && item !== '...'
  const rest = x.shape.length - items.filter(isAxis).length
  if (rest < 0)
    refuse('shape_rank_mismatch', {
      op: 'index',
      expected: `at least ${items.filter(isAxis).length} axes`,
      got: shownType(x),
    })
  const whole = Array.from({ length: rest }, () => ({}))
  const full = items.includes('...') ? items : [...items, '...' as const]
  let seen = false
  return full.flatMap((item): readonly Exclude<IndexItem, '...'>[] => {
    if (item !== '...') return [item]
    if (seen)
      return refuse('source_bad_argument', { argument: 'items', callee: 'index', expected: 'one ...', got: 'two' })
    seen = true
    return whole
  })
}

function readItem(
  x: TensorBase,
  item: Exclude<IndexItem, '...' | null>,
  axis: number,
  ranges: Map<number, ReadRange>,
): Part {
  const n = sizeAt(x.shape, axis)
  if (item instanceof TensorBase) {
    if (kindOf(item.dtype) !== 'integer')
      refuse(
        'dtype_unsupported',
        { op: 'index', expected: 'integer indices', dtype: item.dtype },
        { argument: 'items' },
      )
    return { kind: 'gather', indices: item }
  }
  if (typeof item === 'number' || isDimExpression(item)) {
    ranges.set(axis, { start: readIndex(n, item), step: 1, size: 1 })
    return { kind: 'drop' }
  }
  const range = readRange(n, settleSize(item.start), settleSize(item.stop), Number(item.step ?? 1))
  ranges.set(axis, range)
  return { kind: 'keep' }
}

function rearranged(t: Bound, x: TensorBase, parts: readonly Part[]): TensorBase {
  let axis = 0
  const shape = parts.flatMap((part): readonly Dim[] => {
    if (part.kind === 'new') return [1]
    const size = sizeAt(x.shape, axis++)
    return part.kind === 'drop' ? [] : [size]
  })
  return reshaped(t, x, shape)
}

/** Gathers along all indexed axes at once, through one index into their product. */
function gathered(t: Bound, x: TensorBase, parts: readonly Part[]): TensorBase {
  // new axes first, so that every part is an axis of x
  const full = reshaped(t, x, withNewAxes(x, parts))
  const isIndexed = (part: Part): boolean => part.kind === 'gather' || part.kind === 'drop'
  const indexed = parts.flatMap((part, axis) => (isIndexed(part) ? [axis] : []))
  const others = parts.flatMap((part, axis) => (isIndexed(part) ? [] : [axis]))
  const first = at(indexed, 0)
  const isTogether = indexed.every((axis, i) => axis === first + i)
  const place = isTogether ? first : 0
  const moved = permuted(t, full, [...others.slice(0, place), ...indexed, ...others.slice(place)])
  const sizes = indexed.map((axis) => sizeAt(full.shape, axis))
  const tensors = indexed.flatMap((axis) => {
    const part = at(parts, axis)
    return part.kind === 'gather' ? [{ x: castTo(t, part.indices, 'i32'), size: sizeAt(full.shape, axis) }] : []
  })
  const shape = broadcastShape(
    'index',
    tensors.map(({ x: indices }) => indices),
  )
  const joined = reshaped(t, moved, [
    ...moved.shape.slice(0, place),
    product(sizes),
    ...moved.shape.slice(place + indexed.length),
  ])
  return t.emit('gather', [joined, flatIndex(t, tensors, shape)], { axis: place })
}

/** Dropped axes have size 1 by now, so that only tensors count. */
function flatIndex(
  t: Bound,
  tensors: readonly { readonly x: TensorBase; readonly size: Dim }[],
  shape: readonly Dim[],
): TensorBase {
  const [only, ...more] = tensors
  if (only !== undefined && more.length === 0) return only.x
  let flat: TensorBase | undefined
  for (const { x, size } of tensors) {
    const scale = sizeScalar(t, size, 'i32')
    const inside = t.clip(stretch(t, x, shape), 0, t.sub(scale, 1))
    flat = flat === undefined ? inside : t.add(t.mul(flat, scale), inside)
  }
  return flat ?? refuse('shape_index_out_of_range', { index: 'nothing', size: shownSize(0) })
}

function withNewAxes(x: TensorBase, parts: readonly Part[]): readonly Dim[] {
  let axis = 0
  return parts.map((part) => (part.kind === 'new' ? 1 : sizeAt(x.shape, axis++)))
}
