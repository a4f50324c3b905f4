// scatter: the meaning of writing at computed places
//
// A choice by comparing places, so that equal indices and infinities come out right on every target.

import { neutralOf } from '../primitives/neutral.ts'
import type { Reducer } from '../primitives/params.ts'
import { type Dim, product } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { placesAlong } from './creation.ts'
import type { Bound } from './definition.ts'
import { asIndices, gatherElements } from './gather.ts'
import { castTo, reshaped, sizeScalar } from './operands.ts'

/** How an element that is written and what was there become one. */
export type ScatterReduction = 'none' | 'add' | 'mul' | 'max' | 'min'

interface Scattered {
  /** [..., m, n, ...]: whether element i of the source goes to place j. */
  readonly goes: TensorBase
  /** The source with an axis of size 1 after its own. */
  readonly source: TensorBase
  readonly axis: number
}

function scattered(
  t: Bound,
  op: string,
  x: TensorBase,
  indices: TensorBase,
  source: TensorBase,
  axis: number,
): Scattered {
  const along = axisOf(op, axis, x.shape.length)
  if (source.shape.length !== x.shape.length)
    refuse('shape_rank_mismatch', { op, expected: `a source of ${x.shape.length} axes`, got: shownType(source) })
  const ones = source.shape.map((_, i): Dim => (i === along ? sizeAt(indices.shape, 0) : 1))
  const isVector = indices.shape.length === 1 && source.shape.length > 1
  const places = isVector ? reshaped(t, asIndices(t, op, indices), ones) : asIndices(t, op, indices)
  if (places.shape.length !== source.shape.length)
    refuse('shape_rank_mismatch', { op, expected: 'indices like the source, or one axis', got: shownType(indices) })
  const size = sizeAt(x.shape, along)
  const inside = t.clip(places, 0, t.sub(sizeScalar(t, size, 'i32'), 1))
  const apart = (value: TensorBase): TensorBase => t.unsqueeze(value, along + 1)
  const rank = x.shape.length + 1
  const targets = placesAlong(
    t,
    Array.from({ length: rank }, (_, i) => (i === along + 1 ? size : 1)),
    along + 1,
  )
  return { goes: t.eq(apart(inside), targets), source: apart(castTo(t, source, x.dtype)), axis: along }
}

const reducers = { add: 'sum', mul: 'prod', max: 'max', min: 'min' } as const satisfies Record<string, Reducer>
const combine = { add: 'add', mul: 'mul', max: 'maximum', min: 'minimum' } as const

/** Writes the source into x along an axis, or combines it with what is there. */
export function scatter(
  t: Bound,
  op: string,
  x: TensorBase,
  indices: TensorBase,
  source: TensorBase,
  axis: number,
  how: ScatterReduction,
): TensorBase {
  const grown = covering(t, x, indices, source, axisOf(op, axis, x.shape.length))
  if (how === 'none') return written(t, op, x, scattered(t, op, x, indices, source, axis), grown)
  const { goes, source: values, axis: along } = scattered(t, op, x, indices, source, axis)
  const fn = reducers[how]
  const chosen = t.where(goes, values, neutralOf(fn, x.dtype))
  return t[combine[how]](x, grown(t.emit('reduce', [chosen], { fn, axes: [along] }), neutralOf(fn, x.dtype)))
}

/** Where the source is shorter than x along other axes, the rest of x stays: fills results up with `neutral`. */
function covering(
  t: Bound,
  x: TensorBase,
  indices: TensorBase,
  source: TensorBase,
  axis: number,
): (value: TensorBase, neutral: number) => TensorBase {
  const pads = x.shape.map((size, i): readonly [Dim, Dim] => {
    const own = sizeAt(source.shape, i)
    return i !== axis && typeof size === 'number' && typeof own === 'number' ? [0, Math.max(0, size - own)] : [0, 0]
  })
  const isWhole = indices.shape.length === 1 || pads.every(([, after]) => after === 0)
  return (value, neutral) => (isWhole ? value : t.pad(value, pads, { value: neutral }))
}

function written(
  t: Bound,
  op: string,
  x: TensorBase,
  { goes, source: values, axis: along }: Scattered,
  grown: (value: TensorBase, neutral: number) => TensorBase,
): TensorBase {
  // the last element of the source that goes to each place, or -1
  const order = placesAlong(t, values.shape, along)
  const full = t.where(goes, order, -1)
  const last = t.emit('reduce', [full], { fn: 'max', axes: [along] })
  const flat = t.squeeze(values, along + 1)
  const value = gatherElements(t, op, flat, last, along)
  return t.where(t.ge(grown(last, -1), 0), grown(value, 0), x)
}

/** Returns indices [..., k] into the first k axes of a shape as indices into their product. */
export function flatIndices(t: Bound, op: string, indices: TensorBase, sizes: readonly Dim[]): TensorBase {
  const whole = asIndices(t, op, indices)
  let flat: TensorBase | undefined
  for (const [i, size] of sizes.entries()) {
    const own = t.squeeze(t.slice(whole, { axes: -1, start: i, stop: i + 1 }), -1)
    const length = sizeScalar(t, size, 'i32')
    const inside = t.clip(own, 0, t.sub(length, 1))
    flat = flat === undefined ? inside : t.add(t.mul(flat, length), inside)
  }
  return flat ?? t.zeros(indices.shape.slice(0, -1), { dtype: 'i32' })
}

/** Returns the depth of indices [..., k]. Throws where it is not known or deeper than x. */
export function depthOf(op: string, indices: TensorBase, most: number): number {
  const depth = indices.shape.at(-1)
  if (typeof depth !== 'number' || depth > most)
    return refuse(
      'shape_rank_mismatch',
      { op, expected: `indices [..., k] with k at most ${most}`, got: shownType(indices) },
      { argument: 'indices' },
    )
  return depth
}

/** Writes slices at indices [..., k] into the first k axes. */
export function scatterND(
  t: Bound,
  x: TensorBase,
  indices: TensorBase,
  source: TensorBase,
  how: ScatterReduction,
): TensorBase {
  const depth = depthOf('scatterND', indices, x.shape.length)
  const flat = t.reshape(flatIndices(t, 'scatterND', indices, x.shape.slice(0, depth)), [-1])
  const inner = product(x.shape.slice(depth))
  const rows = reshaped(t, x, [product(x.shape.slice(0, depth)), inner])
  const values = reshaped(t, source, [product(indices.shape.slice(0, -1)), inner])
  return reshaped(t, scatter(t, 'scatterND', rows, flat, values, 0, how), x.shape)
}

/** Reads slices at indices [..., k] of the axes after the batch. */
export function gatherND(t: Bound, x: TensorBase, indices: TensorBase, batchDims: number): TensorBase {
  const depth = depthOf('gatherND', indices, x.shape.length - batchDims)
  const [batch, sizes] = [x.shape.slice(0, batchDims), x.shape.slice(batchDims, batchDims + depth)]
  const inner = x.shape.slice(batchDims + depth)
  const flat = flatIndices(t, 'gatherND', indices, sizes)
  const rows = reshaped(t, x, [product([...batch, ...sizes]), ...inner])
  if (batchDims === 0) return t.emit('gather', [rows, flat], { axis: 0 })
  const places = product(flat.shape.slice(batchDims))
  const offset = t.mul(
    reshaped(t, t.emit('iota', [], { length: product(batch) }), [product(batch), 1]),
    sizeScalar(t, product(sizes), 'i32'),
  )
  const moved = t.add(reshaped(t, flat, [product(batch), places]), offset)
  return t.emit('gather', [rows, reshaped(t, moved, flat.shape)], { axis: 0 })
}
