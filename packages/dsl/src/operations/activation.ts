// activation: the meaning of the nonlinearities

import type { Dim } from '../types/dim.ts'
import { axisOf } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { x1 } from './arithmetic.ts'
import { placesAlong } from './creation.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { refuse } from '../types/errors.ts'
import { asTensor, at, castTo, promoteOperands, reshaped, toFloat } from './operands.ts'
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
  /**
   * In training each element is 0 with this rate (0.5), by `random.bernoulli`, and else x / (1 - rate); at evaluation x.
   * torch.nn.functional.dropout, ONNX Dropout.
   */
  dropout(x: T, rate?: number): T
}

function ofFloat(op: string, define: (t: Bound, x: TensorBase) => TensorBase): Unnamed {
  return operation({ params: x1, define: (t, { x }) => define(t, at(promoteOperands(t, op, [x], 'float'), 0)) })
}

/** An activation with one static number, such as alpha. */
function withNumber(
  op: string,
  name: string,
  value: number,
  define: (t: Bound, x: TensorBase, number: number) => TensorBase,
): Unnamed {
  return {
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name, kind: 'number', default: value },
    ],
    define: (t, args) => {
      const { x } = args
      // bindArguments has checked both by their kinds
      return define(t, toFloat(t, asTensor(t, op, x as TensorBase)), args[name] as number)
    },
  }
}

const alongAxis = [
  { name: 'x', kind: 'tensor' },
  { name: 'axis', kind: 'axis', default: -1 },
] as const

