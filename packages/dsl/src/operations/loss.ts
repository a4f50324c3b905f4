// loss: the meaning of losses

import type { Dim } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { asIndices } from './gather.ts'
import { reshaped, sizeScalar, toFloat } from './operands.ts'
import type { Operand } from './signature.ts'
import type { Like } from './types.ts'

/** How the losses of the elements become one: their mean, their sum, or not at all. */
export type LossReduction = 'mean' | 'sum' | 'none'

/** Options of losses. */
export interface LossOptions {
  readonly reduction?: LossReduction
}

/** Options of losses over classes. */
export interface ClassLossOptions<T extends TensorBase> extends LossOptions {
  /** The axis of the classes: 1, or 0 where there is no batch. */
  readonly axis?: number
  /** A weight for each class. */
  readonly weight?: T
  /** A target that counts nothing. */
  readonly ignoreIndex?: number
}

/** Options of crossEntropy. */
export interface CrossEntropyOptions<T extends TensorBase> extends ClassLossOptions<T> {
  /** The share of the target that is spread over all classes. */
  readonly labelSmoothing?: number
}

/** Losses. */
export interface Loss<T extends TensorBase, D extends Dim> {
  /** -log softmax(logits) at the target: integer classes, or probabilities in the shape of the logits. torch cross_entropy, ONNX SoftmaxCrossEntropyLoss. */
  crossEntropy(logits: T, target: T, options?: CrossEntropyOptions<T>): T
  /** -logProbs at the target classes. torch nll_loss, ONNX NegativeLogLikelihoodLoss. */
  nllLoss(logProbs: T, target: T, options?: ClassLossOptions<T>): T
  /** (x - target)². torch mse_loss. */
  mseLoss(x: T, target: Like<T, D>, options?: LossOptions): T
  /** |x - target|. torch l1_loss. */
  l1Loss(x: T, target: Like<T, D>, options?: LossOptions): T
  /** Squared below beta (1), then linear; divided by beta. torch smooth_l1_loss. */
  smoothL1Loss(x: T, target: Like<T, D>, options?: LossOptions & { readonly beta?: number }): T
  /** Squared below delta (1), then linear. torch huber_loss. */
  huberLoss(x: T, target: Like<T, D>, options?: LossOptions & { readonly delta?: number }): T
  /** -target log x - (1 - target) log(1 - x) of probabilities; logarithms are at least -100. torch binary_cross_entropy. */
  binaryCrossEntropy(x: T, target: Like<T, D>, options?: LossOptions): T
  /** binaryCrossEntropy of sigmoid(logits), without overflow. torch binary_cross_entropy_with_logits. */
  binaryCrossEntropyWithLogits(logits: T, target: Like<T, D>, options?: LossOptions): T
  /** target * (log target - logProbs). torch kl_div. */
  klDiv(logProbs: T, target: Like<T, D>, options?: LossOptions): T
}

const reduction = { name: 'reduction', kind: 'text', values: ['mean', 'sum', 'none'], default: 'mean' } as const
const pairParameters = [{ name: 'x', kind: 'tensor' }, { name: 'target', kind: 'tensor-or-number' }, reduction] as const

function combined(t: Bound, losses: TensorBase, how: LossReduction): TensorBase {
  return how === 'none' ? losses : how === 'sum' ? t.sum(losses) : t.mean(losses)
}

function elementwise(define: (t: Bound, x: TensorBase, target: Operand) => TensorBase): Unnamed {
  return operation({
    params: pairParameters,
    define: (t, { x, target, reduction }) => combined(t, define(t, toFloat(t, x), target), reduction),
  })
}

function withThreshold(
  name: 'beta' | 'delta',
  define: (t: Bound, size: TensorBase, threshold: number) => TensorBase,
): Unnamed {
  return {
    params: [...pairParameters, { name, kind: 'number', default: 1 }],
    define: (t, { x, target, reduction, [name]: threshold }) => {
      // bindArguments has checked each by its kind
      const size = t.abs(t.sub(toFloat(t, x as TensorBase), target as Operand))
      return combined(t, define(t, size, threshold as number), reduction as LossReduction)
    },
  }
}

interface ClassLoss {
  readonly op: string
  readonly axis: number | undefined
  readonly weight: TensorBase | undefined
  readonly ignoreIndex: number | undefined
  readonly reduction: LossReduction
  readonly smoothing: number
}

/** The loss of integer targets; with weights the mean is over the weights of the targets. */
function byClass(t: Bound, logProbs: TensorBase, target: TensorBase, how: ClassLoss): TensorBase {
  const { op, weight, ignoreIndex } = how
  const axis = axisOf(op, how.axis ?? (logProbs.shape.length === 1 ? 0 : 1), logProbs.shape.length)
  const expected = logProbs.shape.toSpliced(axis, 1)
  if (target.shape.length !== expected.length)
    refuse(
      'shape_rank_mismatch',
      { op, expected: `a target of ${expected.length} axes`, got: shownType(target) },
      { argument: 'target' },
    )
  const classes = asIndices(t, op, target)
  const places = t.unsqueeze(classes, axis)
  const picked = t.neg(t.squeeze(t.gatherElements(logProbs, places, axis), axis))
  const weights = weight === undefined ? undefined : t.gather(weight, classes, 0)
  const counted = ignoreIndex === undefined ? weights : masked(t, weights, classes, ignoreIndex)
  const plain = counted === undefined ? picked : t.where(t.eq(counted, 0), 0, t.mul(picked, counted))
  const losses = how.smoothing === 0 ? plain : smoothed(t, logProbs, plain, counted, axis, how)
  if (how.reduction !== 'mean' || counted === undefined) return combined(t, losses, how.reduction)
  return t.div(t.sum(losses), t.sum(counted))
}

