// pool-axes: the windows that pooling slides, and one number for each

import { neutralOf } from '../primitives/neutral.ts'
import { type Dim, add, ceilDiv, floorDiv, max, min, mul, sub } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { at } from './operands.ts'
import type { ParamValues } from './signature.ts'
import { numbersFor, paddingFor, spanOf, windows } from './windows.ts'

/** What pooling is told. */
export interface Pool {
  readonly op: string
  readonly kernel: number | readonly number[]
  readonly stride: number | readonly number[] | undefined
  readonly padding: ParamValues['padding']
  readonly dilation: number | readonly number[]
  readonly ceilMode: boolean
}

/** Windows along one axis, with padding. */
export interface PoolAxis {
  readonly axis: number
  readonly size: number
  readonly stride: number
  readonly dilation: number
  readonly pads: readonly [Dim, Dim]
  /** How much further the last window reaches in ceil mode. */
  readonly extra: Dim
}

/** Returns the windows of the last `rank` axes. */
export function poolAxes(x: TensorBase, rank: number, pool: Pool): readonly PoolAxis[] {
  const { op } = pool
  if (x.shape.length !== rank + 2 && x.shape.length !== rank + 1)
    refuse('shape_rank_mismatch', { op, expected: `an input of ${rank + 2} axes [n, c, …]`, got: shownType(x) })
  const kernel = numbersFor(op, 'kernel', pool.kernel, rank)
  const stride = numbersFor(op, 'stride', pool.stride ?? kernel, rank)
  const dilation = numbersFor(op, 'dilation', pool.dilation, rank)
  const first = x.shape.length - rank
  const axes = kernel.map((size, i) => ({
    axis: first + i,
    n: sizeAt(x.shape, first + i),
    size,
    stride: at(stride, i),
    dilation: at(dilation, i),
  }))
  const pads = paddingFor(op, pool.padding, axes)
  return axes.map((axis, i) => ({ ...axis, pads: at(pads, i), extra: pool.ceilMode ? reach(axis, at(pads, i)) : 0 }))
}

/** In ceil mode the windows are counted up, but each must start inside the input or the padding before it. */
function reach(
  axis: { n: Dim; size: number; stride: number; dilation: number },
  [before, after]: readonly [Dim, Dim],
): Dim {
  const { n, size, stride, dilation } = axis
  const span = spanOf(size, dilation)
  const padded = add(n, add(before, after))
  const up = add(ceilDiv(sub(padded, span), stride), 1)
  const inside = add(floorDiv(sub(add(n, before), 1), stride), 1)
  const covered = add(mul(sub(min(up, inside), 1), stride), span)
  return max(sub(covered, padded), 0)
}

/** Returns the windows, padded with `value`: axes of places, then those of the kernel. */
export function poolWindows(t: Bound, op: string, x: TensorBase, axes: readonly PoolAxis[], fill: number): TensorBase {
  const pads = x.shape.map((_, axis): readonly [Dim, Dim] => {
    const found = axes.find((a) => a.axis === axis)
    return found === undefined ? [0, 0] : [found.pads[0], add(found.pads[1], found.extra)]
  })
  return windows(t, op, t.pad(x, pads, { value: fill }), axes)
}

/** Returns one number a window. */
export function pooled(t: Bound, op: string, x: TensorBase, axes: readonly PoolAxis[], fn: 'max' | 'sum'): TensorBase {
  const value = poolWindows(t, op, x, axes, neutralOf(fn, x.dtype))
  return t.emit('reduce', [value], { fn, axes: axes.map((_, i) => x.shape.length + i) })
}
