// interpolate: images of another size, axis by axis

import { type Dim, floorDiv, isDimExpression, mul } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { at, castTo, sizeScalar, toFloat } from './operands.ts'
import { numbersFor, sizesFor } from './windows.ts'

/** What interpolate is told. */
export interface Interpolation {
  readonly size: Dim | readonly Dim[] | undefined
  readonly scale: number | readonly number[] | undefined
  readonly mode: 'nearest' | 'linear' | 'bilinear' | 'trilinear'
  readonly alignCorners: boolean
}

/** Returns x with its spatial axes resized. Throws option_conflict unless exactly one of size and scale is given. */
export function interpolate(t: Bound, x: TensorBase, how: Interpolation): TensorBase {
  const op = 'interpolate'
  const rank = x.shape.length - 2
  if (rank < 1) refuse('shape_rank_mismatch', { op, expected: 'an input [n, c, …]', got: shownType(x) })
  if ((how.size === undefined) === (how.scale === undefined))
    refuse('option_conflict', { callee: op, first: 'size', second: 'scale' })
  const scales = how.scale === undefined ? undefined : numbersFor(op, 'scale', how.scale, rank)
  const sizes = how.size === undefined ? undefined : sizesFor(op, 'size', how.size, rank)
  let value = how.mode === 'nearest' ? x : toFloat(t, x)
  for (let i = 0; i < rank; i++) {
    const n = sizeAt(x.shape, i + 2)
    const scale = scales === undefined ? undefined : at(scales, i)
    const size = sizes === undefined ? scaled(n, scale ?? 1) : at(sizes, i)
    if (size === n && (scale === undefined || scale === 1)) continue
    value = how.mode === 'nearest' ? nearest(t, value, i + 2, size, scale) : linear(t, value, i + 2, size, scale, how)
  }
  return value
}

/** Of the fractions that a dimension may be scaled by. */
const denominators: readonly number[] = Array.from({ length: 64 }, (_, i) => i + 1)

function scaled(n: Dim, scale: number): Dim {
  if (Number.isInteger(scale) && scale > 0) return mul(n, scale)
  if (!isDimExpression(n) && scale > 0) return Math.floor(n * scale)
  const denominator = scale > 0 ? denominators.find((d) => Number.isInteger(scale * d)) : undefined
  if (denominator !== undefined) return floorDiv(mul(n, scale * denominator), denominator)
  return refuse('option_invalid', {
    option: 'scale',
    callee: 'interpolate',
    expected: 'a positive number, and a fraction such as 0.5 or 1.25 where the size is a dimension',
    got: String(scale),
  })
}

/** Place i reads floor(i * n / size). */
function nearest(t: Bound, x: TensorBase, axis: number, size: Dim, scale: number | undefined): TensorBase {
  const n = sizeAt(x.shape, axis)
  const times = typeof n === 'number' && typeof size === 'number' && n > 0 ? size / n : scale
  if (times !== undefined && Number.isInteger(times) && (scale === undefined || scale === times))
    return t.repeat(x, times, axis)
  const iota = t.emit('iota', [], { length: size })
  if (scale !== undefined) {
    const places = t.floor(t.mul(castTo(t, iota, 'f32'), 1 / scale))
    return t.gather(x, castTo(t, places, 'i32'), axis)
  }
  const places = t.floorDiv(t.mul(iota, sizeScalar(t, n, 'i32')), sizeScalar(t, size, 'i32'))
  return t.gather(x, places, axis)
}

/** Place i reads between the two neighbours of its source position. */
function linear(
  t: Bound,
  x: TensorBase,
  axis: number,
  size: Dim,
  scale: number | undefined,
  { alignCorners }: Interpolation,
): TensorBase {
  const n = sizeAt(x.shape, axis)
  const [from, to] = [sizeScalar(t, n, 'f32'), sizeScalar(t, size, 'f32')]
  const places = castTo(t, t.emit('iota', [], { length: size }), 'f32')
  const ratio = scale === undefined ? t.div(from, to) : t.div(1, sizeScalar(t, scale, 'f32'))
  const source = alignCorners
    ? t.div(t.mul(places, t.sub(from, 1)), t.maximum(t.sub(to, 1), 1))
    : t.maximum(t.sub(t.mul(t.add(places, 0.5), ratio), 0.5), 0)
  const low = t.minimum(t.floor(source), t.sub(from, 1))
  const after = x.shape.slice(axis + 1).map((): Dim => 1)
  const weight = castTo(t, t.reshape(t.minimum(t.sub(source, low), 1), [size, ...after]), x.dtype)
  const left = castTo(t, low, 'i32')
  const a = t.gather(x, left, axis)
  const b = t.gather(x, t.add(left, 1), axis) // the last place clamps to itself
  return t.add(t.mul(a, t.sub(1, weight)), t.mul(b, weight))
}
