// convolution: channels first, as PyTorch: x [n, c, …], weight [out, c / groups, …]

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { Axes, Padding, Sizes } from './types.ts'

/** Options of convolutions. */
export interface ConvolutionOptions<D extends Dim> {
  readonly stride?: Axes
  readonly padding?: Padding<D>
  readonly dilation?: Axes
  readonly groups?: number
}

/** Options of transposed convolutions. */
export interface ConvTransposeOptions<D extends Dim> {
  readonly stride?: Axes
  readonly padding?: Sizes<D>
  readonly outputPadding?: Sizes<D>
  readonly dilation?: Axes
  readonly groups?: number
}

/** Convolutions. */
export interface Convolution<T extends TensorBase, D extends Dim> {
  /** [n, c, l], [out, c / groups, k] → [n, out, (l + 2p - d(k-1) - 1) // s + 1]. torch conv1d, ONNX Conv. Throws shape_rank_mismatch, shape_contraction, shape_window. */
  conv1d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, h, w], [out, c / groups, kh, kw] → [n, out, h', w']. torch conv2d, ONNX Conv. */
  conv2d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, d, h, w], [out, c / groups, kd, kh, kw] → [n, out, d', h', w']. torch conv3d, ONNX Conv. */
  conv3d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, l], [c, out / groups, k] → [n, out, (l-1)s - 2p + d(k-1) + outputPadding + 1]. torch conv_transpose1d, ONNX ConvTranspose. */
  convTranspose1d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
  /** [n, c, h, w], [c, out / groups, kh, kw] → [n, out, h', w']. torch conv_transpose2d, ONNX ConvTranspose. */
  convTranspose2d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
  /** [n, c, d, h, w], [c, out / groups, …] → [n, out, d', h', w']. torch conv_transpose3d, ONNX ConvTranspose. */
  convTranspose3d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
}
