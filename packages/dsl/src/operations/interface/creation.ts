// creation: tensors from numbers

import type { Dim } from '../../types/dim.ts'
import type { DType } from '../../types/dtype.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { NestedData } from '../signature.ts'
import type { Like } from './types.ts'

/** Options of creation. */
export interface DTypeOptions {
  readonly dtype?: DType
}

/** Constants. */
export interface Creation<T extends TensorBase, D extends Dim> {
  /** A tensor of nested arrays: f32, or bool for truth values. torch.tensor, np.array. Throws shape_ragged. */
  tensor(data: NestedData | ArrayLike<number>, options?: DTypeOptions): T
  /** All 0. torch.zeros, np.zeros. */
  zeros(shape: readonly D[], options?: DTypeOptions): T
  /** All 1. torch.ones, np.ones. */
  ones(shape: readonly D[], options?: DTypeOptions): T
  /** All of one value; a whole number is f32 too unless `dtype` says otherwise. torch.full, np.full. */
  full(shape: readonly D[], value: Like<T, D>, options?: DTypeOptions): T
  /** 0 in the shape and dtype of x. torch.zeros_like. */
  zerosLike(x: T, options?: DTypeOptions): T
  /** 1 in the shape and dtype of x. torch.ones_like. */
  onesLike(x: T, options?: DTypeOptions): T
  /** A value in the shape and dtype of x. torch.full_like. */
  fullLike(x: T, value: Like<T, D>, options?: DTypeOptions): T
  /** start, start + step, … before stop: i32, or f32 where a number is fractional. arange(stop) starts at 0. torch.arange, np.arange, ONNX Range. */
  arange(start: D, stop?: D | DTypeOptions, step?: number | DTypeOptions, options?: DTypeOptions): T
  /** `count` numbers from start to stop, both included. torch.linspace, np.linspace. */
  linspace(start: number, stop: number, count: D): T
  /** 1 on the diagonal of [n, m], 0 elsewhere; m is n where left out. torch.eye, np.eye. */
  eye(n: D, m?: D | DTypeOptions, options?: DTypeOptions): T
}
