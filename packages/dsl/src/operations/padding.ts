// padding: the meaning of pad in its modes
//
// Constant padding is an index map; the other modes read at computed places, any number of times around.

import { type Dim, add, compare, sub, max } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { sizeScalar } from './operands.ts'
import { narrowed } from './slicing.ts'

/** How the new places are filled. */
export type PadMode = 'constant' | 'reflect' | 'symmetric' | 'replicate' | 'edge' | 'circular' | 'wrap'

/** Returns x with [before, after] elements added to every axis; negative numbers crop in constant mode. */
export function pad(
  t: Bound,
  x: TensorBase,
  pads: readonly (readonly Dim[])[],
  mode: PadMode,
  value: number,
): TensorBase {
  if (pads.length !== x.shape.length)
    refuse('shape_rank_mismatch', { op: 'pad', expected: `a tensor of ${pads.length} axes`, got: shownType(x) })
  const before = pads.map((pair) => pair[0] ?? 0)
  const after = pads.map((pair) => pair[1] ?? 0)
  if (mode === 'constant') return constantPad(t, x, before, after, value)
  let result = x
  for (const axis of x.shape.keys()) {
    const [left, right] = [sizeAt(before, axis), sizeAt(after, axis)]
    for (const size of [left, right])
      if (compare(size, '<', 0) === 'yes') refuse('shape_negative', { op: 'pad', size: shownSize(size) })
    if (left === 0 && right === 0) continue
    result = t.gather(result, places(t, sizeAt(x.shape, axis), left, right, mode), axis)
  }
  return result
}

function constantPad(
  t: Bound,
  x: TensorBase,
  before: readonly Dim[],
  after: readonly Dim[],
  value: number,
): TensorBase {
  let kept = x
  for (const axis of x.shape.keys()) {
    const [left, right] = [cropOf(sizeAt(before, axis)), cropOf(sizeAt(after, axis))]
    if (left === 0 && right === 0) continue
    const size = sub(sizeAt(x.shape, axis), add(left, right))
    if (compare(size, '<', 0) === 'yes') refuse('shape_negative', { op: 'pad', size: shownSize(size) })
    kept = narrowed(t, kept, axis, left, size)
  }
  const grown = { before: before.map((size) => max(size, 0)), after: after.map((size) => max(size, 0)) }
  const isNothing = [...grown.before, ...grown.after].every((size) => size === 0)
  return isNothing ? kept : t.emit('pad', [kept], { ...grown, value })
}

function cropOf(size: Dim): Dim {
  return compare(size, '>=', 0) === 'yes' ? 0 : max(sub(0, size), 0)
}

/** Returns where each place of the padded axis reads. */
function places(t: Bound, n: Dim, before: Dim, after: Dim, mode: PadMode): TensorBase {
  const iota = t.emit('iota', [], { length: add(n, add(before, after)) })
  const shifted = t.sub(iota, sizeScalar(t, before, 'i32'))
  if (mode === 'replicate' || mode === 'edge') return shifted // gather clamps
  const size = sizeScalar(t, n, 'i32')
  if (mode === 'circular' || mode === 'wrap') return t.mod(shifted, size)
  if (mode === 'symmetric') {
    const turned = t.mod(shifted, t.mul(size, 2))
    return t.minimum(turned, t.sub(t.sub(t.mul(size, 2), 1), turned))
  }
  const period = t.maximum(t.mul(t.sub(size, 1), 2), 1)
  const around = t.mod(shifted, period)
  return t.minimum(around, t.sub(period, around))
}
