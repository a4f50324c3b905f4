// sort-order: the indices that sort an axis
//
// Every dtype becomes an integer with the same order, so that two numbers compare as one instruction and NaN has its
// place. Short axes, and those of a size that is known at the call, count for each element how many come before it: one
// reduction. Long ones are merged step by step (Batcher's bitonic network): O(n log² n), each step elementwise. Equal
// elements keep their order in both.

import { kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { placesAlong } from './creation.ts'
import type { Bound } from './definition.ts'
import { castTo, reshaped, scalar } from './operands.ts'

/** Elements of an axis up to which they are counted: merging is a kernel a step, of which there are 66 and more here. */
const LONGEST_COUNT = 2048

const LARGEST = 2 ** 31 - 1

/** Returns the indices of the first `count` elements in order, as i32. */
export function sortOrder(t: Bound, x: TensorBase, axis: number, descending: boolean, count: Dim): TensorBase {
  const keys = descending ? t.bitwiseNot(keysOf(t, x)) : keysOf(t, x)
  const size = sizeAt(x.shape, axis)
  return typeof size === 'number' && size > LONGEST_COUNT
    ? merged(t, keys, axis, size, count)
    : counted(t, keys, axis, count)
}

/** Returns i32 with the order of x: the bits of floats, those of negative ones turned round; NaN is the largest. */
function keysOf(t: Bound, x: TensorBase): TensorBase {
  if (x.dtype === 'u32') return t.bitwiseXor(t.bitCast(x, 'i32'), -(2 ** 31))
  if (kindOf(x.dtype) !== 'float') return castTo(t, x, 'i32')
  const bits = t.bitCast(t.add(castTo(t, x, 'f32'), 0), 'i32') // -0 + 0 is 0
  const turned = t.bitwiseXor(bits, t.bitwiseAnd(t.shiftRight(bits, 31), LARGEST))
  return t.where(t.isNaN(x), LARGEST, turned)
}

function counted(t: Bound, keys: TensorBase, axis: number, count: Dim): TensorBase {
  const shape = keys.shape.map((size, i): Dim => (i === axis ? size : 1))
  const places = placesAlong(t, shape, axis)
  const [own, other] = [t.unsqueeze(keys, axis + 1), t.unsqueeze(keys, axis)] // [.., i, 1, ..], [.., 1, j, ..]
  const earlier = t.lt(t.unsqueeze(places, axis), t.unsqueeze(places, axis + 1))
  const isBefore = t.or(t.lt(other, own), t.and(t.eq(other, own), earlier))
  const ranks = t.unsqueeze(t.sum(isBefore, axis + 1), axis) // [.., 1, i, ..]
  const along = (length: Dim, at: number): TensorBase =>
    placesAlong(
      t,
      Array.from({ length: keys.shape.length + 1 }, (_, i): Dim => (i === at ? length : 1)),
      at,
    )
  const hit = t.eq(ranks, along(count, axis))
  const index = t.where(hit, along(sizeAt(keys.shape, axis), axis + 1), scalar(t, 0, 'i32'))
  return t.emit('reduce', [index], { fn: 'sum', axes: [axis + 1] })
}

interface Pair {
  readonly key: TensorBase
  readonly index: TensorBase
}

function merged(t: Bound, keys: TensorBase, axis: number, size: number, count: Dim): TensorBase {
  const length = 2 ** Math.ceil(Math.log2(size))
  const last = t.moveAxis(keys, axis, -1)
  const pads = last.shape.map((_, i): readonly [Dim, Dim] => [0, i === last.shape.length - 1 ? length - size : 0])
  const padded = t.pad(last, pads, { value: LARGEST })
  let pair: Pair = { key: padded, index: t.expand(t.emit('iota', [], { length }), padded.shape) }
  for (let run = 2; run <= length; run *= 2)
    for (let apart = run / 2; apart >= 1; apart /= 2) pair = exchanged(t, pair, length, run, apart)
  return t.moveAxis(t.slice(pair.index, { axes: -1, stop: count }), -1, axis)
}

/** Brings elements that are `apart` in order: every other run of `run` elements upwards, the rest downwards. */
function exchanged(t: Bound, { key, index }: Pair, length: number, run: number, apart: number): Pair {
  const batch = key.shape.slice(0, -1)
  const blocks = length / (2 * apart)
  const halves = (x: TensorBase): readonly [TensorBase, TensorBase] => {
    const split = reshaped(t, x, [...batch, blocks, 2, apart])
    const half = (i: number): TensorBase => t.slice(split, { axes: -2, start: i, stop: i + 1 })
    return [half(0), half(1)]
  }
  const [[a, b], [i, j]] = [halves(key), halves(index)]
  const block = reshaped(t, t.emit('iota', [], { length: blocks }), [blocks, 1, 1])
  const isUp = t.eq(t.bitwiseAnd(t.mul(block, 2 * apart), run), 0)
  const isAfter = t.or(t.gt(a, b), t.and(t.eq(a, b), t.gt(i, j)))
  const swaps = t.eq(isAfter, isUp)
  const joined = (x: TensorBase, y: TensorBase): TensorBase =>
    reshaped(t, t.concat([t.where(swaps, y, x), t.where(swaps, x, y)], -2), key.shape)
  return { key: joined(a, b), index: joined(i, j) }
}
