// normalization: centred and scaled; variances are biased, computed from centred values

import type { TensorBase } from '../../types/tensor-type.ts'
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
