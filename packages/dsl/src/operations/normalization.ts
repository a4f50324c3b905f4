// normalization: the meaning of normalisations; statistics are computed in f32 from centred values

import type { Dim } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axesOf, axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { castTo, reshaped, toFloat } from './operands.ts'
import { divided } from './reshape.ts'
import type { Axes, EpsOptions } from './types.ts'

/** Options of batchNorm. */
export interface BatchNormOptions extends EpsOptions {
  /** The axis of the channels: 1. */
  readonly axis?: number
}

/** Options of layerNorm and rmsNorm. */
export interface LayerNormOptions extends EpsOptions {
  /** The axes to normalise over; as many last axes as the weight has, or the last. */
  readonly axes?: Axes
}

/** Normalisations. */
export interface Normalization<T extends TensorBase> {
  /** (x - mean) / sqrt(variance + eps) * weight + bias per channel, with given statistics. torch batch_norm in evaluation, ONNX BatchNormalization. */
  batchNorm(
    x: T,
    mean: T,
    variance: T,
    weight?: T | BatchNormOptions,
    bias?: T | BatchNormOptions,
    options?: BatchNormOptions,
  ): T
  /** Normalises the last axes to mean 0 and variance 1, then scales. torch layer_norm, ONNX LayerNormalization. */
  layerNorm(x: T, weight?: T | LayerNormOptions, bias?: T | LayerNormOptions, options?: LayerNormOptions): T
  /** x / sqrt(mean(x²) + eps) * weight over the last axes. torch rms_norm, ONNX RMSNormalization. */
  rmsNorm(x: T, weight?: T | LayerNormOptions, options?: LayerNormOptions): T
  /** Normalises groups of channels (axis 1) with their spatial axes. torch group_norm, ONNX GroupNormalization. Throws shape_not_divisible. */
  groupNorm(x: T, groups: number, weight?: T | EpsOptions, bias?: T | EpsOptions, options?: EpsOptions): T
  /** Normalises every channel of every item over its spatial axes. torch instance_norm, ONNX InstanceNormalization. */
  instanceNorm(x: T, weight?: T | EpsOptions, bias?: T | EpsOptions, options?: EpsOptions): T
  /** Divides by the sum over neighbouring channels. torch local_response_norm, ONNX LRN. */
  localResponseNorm(
    x: T,
    size: number,
    options?: { readonly alpha?: number; readonly beta?: number; readonly bias?: number },
  ): T
  /** x / max(norm(x), eps) along an axis (1). torch normalize, ONNX LpNormalization. */
  normalize(x: T, options?: { readonly order?: number; readonly axis?: number; readonly eps?: number }): T
}

const weighted = [
  { name: 'weight', kind: 'tensor', optional: true },
  { name: 'bias', kind: 'tensor', optional: true },
] as const
const x1 = { name: 'x', kind: 'tensor' } as const
const eps = { name: 'eps', kind: 'number', default: 1e-5 } as const

/** Returns (x - mean) / sqrt(variance + eps) over axes. */
function standardised(t: Bound, x: TensorBase, axes: readonly number[], small: number): TensorBase {
  const wide = castTo(t, x, 'f32')
  const centred = t.sub(wide, t.mean(wide, axes, { keepDims: true }))
  const variance = t.mean(t.square(centred), axes, { keepDims: true })
  return narrow(t, t.mul(centred, t.rsqrt(t.add(variance, small))), x)
}

/** Returns an f32 result in the dtype of a float input. */
function narrow(t: Bound, value: TensorBase, x: TensorBase): TensorBase {
  return kindOf(x.dtype) === 'float' ? castTo(t, value, x.dtype) : value
}

function affine(t: Bound, x: TensorBase, weight: TensorBase | undefined, bias: TensorBase | undefined): TensorBase {
  const scaled = weight === undefined ? x : t.mul(x, weight)
  return bias === undefined ? scaled : t.add(scaled, bias)
}

/** Returns a vector of channels in the place of their axis. */
function perChannel(
  t: Bound,
  op: string,
  v: TensorBase | undefined,
  x: TensorBase,
  axis: number,
): TensorBase | undefined {
  if (v === undefined) return undefined
  if (v.shape.length !== 1) refuse('shape_rank_mismatch', { op, expected: 'one number per channel', got: shownType(v) })
  const ones = x.shape.slice(axis + 1).map((): Dim => 1)
  return reshaped(t, v, [...v.shape, ...ones])
}

function lastAxes(
  op: string,
  x: TensorBase,
  axes: readonly number[] | undefined,
  weight: TensorBase | undefined,
): readonly number[] {
  if (axes !== undefined) return axesOf(op, axes, x.shape.length)
  const count = weight?.shape.length ?? 1
  if (count > x.shape.length)
    refuse('shape_rank_mismatch', { op, expected: `an input of at least ${count} axes`, got: shownType(x) })
  return x.shape.map((_, axis) => axis).slice(x.shape.length - Math.max(1, count))
}

