// pooling: the meaning of pooling over windows

import { type Dim, add } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { adaptivePool } from './adaptive-pool.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { interpolate } from './interpolate.ts'
import { at, promoteOperands, scalar, toFloat } from './operands.ts'
import { type PoolAxis, poolAxes, pooled } from './pool-axes.ts'
import { lpPool, maxPoolWithIndices } from './pool-windows.ts'
import type { Axes, Padding, Sizes } from './types.ts'

/** Options of maximum pooling. */
export interface MaxPoolOptions<D extends Dim> {
  /** The size of the kernel where left out. */
  readonly stride?: Axes
  readonly padding?: Padding<D>
  readonly dilation?: Axes
  /** Rounds the number of windows up instead of down. */
  readonly ceilMode?: boolean
}

/** Options of average pooling. */
export interface AvgPoolOptions<D extends Dim> {
  readonly stride?: Axes
  readonly padding?: Padding<D>
  readonly dilation?: Axes
  readonly ceilMode?: boolean
  /** Whether padding counts as elements (true, as PyTorch; ONNX has false). */
  readonly countIncludePad?: boolean
}

/** Options of interpolate. */
export interface InterpolateOptions<D extends Dim> {
  /** The new spatial sizes; or give `scale`. */
  readonly size?: Sizes<D>
  /** The factor; sizes are rounded down. */
  readonly scale?: Sizes<number>
  /** 'nearest' (the default), or linear in 1 to 3 spatial axes. */
  readonly mode?: 'nearest' | 'linear' | 'bilinear' | 'trilinear'
  /** Whether corner elements, instead of corner edges, fall together. */
  readonly alignCorners?: boolean
}

/** Options of lpPool. */
export interface LpPoolOptions<D extends Dim> extends MaxPoolOptions<D> {
  /** The order of the norm: 2. */
  readonly order?: number
}

/** Pooling and resizing. */
export interface Pooling<T extends TensorBase, D extends Dim> {
  /** The largest of each window: [n, c, l] → [n, c, l']. torch max_pool1d, ONNX MaxPool. Throws shape_window. */
  maxPool1d(x: T, kernel: number, options?: MaxPoolOptions<D>): T
  /** The largest of each window: [n, c, h, w] → [n, c, h', w']. torch max_pool2d, ONNX MaxPool. */
  maxPool2d(x: T, kernel: Axes, options?: MaxPoolOptions<D>): T
  /** The largest of each window: [n, c, d, h, w] → [n, c, d', h', w']. torch max_pool3d, ONNX MaxPool. */
  maxPool3d(x: T, kernel: Axes, options?: MaxPoolOptions<D>): T
  /** The mean of each window. torch avg_pool1d, ONNX AveragePool. */
  avgPool1d(x: T, kernel: number, options?: AvgPoolOptions<D>): T
  /** The mean of each window: [n, c, h, w] → [n, c, h', w']. torch avg_pool2d, ONNX AveragePool. */
  avgPool2d(x: T, kernel: Axes, options?: AvgPoolOptions<D>): T
  /** The mean of each window. torch avg_pool3d, ONNX AveragePool. */
  avgPool3d(x: T, kernel: Axes, options?: AvgPoolOptions<D>): T
  /** [largest, i32 index of it in its channel] of each window, over as many axes as the kernel has sizes. torch max_pool (return_indices). */
  maxPoolWithIndices(x: T, kernel: readonly number[], options?: MaxPoolOptions<D>): T[]
  /** (sum |x|^order)^(1/order) of each window, over as many axes as the kernel has sizes. torch lp_pool, ONNX LpPool, WebNN l2Pool2d. */
  lpPool(x: T, kernel: readonly number[], options?: LpPoolOptions<D>): T
  /** Means over windows that divide the axis in `size` parts. torch adaptive_avg_pool1d. */
  adaptiveAvgPool1d(x: T, size: Sizes<D>): T
  /** Means over windows that divide the axes in `size` parts. torch adaptive_avg_pool2d. */
  adaptiveAvgPool2d(x: T, size: Sizes<D>): T
  /** The largest over windows that divide the axes in `size` parts. torch adaptive_max_pool2d. */
  adaptiveMaxPool2d(x: T, size: Sizes<D>): T
  /** The mean over all spatial axes, kept with size 1. ONNX GlobalAveragePool. */
  globalAvgPool(x: T): T
  /** The largest over all spatial axes, kept with size 1. ONNX GlobalMaxPool. */
  globalMaxPool(x: T): T
  /** Resizes the spatial axes (all after the second). torch interpolate, ONNX Resize. */
  interpolate(x: T, options: InterpolateOptions<D>): T
}

const parameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'kernel', kind: 'ints' },
  { name: 'stride', kind: 'ints', optional: true },
  { name: 'padding', kind: 'padding', default: 0 },
] as const

const reaching = [
  { name: 'dilation', kind: 'ints', default: 1 },
  { name: 'ceilMode', kind: 'bool', default: false },
] as const

function maxPool(rank: number): Unnamed {
  const op = `maxPool${rank}d`
  return operation({
    params: [...parameters, ...reaching],
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
      { name: 'dilation', kind: 'ints', default: 1 },
    ],
    define: (t, { x, countIncludePad, ...how }) => {
      const value = toFloat(t, x)
      const axes = poolAxes(x, rank, { op, ...how })
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
  maxPoolWithIndices: operation({
    params: [...parameters, ...reaching],
    define: (t, { x, ...how }) => maxPoolWithIndices(t, x, { op: 'maxPoolWithIndices', ...how }),
  }),
  lpPool: operation({
    params: [...parameters, ...reaching, { name: 'order', kind: 'number', default: 2 }],
    define: (t, { x, order, ...how }) => lpPool(t, x, order, { op: 'lpPool', ...how }),
  }),
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
