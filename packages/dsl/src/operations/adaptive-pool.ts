// adaptive-pool: pooling into a given number of parts
//
// Part i covers floor(i * n / size) up to ceil((i + 1) * n / size). Where the size divides n these are plain windows.

import { neutralOf } from '../primitives/neutral.ts'
import { type Dim, compare, floorDiv, mul } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, reshaped, sizeScalar } from './operands.ts'
import { sizesFor } from './windows.ts'

/** Returns the means (for 'sum') or the largest of `size` parts of each spatial axis. */
export function adaptivePool(
  t: Bound,
  op: string,
  x: TensorBase,
  rank: number,
  size: Dim | readonly Dim[],
  fn: 'max' | 'sum',
): TensorBase {
  if (x.shape.length !== rank + 2 && x.shape.length !== rank + 1)
    refuse('shape_rank_mismatch', { op, expected: `an input of ${rank + 2} axes [n, c, …]`, got: shownType(x) })
  let value = x
  for (const [i, parts] of sizesFor(op, 'size', size, rank).entries())
    value = pooledAxis(t, value, x.shape.length - rank + i, parts, fn)
  return value
}

function pooledAxis(t: Bound, x: TensorBase, axis: number, parts: Dim, fn: 'max' | 'sum'): TensorBase {
  const n = sizeAt(x.shape, axis)
  const each = floorDiv(n, parts)
  if (compare(mul(each, parts), '==', n) === 'yes') {
    const split = reshaped(t, x, x.shape.toSpliced(axis, 1, parts, each))
    return fn === 'sum' ? t.mean(split, axis + 1) : t.max(split, axis + 1)
  }
  const [size, count] = [sizeScalar(t, n, 'i32'), sizeScalar(t, parts, 'i32')]
  const part = t.unsqueeze(t.emit('iota', [], { length: parts }), 1)
  const place = t.emit('iota', [], { length: n })
  const start = t.floorDiv(t.mul(part, size), count)
  const end = t.floorDiv(t.add(t.mul(t.add(part, 1), size), t.sub(count, 1)), count)
  const inside = t.and(t.ge(place, start), t.lt(place, end))
  const after: readonly Dim[] = x.shape.slice(axis + 1).map(() => 1)
  const mask = t.reshape(inside, [parts, n, ...after])
  const chosen = t.where(mask, t.unsqueeze(x, axis), neutralOf(fn, x.dtype))
  const value = t.emit('reduce', [chosen], { fn, axes: [axis + 1] })
  if (fn === 'max') return value
  return t.div(value, castTo(t, t.reshape(t.sub(end, start), [parts, ...after]), x.dtype))
}
