// activation: the meaning of the nonlinearities

import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { x1 } from './arithmetic.ts'
import { placesAlong } from './creation.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import type { Activation } from './interface/activation.ts'
import { asTensor, at, castTo, promoteOperands, reshaped, toFloat } from './operands.ts'
import { axisOf } from '../types/shape.ts'

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
}
