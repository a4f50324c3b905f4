// reduction: fewer axes; `axis` is a number, an array, or nothing for all axes

import type { TensorBase } from '../../types/tensor-type.ts'
import type { AxisOptions, Axes, ReduceOneOptions, ReduceOptions, VarianceOptions } from './types.ts'

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