/** The meaning of every activation. */
export const activation: Family<Activation<TensorBase, Dim>> = {
  relu: operation({ params: x1, define: (t, { x }) => t.maximum(x, 0) }),
  relu6: operation({ params: x1, define: (t, { x }) => t.clip(x, 0, 6) }),
  leakyRelu: withNumber('leakyRelu', 'negativeSlope', 0.01, (t, x, slope) => t.where(t.ge(x, 0), x, t.mul(x, slope))),
  prelu: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'slope', kind: 'tensor-or-number' },
    ],
    define: (t, { x, slope }) => {
      const weight = asTensor(t, 'prelu', slope)
      const perChannel = weight.shape.length === 1 && x.shape.length > 2
      const ones: readonly Dim[] = x.shape.slice(2).map(() => 1)
      const aligned = perChannel ? reshaped(t, weight, [...weight.shape, ...ones]) : weight
      return t.where(t.ge(x, 0), x, t.mul(x, aligned))
    },
  }),
  gelu: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'approximate', kind: 'text', values: ['none', 'tanh'], default: 'none' },
    ],
    define: (t, { x, approximate }) => {
      const value = at(promoteOperands(t, 'gelu', [x], 'float'), 0)
      if (approximate === 'none') return t.mul(t.mul(value, 0.5), t.add(t.erf(t.mul(value, Math.SQRT1_2)), 1))
      const cube = t.mul(t.mul(value, value), value)
      const inner = t.mul(t.add(value, t.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI))
      return t.mul(t.mul(value, 0.5), t.add(t.tanh(inner), 1))
    },
  }),
  // the exponential overflows to infinity below -88, where the quotient is 0, as it should be
  sigmoid: ofFloat('sigmoid', (t, x) => t.div(1, t.add(t.exp(t.neg(x)), 1))),
  logSigmoid: ofFloat('logSigmoid', (t, x) => t.sub(t.minimum(x, 0), t.log1p(t.exp(t.neg(t.abs(x)))))),
  silu: ofFloat('silu', (t, x) => t.mul(x, t.sigmoid(x))),
  softplus: withNumber('softplus', 'beta', 1, (t, x, beta) => {
    const scaled = beta === 1 ? x : t.mul(x, beta)
    const value = t.add(t.maximum(scaled, 0), t.log1p(t.exp(t.neg(t.abs(scaled)))))
    return beta === 1 ? value : t.div(value, beta)
  }),
  softsign: ofFloat('softsign', (t, x) => t.div(x, t.add(t.abs(x), 1))),
  elu: withNumber('elu', 'alpha', 1, (t, x, alpha) => {
    const negative = t.expm1(t.minimum(x, 0))
    return t.where(t.gt(x, 0), x, alpha === 1 ? negative : t.mul(negative, alpha))
  }),
  celu: withNumber('celu', 'alpha', 1, (t, x, alpha) => {
    const negative = t.mul(t.expm1(t.div(t.minimum(x, 0), alpha)), alpha)
    return t.where(t.gt(x, 0), x, negative)
  }),
  selu: ofFloat('selu', (t, x) => {
    const negative = t.mul(t.expm1(t.minimum(x, 0)), 1.6732632423543772)
    return t.mul(t.where(t.gt(x, 0), x, negative), 1.0507009873554805)
  }),
  hardSigmoid: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'alpha', kind: 'number', default: 1 / 6 },
      { name: 'beta', kind: 'number', default: 0.5 },
    ],
    define: (t, { x, alpha, beta }) => {
      const value = at(promoteOperands(t, 'hardSigmoid', [x], 'float'), 0)
      return t.clip(t.add(t.mul(value, alpha), beta), 0, 1)
    },
  }),
  hardSwish: ofFloat('hardSwish', (t, x) => t.mul(x, t.hardSigmoid(x))),
  hardTanh: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'min', kind: 'number', default: -1 },
      { name: 'max', kind: 'number', default: 1 },
    ],
    define: (t, { x, min, max }) => t.clip(x, min, max),
  }),
  mish: ofFloat('mish', (t, x) => t.mul(x, t.tanh(t.softplus(x)))),
  thresholdedRelu: withNumber('thresholdedRelu', 'alpha', 1, (t, x, alpha) => t.where(t.gt(x, alpha), x, 0)),
  softShrink: withNumber('softShrink', 'lambda', 0.5, (t, x, lambda) =>
    t.where(t.gt(x, lambda), t.sub(x, lambda), t.where(t.lt(x, -lambda), t.add(x, lambda), 0)),
  ),
  hardShrink: withNumber('hardShrink', 'lambda', 0.5, (t, x, lambda) => t.where(t.gt(t.abs(x), lambda), x, 0)),
  tanhShrink: ofFloat('tanhShrink', (t, x) => t.sub(x, t.tanh(x))),
  hardmax: operation({
    params: alongAxis,
    define: (t, { x, axis }) => {
      const along = axisOf('hardmax', axis, x.shape.length)
      const places = placesAlong(t, x.shape, along)
      return castTo(t, t.eq(places, t.argmax(x, along, { keepDims: true })), x.dtype)
    },
  }),
  glu: operation({
    params: alongAxis,
    define: (t, { x, axis }) => {
      const [value, gate] = t.split(x, 2, axisOf('glu', axis, x.shape.length))
      return t.mul(value, t.sigmoid(gate))
    },
  }),
  softmax: operation({
    params: alongAxis,
    define: (t, { x, axis }) => {
      const at = axisOf('softmax', axis, x.shape.length)
      const value = toFloat(t, x)
      const powers = t.exp(t.sub(value, t.max(value, at, { keepDims: true })))
      return t.div(powers, t.sum(powers, at, { keepDims: true }))
    },
  }),
  logSoftmax: operation({
    params: alongAxis,
    define: (t, { x, axis }) => {
      const at = axisOf('logSoftmax', axis, x.shape.length)
      const value = toFloat(t, x)
      const centred = t.sub(value, t.max(value, at, { keepDims: true }))
      return t.sub(centred, t.log(t.sum(t.exp(centred), at, { keepDims: true })))
    },
  }),
  dropout: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'rate', kind: 'number', default: 0.5 },
    ],
    define: (t, { x, rate }) => {
      if (!(rate >= 0 && rate <= 1)) {
        const params = { argument: 'rate', callee: 'dropout', expected: 'a number from 0 to 1', got: String(rate) }
        return refuse('source_bad_argument', params, { argument: 'rate' })
      }
      if (!t.training || rate === 0) return x
      const kept = t['random.bernoulli'](1 - rate, { shape: x.shape })
      return t.where(kept, t.div(x, rate === 1 ? 1 : 1 - rate), t.zerosLike(x))
    },
  }),
}
