// pooling: the meaning of pooling over windows

import { neutralOf } from '../primitives/neutral.ts'
import { type Dim, add, ceilDiv, floorDiv, max, min, mul, sub } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { adaptivePool } from './adaptive-pool.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import type { Pooling } from './interface/pooling.ts'
import { interpolate } from './interpolate.ts'
import { at, promoteOperands, scalar, toFloat } from './operands.ts'
import type { ParamValues } from './signature.ts'
import { numbersFor, paddingFor, spanOf, windows } from './windows.ts'

interface Pool {
  readonly op: string
  readonly kernel: number | readonly number[]
  readonly stride: number | readonly number[] | undefined
  readonly padding: ParamValues['padding']
  readonly dilation: number | readonly number[]
  readonly ceilMode: boolean
}

interface PoolAxis {
  readonly axis: number
  readonly size: number
  readonly stride: number
  readonly dilation: number
  readonly pads: readonly [Dim, Dim]
  /** How much further the last window reaches in ceil mode. */
  readonly extra: Dim
}

function poolAxes(x: TensorBase, rank: number, pool: Pool): readonly PoolAxis[] {
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

function pooled(t: Bound, op: string, x: TensorBase, axes: readonly PoolAxis[], fn: 'max' | 'sum'): TensorBase {
  const pads = x.shape.map((_, axis): readonly [Dim, Dim] => {
    const found = axes.find((a) => a.axis === axis)
    return found === undefined ? [0, 0] : [found.pads[0], add(found.pads[1], found.extra)]
  })
  const padded = t.pad(x, pads, { value: neutralOf(fn, x.dtype) })
  const value = windows(t, op, padded, axes)
  return t.emit('reduce', [value], { fn, axes: axes.map((_, i) => x.shape.length + i) })
}

const parameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'kernel', kind: 'ints' },
  { name: 'stride', kind: 'ints', optional: true },
  { name: 'padding', kind: 'padding', default: 0 },
] as const

function maxPool(rank: number): Unnamed {
  const op = `maxPool${rank}d`
  return operation({
    params: [
      ...parameters,
      { name: 'dilation', kind: 'ints', default: 1 },
      { name: 'ceilMode', kind: 'bool', default: false },
    ],
    define: (t, { x, ...how }) => {
      const value = at(promoteOperands(t, op, [x], 'number'), 0)
      return pooled(t, op, value, poolAxes(x, rank, { op, ...how }), 'max')
    },
  })
}

function avgPool(rank: number): Unnamed {
  const op = `avgPool${rank}d`
  return operation({
    params: [
      ...parameters,
      { name: 'ceilMode', kind: 'bool', default: false },
      { name: 'countIncludePad', kind: 'bool', default: true },
    ],
    define: (t, { x, countIncludePad, ...how }) => {
      const value = toFloat(t, x)
      const axes = poolAxes(x, rank, { op, ...how, dilation: 1 })
      const sum = pooled(t, op, value, axes, 'sum')
      const isPlain = axes.every(
        ({ pads, extra }) => extra === 0 && (countIncludePad || (pads[0] === 0 && pads[1] === 0)),
      )
      if (isPlain) return t.div(sum, scalar(t, productOf(axes.map(({ size }) => size)), value.dtype))
      return t.div(sum, counts(t, op, value, axes, countIncludePad))
    },
  })
}

/** How many elements each window holds: a sum over ones, with padding as ones where it counts. */
function counts(t: Bound, op: string, x: TensorBase, axes: readonly PoolAxis[], includePad: boolean): TensorBase {
  const shape = x.shape.map((size, axis) => {
    const found = axes.find((a) => a.axis === axis)
    if (found === undefined) return 1
    return includePad ? add(size, add(found.pads[0], found.pads[1])) : size
  })
  const rest = axes.map((axis): PoolAxis => (includePad ? { ...axis, pads: [0, 0] } : axis))
  return pooled(t, op, t.ones(shape, { dtype: x.dtype }), rest, 'sum')
}

function productOf(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1)
}

function spatial(op: string, x: TensorBase): readonly number[] {
  if (x.shape.length < 3) refuse('shape_rank_mismatch', { op, expected: 'an input [n, c, …]', got: shownType(x) })
  return x.shape.map((_, axis) => axis).slice(2)
}

function adaptive(op: string, rank: number, fn: 'max' | 'sum'): Unnamed {
  return operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'size', kind: 'sizes' },
    ],
    define: (t, { x, size }) => adaptivePool(t, op, fn === 'sum' ? toFloat(t, x) : x, rank, size, fn),
  })
}

/** The meaning of every pooling and resizing. */
export const pooling: Family<Pooling<TensorBase, Dim>> = {
  maxPool1d: maxPool(1),
  maxPool2d: maxPool(2),
  maxPool3d: maxPool(3),
  avgPool1d: avgPool(1),
  avgPool2d: avgPool(2),
  avgPool3d: avgPool(3),
  adaptiveAvgPool1d: adaptive('adaptiveAvgPool1d', 1, 'sum'),
  adaptiveAvgPool2d: adaptive('adaptiveAvgPool2d', 2, 'sum'),
  adaptiveMaxPool2d: adaptive('adaptiveMaxPool2d', 2, 'max'),
  globalAvgPool: operation({
    params: [{ name: 'x', kind: 'tensor' }],
    define: (t, { x }) => t.mean(x, spatial('globalAvgPool', x), { keepDims: true }),
  }),
  globalMaxPool: operation({
    params: [{ name: 'x', kind: 'tensor' }],
    define: (t, { x }) => t.max(x, spatial('globalMaxPool', x), { keepDims: true }),
  }),
  interpolate: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'size', kind: 'sizes', optional: true },
      { name: 'scale', kind: 'numbers', optional: true },
      { name: 'mode', kind: 'text', values: ['nearest', 'linear', 'bilinear', 'trilinear'], default: 'nearest' },
      { name: 'alignCorners', kind: 'bool', default: false },
    ],
    define: (t, { x, ...how }) => interpolate(t, x, how),
  }),
}
