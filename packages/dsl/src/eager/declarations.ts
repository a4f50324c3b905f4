// declarations: what users declare models with
//
// At run time these make declarations (declare/). To TypeScript they are what `forward` receives: tensors, and layers
// as functions; so that formulas type-check without annotations.

import { DeclarationError } from '../declare/declaration-error.ts'
import { type DimensionOptions, declareDimension } from '../declare/dimension.ts'
import type { Init } from '../declare/initialiser.ts'
import { TensorDeclaration, declareOptional, declareTensor } from '../declare/tensor.ts'
import { declareWeight } from '../declare/weight.ts'
import type { Tensor } from '../operations/tensor.ts'
import { type Dim, symbol } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import { currentScope } from './scope.ts'

/** Options of `param` and `buffer`. */
export interface WeightOptions {
  /** How the weight is drawn when none is loaded; PyTorch's default for matrices and kernels, else 0. */
  readonly init?: Init
  /** f32 where left out. */
  readonly dtype?: DType
}

/** Sizes, then possibly options. */
export type WeightArguments = readonly number[] | readonly [...sizes: number[], options: WeightOptions]

/**
 * Returns a named dimension, to TypeScript a number. Its bounds are inclusive; `min` is 1 where nothing is said. Throws
 * dim_not_positive and dim_empty.
 */
export function dim(name: string, options: DimensionOptions = {}): number {
  return asNumber(declareDimension(name, options, () => currentScope()?.dims.get(name) ?? Number.NaN))
}

/** Declares a learned tensor: its sizes, then possibly `{ init, dtype }`. Throws dim_in_parameter. */
export function param(...args: WeightArguments): Tensor {
  return asTensor(declareWeight('param', args))
}

/** Declares running state: its sizes, then possibly `{ init, dtype }`. Throws dim_in_parameter. */
export function buffer(...args: WeightArguments): Tensor {
  return asTensor(declareWeight('buffer', args))
}

/** Declares inputs that may be absent at a call: `forward` then receives undefined. */
export function optional<T>(inputs: T): T | undefined {
  return declareOptional(inputs) as T
}

/** Declares a tensor of 32-bit floats; without sizes a scalar. */
export function f32(...sizes: readonly number[]): Tensor {
  return declare('f32', sizes)
}

/** Declares a tensor of 16-bit floats, computed in 32 bits where the target has none. */
export function f16(...sizes: readonly number[]): Tensor {
  return declare('f16', sizes)
}

/** Declares a tensor of 16-bit brain floats, computed in 32 bits where the target has none. */
export function bf16(...sizes: readonly number[]): Tensor {
  return declare('bf16', sizes)
}

/** Declares a tensor of signed 32-bit integers, as indices are. */
export function i32(...sizes: readonly number[]): Tensor {
  return declare('i32', sizes)
}

/** Declares a tensor of unsigned 32-bit integers. */
export function u32(...sizes: readonly number[]): Tensor {
  return declare('u32', sizes)
}

/** Declares a tensor of signed bytes. */
export function i8(...sizes: readonly number[]): Tensor {
  return declare('i8', sizes)
}

/** Declares a tensor of bytes. */
export function u8(...sizes: readonly number[]): Tensor {
  return declare('u8', sizes)
}

/** Declares a tensor of truth values. */
export function bool(...sizes: readonly number[]): Tensor {
  return declare('bool', sizes)
}

/** Returns the static array 0 … n - 1. */
export function range(n: number): number[] {
  const length = Number(n)
  if (!Number.isSafeInteger(length) || length < 0)
    throw new RangeError(`range(n) needs a whole number, not ${String(n)}`)
  return Array.from({ length }, (_, i) => i)
}

/** Returns whether the model runs for training; static, so that each mode is its own program. */
export function isTraining(): boolean {
  return currentScope()?.training ?? false
}

/** Returns the declaration that a public tensor of a signature stands for. */
export function declarationOf(value: unknown): TensorDeclaration {
  if (value instanceof TensorDeclaration) return value
  throw new DeclarationError('model_bad_input', { path: '', got: 'not a declared tensor' })
}

function declare(dtype: DType, sizes: readonly unknown[]): Tensor {
  return asTensor(declareTensor(dtype, sizes.map(openSize)))
}

/**
 * Plain JavaScript has no arithmetic on dimensions: `2 * T` at the top of a module is NaN there. Such a size is read
 * from the input itself.
 */
function openSize(size: unknown, axis: number): unknown {
  return Number.isNaN(size) ? symbol(`?${axis}`, { min: 0 }) : size
}

// What forward receives in the place of a declaration is a tensor, or a number; see the header.
function asTensor(declaration: object): Tensor {
  return declaration as Tensor
}

function asNumber(value: Dim): number {
  return value as number
}
