// grid-sample: an image at positions of its own, one list of them an image
//
// A position is read as a weighted sum of the elements around it: 1, 2 or 4 along every axis.

import { type Dim, product } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, reshaped, sizeScalar, stretch } from './operands.ts'
import { cubic } from './resize.ts'

/** How positions are read. */
export interface Sampled {
  readonly mode: 'linear' | 'nearest' | 'cubic'
  readonly paddingMode: 'zeros' | 'border' | 'reflection'
  readonly alignCorners: boolean
}

/** Returns [n, c, …places]. */
export function sampleGrid(t: Bound, x: TensorBase, grid: TensorBase, how: Sampled): TensorBase {
  const sizes = x.shape.slice(2)
  const n = sizeAt(x.shape, 0)
  const places = grid.shape.slice(1, -1)
  const flat = reshaped(t, castTo(t, grid, 'f32'), [n, product(places), sizes.length])
  const positions = sizes.map((size, axis) => {
    // the last axis comes first
    const own = t.squeeze(t.slice(flat, { axes: -1, start: sizes.length - 1 - axis, stop: sizes.length - axis }), -1)
    const length = sizeScalar(t, size, 'f32')
    return how.alignCorners
      ? t.mul(t.div(t.add(own, 1), 2), t.sub(length, 1))
      : t.div(t.sub(t.mul(t.add(own, 1), length), 1), 2)
  })
  const value = sampleAt(t, x, positions, how)
  return reshaped(t, value, [n, sizeAt(x.shape, 1), ...places])
}

/** Reads x [n, c, …sizes] at positions [n, q] of every axis, in elements: [n, c, q]. */
export function sampleAt(t: Bound, x: TensorBase, positions: readonly TensorBase[], how: Sampled): TensorBase {
  const sizes = x.shape.slice(2)
  const limited = positions.map((p, axis) => fitted(t, p, sizes[axis] ?? 1, how, how.mode !== 'cubic'))
  const taps = limited.map((p) => neighbours(t, p, how.mode))
  const flat = reshaped(t, castTo(t, x, 'f32'), [...x.shape.slice(0, 2), product(sizes)])
  let total: TensorBase | undefined
  for (const choice of combinations(taps)) {
    const part = weightedRead(t, flat, sizes, choice, how)
    total = total === undefined ? part : t.add(total, part)
  }
  return castTo(t, total ?? flat, x.dtype)
}

interface Tap {
  /** A whole position [n, q]. */
  readonly place: TensorBase
  readonly weight: TensorBase | undefined
}

function neighbours(t: Bound, position: TensorBase, mode: Sampled['mode']): readonly Tap[] {
  if (mode === 'nearest') return [{ place: t.round(position), weight: undefined }]
  const base = t.floor(position)
  const offsets = mode === 'linear' ? [0, 1] : [-1, 0, 1, 2]
  return offsets.map((offset) => {
    const place = t.add(base, offset)
    const distance = t.abs(t.sub(position, place))
    return { place, weight: mode === 'linear' ? t.sub(1, distance) : cubic(t, distance, -0.75) }
  })
}

function combinations(axes: readonly (readonly Tap[])[]): readonly (readonly Tap[])[] {
  return axes.reduce<readonly (readonly Tap[])[]>(
    (sofar, taps) => sofar.flatMap((each) => taps.map((tap) => [...each, tap])),
    [[]],
  )
}

function weightedRead(
  t: Bound,
  flat: TensorBase,
  sizes: readonly Dim[],
  choice: readonly Tap[],
  how: Sampled,
): TensorBase {
  let index: TensorBase | undefined
  let inside: TensorBase | undefined
  let weight: TensorBase | undefined
  for (const [axis, tap] of choice.entries()) {
    const size = sizeScalar(t, sizes[axis] ?? 1, 'f32')
    const place = how.mode === 'cubic' ? fitted(t, tap.place, sizes[axis] ?? 1, how, true) : tap.place
    const isInside = t.and(t.ge(place, 0), t.lt(place, size))
    const whole = t.clip(castTo(t, place, 'i32'), 0, t.sub(sizeScalar(t, sizes[axis] ?? 1, 'i32'), 1))
    index = index === undefined ? whole : t.add(t.mul(index, sizeScalar(t, sizes[axis] ?? 1, 'i32')), whole)
    inside = inside === undefined ? isInside : t.and(inside, isInside)
    weight = weight === undefined || tap.weight === undefined ? (tap.weight ?? weight) : t.mul(weight, tap.weight)
  }
  if (index === undefined || inside === undefined) return flat
  const [n, c, q] = [sizeAt(flat.shape, 0), sizeAt(flat.shape, 1), sizeAt(index.shape, 1)]
  const places = stretch(t, reshaped(t, index, [n, 1, q]), [n, c, q])
  const read = t.emit('gatherElements', [flat, places], { axis: 2 })
  const seen = t.where(reshaped(t, inside, [n, 1, q]), read, 0)
  return weight === undefined ? seen : t.mul(seen, reshaped(t, weight, [n, 1, q]))
}

/** Brings positions beyond the edges back, as the padding mode says; 'zeros' leaves them. */
function fitted(t: Bound, position: TensorBase, size: Dim, how: Sampled, applies: boolean): TensorBase {
  if (how.paddingMode === 'zeros' || !applies) return position
  const last = t.sub(sizeScalar(t, size, 'f32'), 1)
  if (how.paddingMode === 'border') return t.clip(position, 0, last)
  const low = how.alignCorners ? 0 : -0.5
  const span = how.alignCorners ? last : t.add(last, 1)
  const period = t.maximum(t.mul(span, 2), 1)
  const around = t.mod(t.sub(position, low), period)
  const folded = t.add(t.minimum(around, t.sub(period, around)), low)
  return t.clip(t.where(t.gt(span, 0), folded, 0), 0, last)
}
