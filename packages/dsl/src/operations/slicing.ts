// slicing: the meaning of taking parts and of repeating them

import { type Dim, add, compare, mod, mul, sub } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { axesOf, axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { reshaped } from './operands.ts'
import { type ReadRange, readRange } from './ranges.ts'
import type { Axes, AxisOptions, Sizes } from './types.ts'

/** Options of slice. */
export interface SliceOptions<D extends Dim> {
  /** The first index; negative counts from the end. */
  readonly start?: Sizes<D>
  /** The index after the last; the end of the axis where left out. */
  readonly stop?: Sizes<D>
  /** The axes that starts, stops and steps belong to; the first ones where left out. */
  readonly axes?: Axes
  /** Steps, negative to walk back; 1 where left out. */
  readonly step?: Axes
}

/** Parts and repetitions. */
export interface Slicing<T extends TensorBase, D extends Dim> {
  /** Part of axes, from start to before stop; beyond the end is cut off. np `x[start:stop:step]`, ONNX Slice. */
  slice(x: T, start?: Sizes<D> | SliceOptions<D>, stop?: Sizes<D> | SliceOptions<D>, options?: SliceOptions<D>): T
  /** Repeats the whole along axes. torch.tile, np.tile, ONNX Tile. */
  tile(x: T, repeats: readonly D[]): T
  /** Repeats every element along an axis. torch.repeat_interleave, np.repeat. */
  repeat(x: T, repeats: D, axis?: number | AxisOptions): T
  /** Reverses axes; all where left out. torch.flip, np.flip. */
  flip(x: T, axis?: Axes | { readonly axis?: Axes }): T
  /** Moves elements along an axis, those that leave come in at the other end. torch.roll, np.roll. */
  roll(x: T, shift: Sizes<D>, axis?: Axes | { readonly axis?: Axes }): T
  /** The part of the last two axes on and below the diagonal; 0 elsewhere. torch.tril, np.tril, ONNX Trilu. */
  tril(x: T, diagonal?: number | { readonly diagonal?: number }): T
  /** The part of the last two axes on and above the diagonal; 0 elsewhere. torch.triu, np.triu, ONNX Trilu. */
  triu(x: T, diagonal?: number | { readonly diagonal?: number }): T
}

/** Reads a range along some axes; the others stay whole. */
export function readRanges(t: Bound, x: TensorBase, ranges: ReadonlyMap<number, ReadRange>): TensorBase {
  const isWhole = [...ranges].every(
    ([axis, { start, step, size }]) =>
      start === 0 && step === 1 && compare(size, '==', sizeAt(x.shape, axis)) === 'yes',
  )
  if (isWhole) return x
  return t.emit('slice', [x], {
    starts: x.shape.map((_, axis) => ranges.get(axis)?.start ?? 0),
    steps: x.shape.map((_, axis) => ranges.get(axis)?.step ?? 1),
    sizes: x.shape.map((size, axis) => ranges.get(axis)?.size ?? size),
  })
}

/** Returns `length` elements from `start` on, in range by the caller's proof. */
export function narrowed(t: Bound, x: TensorBase, axis: number, start: Dim, length: Dim): TensorBase {
  return readRanges(t, x, new Map([[axis, { start, step: 1, size: length }]]))
}

interface SliceArguments {
  readonly start: Dim | readonly Dim[] | undefined
  readonly stop: Dim | readonly Dim[] | undefined
  readonly axes: readonly number[] | undefined
  readonly step: number | readonly number[] | undefined
}

function slice(t: Bound, x: TensorBase, { start, stop, axes, step }: SliceArguments): TensorBase {
  const [starts, stops, steps] = [listOf(start), listOf(stop), listOf(step)]
  const count = Math.max(starts.length, stops.length, steps.length)
  const which = axesOf('slice', axes ?? Array.from({ length: count }, (_, axis) => axis), x.shape.length)
  const longest = Math.max(count, which.length)
  const one = <V>(list: readonly V[], i: number): V | undefined => (list.length === 1 ? list[0] : list[i])
  if (count > 1 && which.length !== longest)
    refuse('option_invalid', {
      option: 'axes',
      callee: 'slice',
      expected: `${count} axes, one for every start`,
      got: String(which.length),
    })
  const ranges = which.map((axis, i) => {
    const range = readRange(sizeAt(x.shape, axis), one(starts, i), one(stops, i), one(steps, i) ?? 1)
    return [axis, range] as const
  })
  return readRanges(t, x, new Map(ranges))
}

function listOf<V>(value: V | readonly V[] | undefined): readonly V[] {
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

function isList<V>(value: V | readonly V[]): value is readonly V[] {
  return Array.isArray(value)
}

function flip(t: Bound, x: TensorBase, axes: readonly number[] | undefined): TensorBase {
  const ranges = axesOf('flip', axes, x.shape.length).map((axis) => {
    const size = sizeAt(x.shape, axis)
    return [axis, { start: sub(size, 1), step: -1, size }] as const
  })
  return ranges.length === 0 ? x : readRanges(t, x, new Map(ranges))
}

function roll(t: Bound, x: TensorBase, shift: Dim | readonly Dim[], axes: readonly number[] | undefined): TensorBase {
  if (axes === undefined) return t.reshape(roll(t, t.reshape(x, [-1]), shift, [0]), x.shape)
  const shifts = listOf(shift)
  let value = x
  for (const [i, axis] of axesOf('roll', axes, x.shape.length).entries()) {
    const size = sizeAt(x.shape, axis)
    if (size === 0) continue
    const by = mod((shifts.length === 1 ? shifts[0] : shifts[i]) ?? 0, size)
    if (by === 0) continue
    const [tail, head] = [narrowed(t, value, axis, sub(size, by), by), narrowed(t, value, axis, 0, sub(size, by))]
    value = t.emit('concat', [tail, head], { axis })
  }
  return value
}

function tile(t: Bound, x: TensorBase, repeats: readonly Dim[]): TensorBase {
  const rank = Math.max(repeats.length, x.shape.length)
  const sizes = [...Array.from({ length: rank - x.shape.length }, (): Dim => 1), ...x.shape]
  const times = [...Array.from({ length: rank - repeats.length }, (): Dim => 1), ...repeats]
  if (times.every((count) => count === 1)) return reshaped(t, x, sizes)
  const apart = t.reshape(
    x,
    sizes.flatMap((size): readonly Dim[] => [1, size]),
  )
  const stretched = t.expand(
    apart,
    sizes.flatMap((size, axis) => [times[axis] ?? 1, size]),
  )
  return t.reshape(
    stretched,
    sizes.map((size, axis) => mul(size, times[axis] ?? 1)),
  )
}

function repeat(t: Bound, x: TensorBase, count: Dim, axis: number): TensorBase {
  const size = sizeAt(x.shape, axis)
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
  const apart = t.reshape(x, [...before, size, 1, ...after])
  return t.reshape(t.expand(apart, [...before, size, count, ...after]), [...before, mul(size, count), ...after])
}

/** Keeps one side of a diagonal of the last two axes. */
function triangle(t: Bound, op: string, x: TensorBase, diagonal: number, side: 'le' | 'ge'): TensorBase {
  if (x.shape.length < 2) refuse('shape_rank_mismatch', { op, expected: 'at least two axes', got: shownType(x) })
  const [n, m] = [sizeAt(x.shape, -2), sizeAt(x.shape, -1)]
  const rows = t.reshape(t.emit('iota', [], { length: n }), [n, 1])
  const columns = t.emit('iota', [], { length: m })
  return t.where(t[side](columns, diagonal === 0 ? rows : t.add(rows, diagonal)), x, 0)
}

const x1 = { name: 'x', kind: 'tensor' } as const
const axis = { name: 'axis', kind: 'axes', optional: true } as const
const diagonal = { name: 'diagonal', kind: 'int', default: 0 } as const

/** The meaning of every slice and repetition. */
export const slicing: Family<Slicing<TensorBase, Dim>> = {
  slice: operation({
    params: [
      x1,
      { name: 'start', kind: 'sizes', optional: true },
      { name: 'stop', kind: 'sizes', optional: true },
      { name: 'axes', kind: 'axes', optional: true },
      { name: 'step', kind: 'ints', optional: true },
    ],
    define: (t, { x, ...range }) => slice(t, x, range),
  }),
  flip: operation({ params: [x1, axis], define: (t, { x, axis }) => flip(t, x, axis) }),
  roll: operation({
    params: [x1, { name: 'shift', kind: 'sizes' }, axis],
    define: (t, { x, shift, axis }) => roll(t, x, shift, axis),
  }),
  tile: operation({
    params: [x1, { name: 'repeats', kind: 'shape' }],
    define: (t, { x, repeats }) => tile(t, x, repeats),
  }),
  repeat: operation({
    params: [x1, { name: 'repeats', kind: 'size' }, { name: 'axis', kind: 'axis', optional: true }],
    define: (t, { x, repeats, axis }) => {
      if (compare(repeats, '<', 0) === 'yes') refuse('shape_negative', { op: 'repeat', size: shownSize(repeats) })
      return axis === undefined
        ? repeat(t, t.reshape(x, [-1]), repeats, 0)
        : repeat(t, x, repeats, axisOf('repeat', axis, x.shape.length))
    },
  }),
  tril: operation({ params: [x1, diagonal], define: (t, { x, diagonal }) => triangle(t, 'tril', x, diagonal, 'le') }),
  triu: operation({ params: [x1, diagonal], define: (t, { x, diagonal }) => triangle(t, 'triu', x, diagonal, 'ge') }),
}

/** Returns the sum of sizes. */
export function total(sizes: readonly Dim[]): Dim {
  return sizes.reduce(add, 0)
}
