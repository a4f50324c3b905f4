// pooling: windows of images to numbers, and images to other sizes; channels first

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
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