function spatialAxes(op: string, x: TensorBase): readonly number[] {
  if (x.shape.length < 3) refuse('shape_rank_mismatch', { op, expected: 'an input [n, c, …]', got: shownType(x) })
  return x.shape.map((_, axis) => axis).slice(2)
}

function groupNorm(t: Bound, x: TensorBase, groups: number, small: number): TensorBase {
  if (x.shape.length < 2)
    refuse('shape_rank_mismatch', { op: 'groupNorm', expected: 'an input [n, c, …]', got: shownType(x) })
  const [n, c] = [sizeAt(x.shape, 0), sizeAt(x.shape, 1)]
  const split = reshaped(t, x, [n, groups, divided(c, groups), ...x.shape.slice(2)])
  const value = standardised(t, split, split.shape.map((_, axis) => axis).slice(2), small)
  return reshaped(t, value, x.shape)
}

/** The meaning of every normalisation. */
export const normalization: Family<Normalization<TensorBase>> = {
  batchNorm: operation({
    params: [
      x1,
      { name: 'mean', kind: 'tensor' },
      { name: 'variance', kind: 'tensor' },
      ...weighted,
      eps,
      { name: 'axis', kind: 'axis', default: 1 },
    ],
    define: (t, { x, mean, variance, weight, bias, eps, axis }) => {
      const along = axisOf('batchNorm', axis, x.shape.length)
      const place = (v: TensorBase | undefined): TensorBase | undefined => perChannel(t, 'batchNorm', v, x, along)
      const centred = t.sub(x, place(mean) ?? mean)
      const value = t.mul(centred, t.rsqrt(t.add(place(variance) ?? variance, eps)))
      return affine(t, value, place(weight), place(bias))
    },
  }),
  layerNorm: operation({
    params: [x1, ...weighted, eps, { name: 'axes', kind: 'axes', optional: true }],
    define: (t, { x, weight, bias, eps, axes }) =>
      affine(t, standardised(t, x, lastAxes('layerNorm', x, axes, weight), eps), weight, bias),
  }),
  rmsNorm: operation({
    params: [
      x1,
      { name: 'weight', kind: 'tensor', optional: true },
      { name: 'eps', kind: 'number', default: 1e-6 },
      { name: 'axes', kind: 'axes', optional: true },
    ],
    define: (t, { x, weight, eps, axes }) => {
      const wide = castTo(t, x, 'f32')
      const over = lastAxes('rmsNorm', x, axes, weight)
      const value = t.mul(wide, t.rsqrt(t.add(t.mean(t.square(wide), over, { keepDims: true }), eps)))
      return affine(t, narrow(t, value, x), weight, undefined)
    },
  }),
  groupNorm: operation({
    params: [x1, { name: 'groups', kind: 'int' }, ...weighted, eps],
    define: (t, { x, groups, weight, bias, eps }) => {
      const value = groupNorm(t, x, groups, eps)
      return affine(t, value, perChannel(t, 'groupNorm', weight, x, 1), perChannel(t, 'groupNorm', bias, x, 1))
    },
  }),
  instanceNorm: operation({
    params: [x1, ...weighted, eps],
    define: (t, { x, weight, bias, eps }) => {
      const value = standardised(t, x, spatialAxes('instanceNorm', x), eps)
      return affine(t, value, perChannel(t, 'instanceNorm', weight, x, 1), perChannel(t, 'instanceNorm', bias, x, 1))
    },
  }),
  localResponseNorm: operation({
    params: [
      x1,
      { name: 'size', kind: 'int' },
      { name: 'alpha', kind: 'number', default: 1e-4 },
      { name: 'beta', kind: 'number', default: 0.75 },
      { name: 'bias', kind: 'number', default: 1 },
    ],
    define: (t, { x, size, alpha, beta, bias }) => {
      axisOf('localResponseNorm', 1, x.shape.length)
      const before = Math.floor(size / 2)
      const pads = x.shape.map((_, axis): readonly [Dim, Dim] => (axis === 1 ? [before, size - 1 - before] : [0, 0]))
      const squares = t.window(t.pad(t.square(toFloat(t, x)), pads), 1, size)
      const scale = t.add(t.mul(t.mean(squares, -1), alpha), bias)
      return t.div(x, t.pow(scale, beta))
    },
  }),
  normalize: operation({
    params: [
      x1,
      { name: 'order', kind: 'number', default: 2 },
      { name: 'axis', kind: 'axis', default: 1 },
      { name: 'eps', kind: 'number', default: 1e-12 },
    ],
    define: (t, { x, order, axis, eps }) => {
      const along = axisOf('normalize', axis, x.shape.length)
      return t.div(x, t.maximum(t.norm(x, along, { order, keepDims: true }), eps))
    },
  }),
}
