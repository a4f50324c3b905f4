// cumulative: sums, products and extremes up to each place of an axis
//
// As one reduction over a window that ends at the place, padded with the neutral element: an index map and a sum, with
// no product that could make NaN of infinities. Long axes of known size double the reach step by step instead.

import { neutralOf } from '../primitives/neutral.ts'
import type { Reducer } from '../primitives/params.ts'
import type { DType } from '../types/dtype.ts'
import { type Dim, sub } from '../types/dim.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Unnamed, operation } from './definition.ts'
import { castTo } from './operands.ts'

const LONGEST_WINDOW = 512

const parameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'axis', kind: 'axis' },
  { name: 'exclusive', kind: 'bool', default: false },
  { name: 'reverse', kind: 'bool', default: false },
] as const

/** Returns the cumulative form of a reducer. */
export function cumulative(op: string, fn: Reducer): Unnamed {
  return operation({
    params: parameters,
    define: (t, { x, axis, exclusive, reverse }) => {
      const at = axisOf(op, axis, x.shape.length)
      const small: readonly DType[] = ['bool', 'i8', 'u8']
      const wide = small.includes(x.dtype) ? castTo(t, x, 'i32') : x
      const forward = reverse ? t.flip(wide, at) : wide
      const neutral = neutralOf(fn, wide.dtype)
      const size = sizeAt(x.shape, at)
      if (size === 0) return wide
      const inclusive =
        typeof size === 'number' && size > LONGEST_WINDOW
          ? doubled(t, forward, at, size, fn)
          : windowed(t, forward, at, size, fn)
      const value = exclusive ? shifted(t, inclusive, at, 1, neutral) : inclusive
      return reverse ? t.flip(value, at) : value
    },
  })
}

function windowed(t: Bound, x: TensorBase, axis: number, size: Dim, fn: Reducer): TensorBase {
  const pads = x.shape.map((_, i): readonly [Dim, Dim] => [i === axis ? sub(size, 1) : 0, 0])
  const padded = t.pad(x, pads, { value: neutralOf(fn, x.dtype) })
  const windows = t.window(padded, axis, size)
  return t.emit('reduce', [windows], { fn, axes: [x.shape.length] })
}

const combine = { sum: 'add', prod: 'mul', max: 'maximum', min: 'minimum' } as const

function doubled(t: Bound, x: TensorBase, axis: number, size: number, fn: Reducer): TensorBase {
  let value = x
  for (let reach = 1; reach < size; reach *= 2)
    value = t[combine[fn]](value, shifted(t, value, axis, reach, neutralOf(fn, x.dtype)))
  return value
}

/** Moves along the axis by `by`, the neutral element comes in and as much leaves at the end. */
function shifted(t: Bound, x: TensorBase, axis: number, by: number, neutral: number): TensorBase {
  const kept = t.slice(x, { axes: axis, stop: sub(sizeAt(x.shape, axis), by) })
  return t.pad(
    kept,
    x.shape.map((_, i): readonly [Dim, Dim] => [i === axis ? by : 0, 0]),
    { value: neutral },
  )
}
