// sampling: reading images at computed positions; channels first

import { type Dim, floorDiv, mul, product } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axesOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { deformConv2d } from './deform-conv.ts'
import { sampleGrid } from './grid-sample.ts'
import type { Axes, Sizes } from './types.ts'
import { at, castTo, reshaped } from './operands.ts'
import { type Coordinates, type Rounding, resizeAxis } from './resize.ts'
import { roiAlign } from './roi-align.ts'
import { numbersFor, paddingFor, sizesFor } from './windows.ts'

/** Options of resize. */
export interface ResizeOptions<D extends Dim> {
  /** The axes to resize; all but the first two where left out. */
  readonly axes?: Axes
  /** The new sizes, or `scale`; both where the sizes are rounded and the scale counts. */
  readonly size?: Sizes<D>
  readonly scale?: Sizes<number>
  readonly mode?: 'nearest' | 'linear' | 'cubic'
  /** How a new place finds its position, by ONNX's names: 'half_pixel'. */
  readonly coordinates?: Coordinates
  /** How 'nearest' rounds positions: 'round_prefer_floor'. */
  readonly rounding?: Rounding
  /** The coefficient of the cubic kernel: -0.75. */
  readonly cubicCoefficient?: number
  /** Neighbours beyond the edge count nothing, instead of repeating the edge. */
  readonly excludeOutside?: boolean
  /** What 'tf_crop_and_resize' gives for positions outside: 0. */
  readonly extrapolationValue?: number
  /** Averages over as much as a smaller image leaves out. */
  readonly antialias?: boolean
  /** The part that 'tf_crop_and_resize' reads: all starts, then all ends, in fractions of the axes. */
  readonly region?: readonly number[]
}

/** Options of gridSample. */
export interface GridSampleOptions {
  readonly mode?: 'linear' | 'nearest' | 'cubic'
  readonly paddingMode?: 'zeros' | 'border' | 'reflection'
  readonly alignCorners?: boolean
}

/** Options of roiAlign. */
export interface RoiAlignOptions {
  /** [height, width] of the results. */
  readonly size: readonly [number, number]
  /** Samples along each axis of each place; 0 takes as many as the region has pixels for it. */
  readonly samplingRatio?: number
  readonly spatialScale?: number
  /** Whether pixels have their centres at halves (true). */
  readonly aligned?: boolean
  readonly mode?: 'avg' | 'max'
}

/** Options of deformConv2d. */
export interface DeformConvOptions<T extends TensorBase, D extends Dim> {
  readonly bias?: T
  /** Multiplies every sample: [n, offsetGroups * kh * kw, h', w']. */
  readonly mask?: T
  readonly stride?: Axes
  readonly padding?: Sizes<D> | readonly (readonly [D, D])[]
  readonly dilation?: Axes
  readonly groups?: number
  readonly offsetGroups?: number
}

/** Sampling. */
export interface Sampling<T extends TensorBase, D extends Dim> {
  /** Other sizes, in every coordinate mode. torch interpolate, ONNX Resize, WebNN resample2d. */
  resize(x: T, options: ResizeOptions<D>): T
  /** [n, c, …sizes], grid [n, …places, rank] of positions from -1 to 1, last axis first → [n, c, …places]. torch grid_sample, ONNX GridSample. */
  gridSample(x: T, grid: T, options?: GridSampleOptions): T
  /** The grid [n, …sizes, rank] that affine maps [n, rank, rank + 1] make of an image of shape [n, c, …sizes]. torch affine_grid, ONNX AffineGrid. */
  affineGrid(theta: T, shape: readonly D[], options?: { readonly alignCorners?: boolean }): T
  /** Regions [r, 4] of corners x1, y1, x2, y2 in the images `batch` [r] → [r, c, h, w]. torchvision roi_align, ONNX RoiAlign. */
  roiAlign(x: T, regions: T, batch: T, options: RoiAlignOptions): T
  /** conv2d whose windows read at offsets [n, offsetGroups * kh * kw * 2, h', w'] of y and x. torchvision deform_conv2d, ONNX DeformConv. */
  deformConv2d(x: T, weight: T, offset: T, options?: DeformConvOptions<T, D>): T
}

