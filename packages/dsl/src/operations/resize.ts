// resize: any axes to any size, in every coordinate mode of ONNX
//
// Each axis on its own: a position in the source for every new place, then a weighted sum of the neighbours. Positions
// are numbers of the build where the sizes are, so that they round as in double precision.

import { type Dim, compare } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, reshaped, sizeScalar, toFloat } from './operands.ts'

/** How a new place finds its position in the source. */
export type Coordinates =
  | 'half_pixel'
  | 'half_pixel_symmetric'
  | 'pytorch_half_pixel'
  | 'align_corners'
  | 'asymmetric'
  | 'tf_crop_and_resize'

/** How 'nearest' makes a position whole. */
export type Rounding = 'round_prefer_floor' | 'round_prefer_ceil' | 'floor' | 'ceil'

/** What resize is told of every axis. */
export interface Resizing {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates: Coordinates
  readonly rounding: Rounding
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
  readonly extrapolationValue: number
  readonly antialias: boolean
}

/** What resize is told of one axis. */
export interface ResizedAxis {
  readonly axis: number
  readonly size: Dim
  /** New size / old size where it is not exactly that. */
  readonly scale: number | undefined
  /** The part of the axis that is read, in fractions of it. */
  readonly region: readonly [number, number]
}

/** Returns x with one axis resized. */
export function resizeAxis(
  t: Bound,
  x: TensorBase,
  { axis, size, scale, region }: ResizedAxis,
  how: Resizing,
): TensorBase {
  const n = sizeAt(x.shape, axis)
  if (compare(n, '==', size) === 'yes' && (scale ?? 1) === 1 && how.coordinates !== 'tf_crop_and_resize') return x
  const ratio = scale ?? (typeof n === 'number' && typeof size === 'number' ? size / n : undefined)
  const positions = positionsOf(t, n, size, ratio, region, how.coordinates)
  const value =
    how.mode === 'nearest'
      ? nearest(t, x, axis, positions, how.rounding)
      : blended(t, x, axis, positions, size, ratio, how)
  if (how.coordinates !== 'tf_crop_and_resize') return value
  const isOutside = t.or(t.lt(positions, 0), t.gt(positions, t.sub(sizeScalar(t, n, 'f32'), 1)))
  return t.where(along(t, isOutside, x, axis), how.extrapolationValue, value)
}

function along(t: Bound, v: TensorBase, x: TensorBase, axis: number): TensorBase {
  return reshaped(t, v, [...v.shape, ...x.shape.slice(axis + 1).map((): Dim => 1)])
}

/** Returns where each new place reads, as f32 [size]. */
function positionsOf(
  t: Bound,
  n: Dim,
  size: Dim,
  ratio: number | undefined,
  region: readonly [number, number],
  coordinates: Coordinates,
): TensorBase {
  if (typeof n === 'number' && typeof size === 'number') {
    const data = Array.from({ length: size }, (_, i) => position(i, n, size, ratio ?? 1, region, coordinates))
    return t.emit('literal', [], { data, dtype: 'f32', shape: [size] })
  }
  const places = castTo(t, t.emit('iota', [], { length: size }), 'f32')
  const [from, to] = [sizeScalar(t, n, 'f32'), sizeScalar(t, size, 'f32')]
  const step = ratio === undefined ? t.div(from, to) : 1 / ratio
  if (coordinates === 'asymmetric') return t.mul(places, step)
  if (coordinates === 'align_corners') return t.div(t.mul(places, t.sub(from, 1)), t.maximum(t.sub(to, 1), 1))
  const centred = t.sub(t.mul(t.add(places, 0.5), step), 0.5)
  return coordinates === 'pytorch_half_pixel' ? t.where(t.gt(to, 1), centred, 0) : centred
}

function position(
  i: number,
  n: number,
  size: number,
  ratio: number,
  [start, end]: readonly [number, number],
  coordinates: Coordinates,
): number {
  const exact = ratio * n // the size before it was rounded down
  const centred = (i + 0.5) / ratio - 0.5
  switch (coordinates) {
    case 'asymmetric':
      return i / ratio
    case 'align_corners':
      return exact === 1 ? 0 : (i * (n - 1)) / (exact - 1)
    case 'pytorch_half_pixel':
      return exact === 1 ? -0.5 : centred
    case 'half_pixel_symmetric':
      return (n / 2) * (1 - size / exact) + centred
    case 'tf_crop_and_resize': {
      const span = (end - start) * (n - 1)
      return start * (n - 1) + (exact === 1 ? span / 2 : (i * span) / (exact - 1))
    }
    case 'half_pixel':
      return centred
  }
}

function nearest(t: Bound, x: TensorBase, axis: number, positions: TensorBase, rounding: Rounding): TensorBase {
  const whole = {
    round_prefer_floor: () => t.ceil(t.sub(positions, 0.5)),
    round_prefer_ceil: () => t.floor(t.add(positions, 0.5)),
    floor: () => t.floor(positions),
    ceil: () => t.ceil(positions),
  }[rounding]()
  return t.gather(x, castTo(t, whole, 'i32'), axis)
}

/** The weighted sum of the neighbours within reach; a smaller image with antialias reaches further. */
function blended(
  t: Bound,
  x: TensorBase,
  axis: number,
  positions: TensorBase,
  size: Dim,
  ratio: number | undefined,
  how: Resizing,
): TensorBase {
  const shrink = how.antialias && ratio !== undefined ? Math.min(ratio, 1) : 1
  const reach = Math.ceil((how.mode === 'linear' ? 1 : 2) / shrink)
  const taps = 2 * reach
  const offsets = t.sub(castTo(t, t.emit('iota', [], { length: taps }), 'f32'), reach - 1)
  const column = reshaped(t, positions, [size, 1])
  const neighbours = t.add(t.floor(column), offsets) // [size, taps]
  const distance = t.abs(t.mul(t.sub(neighbours, column), shrink))
  const plain = how.mode === 'linear' ? t.maximum(t.sub(1, distance), 0) : cubic(t, distance, how.cubicCoefficient)
  const last = t.sub(sizeScalar(t, sizeAt(x.shape, axis), 'f32'), 1)
  const isInside = t.and(t.ge(neighbours, 0), t.le(neighbours, last))
  const counted = how.excludeOutside ? t.where(isInside, plain, 0) : plain
  const weights = how.antialias || how.excludeOutside ? t.div(counted, t.sum(counted, 1, { keepDims: true })) : counted
  const value = toFloat(t, x)
  const read = t.gather(castTo(t, value, 'f32'), castTo(t, neighbours, 'i32'), axis) // clamps to the edge
  const result = t.sum(t.mul(read, along(t, weights, x, axis)), axis + 1)
  return castTo(t, result, value.dtype)
}

/** Keys' cubic kernel: 1 at 0, 0 at 1 and from 2 on. */
export function cubic(t: Bound, distance: TensorBase, a: number): TensorBase {
  const polynomial = (c3: number, c2: number, c1: number, c0: number): TensorBase =>
    t.add(t.mul(t.add(t.mul(t.add(t.mul(distance, c3), c2), distance), c1), distance), c0)
  const near = polynomial(a + 2, -(a + 3), 0, 1)
  const far = polynomial(a, -5 * a, 8 * a, -4 * a)
  return t.where(t.le(distance, 1), near, t.where(t.lt(distance, 2), far, 0))
}
