// random: numbers drawn from distributions
//
// Counter-based (Philox4x32-10): a seed is an argument of the run, the same seed gives the same numbers on every target,
// in whatever order things are computed. Every call of these functions draws anew, and so does every turn of a loop.

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { Like } from '../types.ts'

/** Options of random.uniform. */
export interface UniformOptions<T extends TensorBase, D extends Dim> {
  /** The least value (0). */
  readonly low?: Like<T, D>
  /** What no value reaches (1). */
  readonly high?: Like<T, D>
}

/** Options of random.normal. */
export interface NormalOptions<T extends TensorBase, D extends Dim> {
  readonly mean?: Like<T, D>
  /** The standard deviation (1). */
  readonly deviation?: Like<T, D>
}

/** Options of random.bernoulli. */
export interface BernoulliOptions<D extends Dim> {
  /** The shape of the result, to which the probability is broadcast; that of the probability where left out. */
  readonly shape?: readonly D[]
}

/** Options of random.categorical. */
export interface CategoricalOptions {
  /** The axis of the classes (-1). */
  readonly axis?: number
}

/** Random numbers, as `random.normal(…)`. */
export interface Random<T extends TensorBase, D extends Dim> {
  /**
   * f32 numbers from low (0) to below high (1), all equally likely; low and high broadcast to the shape. torch.rand,
   * Generator.uniform of NumPy, ONNX RandomUniform. The same bits on every target.
   */
  uniform(shape: readonly D[], options?: UniformOptions<T, D>): T
  /**
   * f32 numbers of the normal distribution; mean (0) and deviation (1) broadcast to the shape. torch.randn, torch.normal,
   * ONNX RandomNormal. Up to 5.3 deviations from the mean; the same on every target within rounding.
   */
  normal(shape: readonly D[], options?: NormalOptions<T, D>): T
  /** bool: true with this probability. torch.bernoulli (which gives floats), ONNX Bernoulli. */
  bernoulli(probability: Like<T, D>, options?: BernoulliOptions<D>): T
  /**
   * i32: one class each, by probabilities along an axis (the last), which disappears; they need not add up to 1.
   * torch.multinomial of one sample, ONNX Multinomial.
   */
  categorical(probabilities: T, options?: CategoricalOptions): T
  /** i32: whole numbers from low to below high, of a shape. torch.randint, Generator.integers of NumPy. */
  randint(low: Like<T, D>, high: Like<T, D>, shape?: readonly D[]): T
  /** i32: 0 … n - 1 in random order, every order equally likely. torch.randperm, Generator.permutation of NumPy. */
  permutation(n: D): T
}

/** The same by full names, as errors say them. */
export type NamedRandom<T extends TensorBase, D extends Dim> = {
  [K in keyof Random<T, D> as `random.${K}`]: Random<T, D>[K]
}
