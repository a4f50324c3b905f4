// reduction: the meaning of sums, extremes and what is built from them

import type { Reducer } from '../primitives/params.ts'
import { type Dim, product } from '../types/dim.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import { axesOf, axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { cumulative } from './cumulative.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { castTo, reshaped, scalar, sizeScalar, toFloat } from './operands.ts'
import type { Axes, AxisOptions, ReduceOneOptions, ReduceOptions, VarianceOptions } from './types.ts'

/** Options of norm. */
export interface NormOptions extends ReduceOptions {
  /** 1, 2 (the default), any positive number, or Infinity for the largest magnitude. */
  readonly order?: number
}

/** Options of cumulative operations. */
export interface CumulativeOptions extends AxisOptions {
  /** Leaves the element itself out. */
  readonly exclusive?: boolean
  /** Runs from the end. */
  readonly reverse?: boolean
}

/** Reductions and cumulative sums. */
export interface Reduction<T extends TensorBase> {
  /** The sum; of bool or small integers as i32. torch.sum, np.sum, ONNX ReduceSum. Throws shape_axis_out_of_range. */
  sum(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** The mean; of integers as f32. torch.mean, np.mean, ONNX ReduceMean. */
  mean(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** The product; of bool or small integers as i32. torch.prod, np.prod, ONNX ReduceProd. */
  prod(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** The largest, NaN if any is. torch.amax, np.max, ONNX ReduceMax. */
  max(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** The smallest, NaN if any is. torch.amin, np.min, ONNX ReduceMin. */
  min(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** Whether any element is not 0, as bool. torch.any, np.any. */
  any(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** Whether all elements are not 0, as bool. torch.all, np.all. */
  all(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** sum((x - mean)²) / (n - correction), correction 1. torch.var, np.var (ddof). */
  variance(x: T, axis?: Axes | VarianceOptions, options?: VarianceOptions): T
  /** sqrt(variance). torch.std, np.std (ddof). */
  std(x: T, axis?: Axes | VarianceOptions, options?: VarianceOptions): T
  /** (sum |x|^order)^(1/order), order 2. torch.linalg.vector_norm, ONNX ReduceL1, ReduceL2. */
  norm(x: T, axis?: Axes | NormOptions, options?: NormOptions): T
  /** log(sum(exp(x))), without overflow. torch.logsumexp, ONNX ReduceLogSumExp. */
  logSumExp(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
  /** The i32 index of the largest, the first on ties, NaN before all; of all elements where no axis is given. torch.argmax, np.argmax, ONNX ArgMax. */
  argmax(x: T, axis?: number | ReduceOneOptions, options?: ReduceOneOptions): T
  /** The i32 index of the smallest. torch.argmin, np.argmin, ONNX ArgMin. */
  argmin(x: T, axis?: number | ReduceOneOptions, options?: ReduceOneOptions): T
  /** The sum of all elements up to each one along an axis. torch.cumsum, np.cumsum, ONNX CumSum. */
  cumsum(x: T, axis: number | CumulativeOptions, options?: CumulativeOptions): T
  /** The product of all elements up to each one along an axis. torch.cumprod, np.cumprod. */
  cumprod(x: T, axis: number | CumulativeOptions, options?: CumulativeOptions): T
  /** The largest element up to each one along an axis. torch.cummax (values). */
  cummax(x: T, axis: number | CumulativeOptions, options?: CumulativeOptions): T
  /** The smallest element up to each one along an axis. torch.cummin (values). */
  cummin(x: T, axis: number | CumulativeOptions, options?: CumulativeOptions): T
  /** The number of elements that are not 0, as i32. torch.count_nonzero. */
  countNonzero(x: T, axis?: Axes | ReduceOptions, options?: ReduceOptions): T
}

const overAxes = [
  { name: 'x', kind: 'tensor' },
  { name: 'axis', kind: 'axes', optional: true },
  { name: 'keepDims', kind: 'bool', default: false },
] as const

const overOne = [
  { name: 'x', kind: 'tensor' },
  { name: 'axis', kind: 'axis', optional: true },
  { name: 'keepDims', kind: 'bool', default: false },
] as const

const overAxesCorrected = [...overAxes, { name: 'correction', kind: 'number', default: 1 }] as const

/** What a reduction is told. */
export interface Reduced {
  readonly op: string
  readonly axes: readonly number[] | undefined
  readonly keepDims: boolean
}

type Meaning = (t: Bound, x: TensorBase, how: Reduced) => TensorBase

function overSome(op: string, define: Meaning): Unnamed {
  return operation({
    params: overAxes,
    define: (t, { x, axis, keepDims }) => define(t, x, { op, axes: axis, keepDims }),
  })
}

/** Applies a reducer over axes, kept with size 1 or dropped. */
export function reduced(t: Bound, fn: Reducer, x: TensorBase, { op, axes, keepDims }: Reduced): TensorBase {
  const which = [...axesOf(op, axes, x.shape.length)].sort((a, b) => a - b)
  const value = which.length === 0 ? x : t.emit('reduce', [x], { fn, axes: which })
  return keepDims
    ? reshaped(
        t,
        value,
        x.shape.map((size, axis) => (which.includes(axis) ? 1 : size)),
      )
    : value
}

/** Sums of small integers and truth values are i32. */
function summable(t: Bound, x: TensorBase): TensorBase {
  const small: readonly DType[] = ['bool', 'i8', 'u8']
  return small.includes(x.dtype) ? castTo(t, x, 'i32') : x
}

const sum: Meaning = (t, x, how) => reduced(t, 'sum', summable(t, x), how)

const mean: Meaning = (t, x, how) => {
  const wide = castTo(t, x, 'f32')
  const count = product(axesOf(how.op, how.axes, x.shape.length).map((axis) => sizeAt(x.shape, axis)))
  const value = t.div(reduced(t, 'sum', wide, how), sizeScalar(t, count, 'f32'))
  return kindOf(x.dtype) === 'float' ? castTo(t, value, x.dtype) : value
}

const extreme =
  (fn: 'max' | 'min'): Meaning =>
  (t, x, how) =>
    x.dtype === 'bool' ? castTo(t, reduced(t, fn, castTo(t, x, 'i32'), how), 'bool') : reduced(t, fn, x, how)

const truth =
  (fn: 'max' | 'min'): Meaning =>
  (t, x, how) =>
    castTo(t, reduced(t, fn, castTo(t, castTo(t, x, 'bool'), 'i32'), how), 'bool')

function variance(t: Bound, x: TensorBase, how: Reduced & { readonly correction: number }): TensorBase {
  const wide = castTo(t, x, 'f32')
  const centred = t.sub(wide, mean(t, wide, { ...how, keepDims: true }))
  const count = product(axesOf(how.op, how.axes, x.shape.length).map((axis) => sizeAt(x.shape, axis)))
  const total = reduced(t, 'sum', t.square(centred), how)
  const divisor =
    typeof count === 'number'
      ? scalar(t, Math.max(0, count - how.correction), 'f32')
      : t.maximum(t.sub(sizeScalar(t, count, 'f32'), how.correction), 0)
  const value = t.div(total, divisor)
  return kindOf(x.dtype) === 'float' ? castTo(t, value, x.dtype) : value
}

/** In f32, since squares of f16 overflow. */
function norm(t: Bound, x: TensorBase, order: number, how: Reduced): TensorBase {
  const value = normOf(t, t.abs(castTo(t, x, 'f32')), order, how)
  return kindOf(x.dtype) === 'float' ? castTo(t, value, x.dtype) : value
}

function normOf(t: Bound, sizes: TensorBase, order: number, how: Reduced): TensorBase {
  if (order === 2) return t.sqrt(reduced(t, 'sum', t.square(sizes), how))
  if (order === Infinity) return reduced(t, 'max', sizes, how)
  if (order === -Infinity) return reduced(t, 'min', sizes, how)
  if (order === 0) return castTo(t, sum(t, t.ne(sizes, 0), how), 'f32')
  if (order === 1) return reduced(t, 'sum', sizes, how)
  return t.pow(reduced(t, 'sum', t.pow(sizes, order), how), 1 / order)
}

/** The first place whose element is the extreme; a NaN counts as more extreme than anything. */
function place(op: string, fn: 'max' | 'min'): Unnamed {
  return operation({
    params: overOne,
    define: (t, { x, axis, keepDims }) => {
      const value = axis === undefined ? t.reshape(x, [-1]) : x
      const along = axis === undefined ? 0 : axisOf(op, axis, x.shape.length)
      const numbers = x.dtype === 'bool' ? castTo(t, value, 'i32') : value
      const best = reduced(t, fn, numbers, { op, axes: [along], keepDims: true })
      const equal = t.eq(numbers, best)
      const hit = kindOf(numbers.dtype) === 'float' ? t.or(equal, t.isNaN(numbers)) : equal
      const size = sizeAt(value.shape, along)
      const ones: readonly Dim[] = value.shape.slice(along + 1).map(() => 1)
      const places = reshaped(t, t.emit('iota', [], { length: size }), [size, ...ones])
      const first = reduced(t, 'min', t.where(hit, places, sizeScalar(t, size, 'i32')), { op, axes: [along], keepDims })
      if (axis !== undefined || !keepDims) return first
      return reshaped(
        t,
        first,
        x.shape.map(() => 1),
      )
    },
  })
}

/** The meaning of every reduction. */
export const reduction: Family<Reduction<TensorBase>> = {
  sum: overSome('sum', sum),
  mean: overSome('mean', mean),
  prod: overSome('prod', (t, x, how) => reduced(t, 'prod', summable(t, x), how)),
  max: overSome('max', extreme('max')),
  min: overSome('min', extreme('min')),
  any: overSome('any', truth('max')),
  all: overSome('all', truth('min')),
  variance: operation({
    params: overAxesCorrected,
    define: (t, { x, axis, keepDims, correction }) =>
      variance(t, x, { op: 'variance', axes: axis, keepDims, correction }),
  }),
  std: operation({
    params: overAxesCorrected,
    define: (t, { x, axis, keepDims, correction }) =>
      t.sqrt(variance(t, x, { op: 'std', axes: axis, keepDims, correction })),
  }),
  norm: operation({
    params: [...overAxes, { name: 'order', kind: 'number', default: 2 }],
    define: (t, { x, axis, keepDims, order }) => norm(t, x, order, { op: 'norm', axes: axis, keepDims }),
  }),
  logSumExp: overSome('logSumExp', (t, x, how) => {
    const value = toFloat(t, x)
    const peak = reduced(t, 'max', value, { ...how, keepDims: true })
    // an infinite peak would give Infinity - Infinity
    const shift = t.where(t.isFinite(peak), peak, 0)
    const total = t.log(reduced(t, 'sum', t.exp(t.sub(value, shift)), { ...how, keepDims: true }))
    const result = t.add(total, shift)
    if (how.keepDims) return result
    const which = axesOf(how.op, how.axes, x.shape.length)
    return reshaped(
      t,
      result,
      x.shape.filter((_, axis) => !which.includes(axis)),
    )
  }),
  argmax: place('argmax', 'max'),
  argmin: place('argmin', 'min'),
  cumsum: cumulative('cumsum', 'sum'),
  cumprod: cumulative('cumprod', 'prod'),
  cummax: cumulative('cummax', 'max'),
  cummin: cumulative('cummin', 'min'),
  countNonzero: overSome('countNonzero', (t, x, how) => sum(t, castTo(t, x, 'bool'), how)),
}