const x1 = { name: 'x', kind: 'tensor' } as const

/** The meaning of every sampling. */
export const sampling: Family<Sampling<TensorBase, Dim>> = {
  resize: operation({
    params: [
      x1,
      { name: 'size', kind: 'sizes', optional: true },
      { name: 'scale', kind: 'numbers', optional: true },
      { name: 'axes', kind: 'axes', optional: true },
      { name: 'mode', kind: 'text', values: ['nearest', 'linear', 'cubic'], default: 'nearest' },
      {
        name: 'coordinates',
        kind: 'text',
        values: [
          'half_pixel',
          'half_pixel_symmetric',
          'pytorch_half_pixel',
          'align_corners',
          'asymmetric',
          'tf_crop_and_resize',
        ],
        default: 'half_pixel',
      },
      {
        name: 'rounding',
        kind: 'text',
        values: ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'],
        default: 'round_prefer_floor',
      },
      { name: 'cubicCoefficient', kind: 'number', default: -0.75 },
      { name: 'excludeOutside', kind: 'bool', default: false },
      { name: 'extrapolationValue', kind: 'number', default: 0 },
      { name: 'antialias', kind: 'bool', default: false },
      { name: 'region', kind: 'numbers', optional: true },
    ],
    define: (t, { x, axes, size, scale, region, ...how }) => {
      const which = axesOf('resize', axes ?? x.shape.map((_, axis) => axis).slice(2), x.shape.length)
      const scales = scale === undefined ? undefined : numbersFor('resize', 'scale', scale, which.length)
      const sizes = size === undefined ? undefined : sizesFor('resize', 'size', size, which.length)
      if (scales === undefined && sizes === undefined)
        refuse('source_missing_argument', { callee: 'resize', name: 'size' }, { argument: 'size' })
      const parts = region === undefined ? undefined : numbersFor('resize', 'region', region, 2 * which.length)
      return which.reduce((value, axis, i) => {
        const factor = scales?.[i]
        const to = sizes?.[i] ?? scaled(sizeAt(x.shape, axis), factor ?? 1)
        const part = [parts?.[i] ?? 0, parts?.[i + which.length] ?? 1] as const
        return resizeAxis(t, value, { axis, size: to, scale: factor, region: part }, how)
      }, x)
    },
  }),
  gridSample: operation({
    params: [
      x1,
      { name: 'grid', kind: 'tensor' },
      { name: 'mode', kind: 'text', values: ['linear', 'nearest', 'cubic'], default: 'linear' },
      { name: 'paddingMode', kind: 'text', values: ['zeros', 'border', 'reflection'], default: 'zeros' },
      { name: 'alignCorners', kind: 'bool', default: false },
    ],
    define: (t, { x, grid, ...how }) => {
      if (x.shape.length < 3 || grid.shape.length !== x.shape.length)
        refuse('shape_rank_mismatch', {
          op: 'gridSample',
          expected: `a grid of ${x.shape.length} axes`,
          got: shownType(grid),
        })
      return sampleGrid(t, x, grid, how)
    },
  }),
  affineGrid: operation({
    params: [
      { name: 'theta', kind: 'tensor' },
      { name: 'shape', kind: 'shape' },
      { name: 'alignCorners', kind: 'bool', default: false },
    ],
    define: (t, { theta, shape, alignCorners }) => affineGrid(t, theta, shape, alignCorners),
  }),
  roiAlign: operation({
    params: [
      x1,
      { name: 'regions', kind: 'tensor' },
      { name: 'batch', kind: 'tensor' },
      { name: 'size', kind: 'ints' },
      { name: 'samplingRatio', kind: 'int', default: 0 },
      { name: 'spatialScale', kind: 'number', default: 1 },
      { name: 'aligned', kind: 'bool', default: true },
      { name: 'mode', kind: 'text', values: ['avg', 'max'], default: 'avg' },
    ],
    define: (t, { x, regions, batch, size, ...how }) =>
      roiAlign(t, x, regions, batch, { ...how, size: numbersFor('roiAlign', 'size', size, 2) }),
  }),
  deformConv2d: operation({
    params: [
      x1,
      { name: 'weight', kind: 'tensor' },
      { name: 'offset', kind: 'tensor' },
      { name: 'bias', kind: 'tensor', optional: true },
      { name: 'mask', kind: 'tensor', optional: true },
      { name: 'stride', kind: 'ints', default: 1 },
      { name: 'padding', kind: 'padding', default: 0 },
      { name: 'dilation', kind: 'ints', default: 1 },
      { name: 'groups', kind: 'int', default: 1 },
      { name: 'offsetGroups', kind: 'int', default: 1 },
    ],
    define: (t, { x, weight, offset, bias, mask, stride, padding, dilation, groups, offsetGroups }) => {
      const op = 'deformConv2d'
      for (const each of [x, weight, offset])
        if (each.shape.length !== 4) refuse('shape_rank_mismatch', { op, expected: 'four axes', got: shownType(each) })
      const [steps, gaps] = [numbersFor(op, 'stride', stride, 2), numbersFor(op, 'dilation', dilation, 2)]
      const kernel = weight.shape.slice(2)
      const pads = paddingFor(
        op,
        padding,
        kernel.map((size, i) => ({ n: sizeAt(x.shape, i + 2), size, stride: at(steps, i), dilation: at(gaps, i) })),
      )
      return deformConv2d(t, x, weight, offset, {
        bias,
        mask,
        stride: steps,
        dilation: gaps,
        pads,
        groups,
        offsetGroups,
      })
    },
  }),
}

