// loss: how far predictions are from targets

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
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
