// activation: the nonlinearities of neural networks; integers become f32 where the result is not whole

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { AxisOptions, Like } from './types.ts'

/** Options of leakyRelu. */
export interface LeakyReluOptions {
  readonly negativeSlope?: number
}

/** Options of the exponential units. */
export interface AlphaOptions {
  readonly alpha?: number
}

/** Options of softplus. */
export interface SoftplusOptions {
  readonly beta?: number
}

/** Options of gelu. */
export interface GeluOptions {
  readonly approximate?: 'none' | 'tanh'
}

/** Options of hardSigmoid. */
export interface HardSigmoidOptions extends AlphaOptions {
  readonly beta?: number
}

/** Options of shrinking. */
export interface ShrinkOptions {
  readonly lambda?: number
}

/** Activation functions. */
export interface Activation<T extends TensorBase, D extends Dim> {
  /** max(x, 0); NaN stays. torch relu, ONNX Relu. */
  relu(x: Like<T, D>): T
  /** min(max(x, 0), 6). torch relu6. */
  relu6(x: Like<T, D>): T
  /** x where x >= 0, else negativeSlope * x (0.01). torch leaky_relu, ONNX LeakyRelu (alpha). */
  leakyRelu(x: Like<T, D>, negativeSlope?: number | LeakyReluOptions): T
  /** x where x >= 0, else slope * x; a slope of one axis is per channel (axis 1). torch prelu, ONNX PRelu. */
  prelu(x: Like<T, D>, slope: Like<T, D>): T
  /** x * Φ(x), exact by erf or the tanh approximation. torch gelu, ONNX Gelu. */
  gelu(x: Like<T, D>, options?: GeluOptions): T
  /** 1 / (1 + exp(-x)). torch sigmoid, ONNX Sigmoid. */
  sigmoid(x: Like<T, D>): T
  /** log(sigmoid(x)), without overflow. torch logsigmoid. */
  logSigmoid(x: Like<T, D>): T
  /** x * sigmoid(x), also called swish. torch silu. */
  silu(x: Like<T, D>): T
  /** log(1 + exp(beta * x)) / beta, without overflow. torch softplus, ONNX Softplus. */
  softplus(x: Like<T, D>, beta?: number | SoftplusOptions): T
  /** x / (1 + |x|). torch softsign, ONNX Softsign. */
  softsign(x: Like<T, D>): T
  /** x where x > 0, else alpha * (exp(x) - 1). torch elu, ONNX Elu. */
  elu(x: Like<T, D>, alpha?: number | AlphaOptions): T
  /** max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0). torch celu, ONNX Celu. */
  celu(x: Like<T, D>, alpha?: number | AlphaOptions): T
  /** The self-normalising exponential unit. torch selu, ONNX Selu. */
  selu(x: Like<T, D>): T
  /** min(max(alpha * x + beta, 0), 1), by default x / 6 + 1/2 as PyTorch. ONNX HardSigmoid (alpha 0.2). */
  hardSigmoid(x: Like<T, D>, options?: HardSigmoidOptions): T
  /** x * hardSigmoid(x). torch hardswish, ONNX HardSwish. */
  hardSwish(x: Like<T, D>): T
  /** Limits x to [min, max], by default [-1, 1]. torch hardtanh. */
  hardTanh(x: Like<T, D>, min?: number | { readonly min?: number; readonly max?: number }, max?: number): T
  /** x * tanh(softplus(x)). torch mish, ONNX Mish. */
  mish(x: Like<T, D>): T
  /** x where x > alpha (1), else 0. ONNX ThresholdedRelu. */
  thresholdedRelu(x: Like<T, D>, alpha?: number | AlphaOptions): T
  /** x - lambda above lambda (0.5), x + lambda below -lambda, 0 between. torch softshrink, ONNX Shrink (bias = lambd). */
  softShrink(x: Like<T, D>, lambda?: number | ShrinkOptions): T
  /** x above lambda (0.5) and below -lambda, 0 between. torch hardshrink, ONNX Shrink (bias 0). */
  hardShrink(x: Like<T, D>, lambda?: number | ShrinkOptions): T
  /** x - tanh(x). torch tanhshrink. */
  tanhShrink(x: Like<T, D>): T
  /** 1 at the largest of an axis (-1), the first on ties; 0 elsewhere. ONNX Hardmax. */
  hardmax(x: T, axis?: number | AxisOptions): T
  /** The first half of an axis times the sigmoid of the second. torch glu. */
  glu(x: T, axis?: number | AxisOptions): T
  /** exp(x - max) / sum(exp(x - max)) along an axis (-1). torch softmax, ONNX Softmax. */
  softmax(x: T, axis?: number | AxisOptions): T
  /** log(softmax(x)), without underflow. torch log_softmax, ONNX LogSoftmax. */
  logSoftmax(x: T, axis?: number | AxisOptions): T
}