function scaled(n: Dim, scale: number): Dim {
  if (typeof n === 'number') return Math.floor(n * scale)
  if (Number.isInteger(scale)) return mul(n, scale)
  const whole = Math.round(1 / scale)
  if (Math.abs(whole * scale - 1) < 1e-9) return floorDiv(n, whole)
  return refuse('option_invalid', {
    option: 'scale',
    callee: 'resize',
    expected: 'a whole number or one part of a whole where the size is a dimension',
    got: String(scale),
  })
}

function affineGrid(t: Bound, theta: TensorBase, shape: readonly Dim[], alignCorners: boolean): TensorBase {
  const sizes = shape.slice(2)
  const rank = sizes.length
  if (theta.shape.length !== 3)
    refuse('shape_rank_mismatch', { op: 'affineGrid', expected: 'maps [n, rank, rank + 1]', got: shownType(theta) })
  // the last axis comes first, as x does before y
  const coordinates = sizes
    .map((size, axis) => {
      const places = castTo(t, t.emit('iota', [], { length: size }), 'f32')
      const count = castTo(t, t.emit('dimension', [], { value: size }), 'f32')
      const value = alignCorners
        ? t.sub(t.div(t.mul(places, 2), t.maximum(t.sub(count, 1), 1)), 1)
        : t.sub(t.div(t.add(t.mul(places, 2), 1), count), 1)
      const own = reshaped(
        t,
        value,
        sizes.map((_, i): Dim => (i === axis ? size : 1)),
      )
      return t.expand(own, sizes)
    })
    .toReversed()
  const points = t.stack([...coordinates, t.ones(sizes)], -1)
  const flat = t.reshape(points, [product(sizes), rank + 1])
  const moved = t.matmul(castTo(t, flat, theta.dtype), t.transpose(theta))
  return reshaped(t, moved, [sizeAt(theta.shape, 0), ...sizes, rank])
}