function masked(t: Bound, weights: TensorBase | undefined, classes: TensorBase, ignore: number): TensorBase {
  return t.where(t.eq(classes, ignore), 0, weights ?? t.ones(classes.shape))
}

function smoothed(
  t: Bound,
  logProbs: TensorBase,
  losses: TensorBase,
  counted: TensorBase | undefined,
  axis: number,
  { smoothing, weight, ignoreIndex }: ClassLoss,
): TensorBase {
  const ones = logProbs.shape.slice(axis + 1).map((): Dim => 1)
  const all = weight === undefined ? logProbs : t.mul(logProbs, reshaped(t, weight, [...weight.shape, ...ones]))
  const spread = t.div(t.neg(t.sum(all, axis)), sizeScalar(t, sizeAt(logProbs.shape, axis), 'f32'))
  const kept = ignoreIndex === undefined || counted === undefined ? spread : t.where(t.eq(counted, 0), 0, spread)
  return t.add(t.mul(losses, 1 - smoothing), t.mul(kept, smoothing))
}

/** The loss of targets that are probabilities; the mean is over everything but the classes. */
function byProbability(t: Bound, logProbs: TensorBase, target: TensorBase, how: ClassLoss): TensorBase {
  const axis = axisOf(how.op, how.axis ?? (logProbs.shape.length === 1 ? 0 : 1), logProbs.shape.length)
  const count = sizeScalar(t, sizeAt(logProbs.shape, axis), 'f32')
  const soft = how.smoothing === 0 ? target : t.add(t.mul(target, 1 - how.smoothing), t.div(how.smoothing, count))
  const ones = logProbs.shape.slice(axis + 1).map((): Dim => 1)
  const weights = how.weight === undefined ? undefined : reshaped(t, how.weight, [...how.weight.shape, ...ones])
  const products = t.mul(soft, weights === undefined ? logProbs : t.mul(logProbs, weights))
  return combined(t, t.neg(t.sum(products, axis)), how.reduction)
}

const classParameters = [
  { name: 'target', kind: 'tensor' },
  { name: 'axis', kind: 'axis', optional: true },
  { name: 'weight', kind: 'tensor', optional: true },
  { name: 'ignoreIndex', kind: 'int', optional: true },
  reduction,
] as const

/** The meaning of every loss. */
export const loss: Family<Loss<TensorBase, Dim>> = {
  crossEntropy: operation({
    params: [
      { name: 'logits', kind: 'tensor' },
      ...classParameters,
      { name: 'labelSmoothing', kind: 'number', default: 0 },
    ],
    define: (t, { logits, target, labelSmoothing, ...rest }) => {
      const axis = axisOf('crossEntropy', rest.axis ?? (logits.shape.length === 1 ? 0 : 1), logits.shape.length)
      const logProbs = t.logSoftmax(logits, axis)
      const how = { op: 'crossEntropy', ...rest, axis, smoothing: labelSmoothing }
      return kindOf(target.dtype) === 'float'
        ? byProbability(t, logProbs, target, how)
        : byClass(t, logProbs, target, how)
    },
  }),
  nllLoss: operation({
    params: [{ name: 'logProbs', kind: 'tensor' }, ...classParameters],
    define: (t, { logProbs, target, ...rest }) =>
      byClass(t, logProbs, target, { op: 'nllLoss', ...rest, smoothing: 0 }),
  }),
  mseLoss: elementwise((t, x, target) => t.square(t.sub(x, target))),
  l1Loss: elementwise((t, x, target) => t.abs(t.sub(x, target))),
  smoothL1Loss: withThreshold('beta', (t, size, beta) =>
    beta === 0 ? size : t.where(t.lt(size, beta), t.mul(t.square(size), 0.5 / beta), t.sub(size, 0.5 * beta)),
  ),
  huberLoss: withThreshold('delta', (t, size, delta) =>
    t.where(t.lt(size, delta), t.mul(t.square(size), 0.5), t.mul(t.sub(size, 0.5 * delta), delta)),
  ),
  binaryCrossEntropy: elementwise((t, x, target) => {
    const yes = t.mul(target, t.maximum(t.log(x), -100))
    const no = t.mul(t.sub(1, target), t.maximum(t.log1p(t.neg(x)), -100))
    return t.neg(t.add(yes, no))
  }),
  binaryCrossEntropyWithLogits: elementwise((t, x, target) =>
    t.add(t.sub(t.maximum(x, 0), t.mul(x, target)), t.log1p(t.exp(t.neg(t.abs(x))))),
  ),
  klDiv: elementwise((t, x, target) => {
    const known = t.where(t.gt(target, 0), target, 1)
    return t.mul(target, t.sub(t.log(known), x))
  }),
}
