// indexing: reading at computed places. Indices are clamped to the axis; negative ones are not wrapped.

import type { Dim } from '../../types/dim.ts'
import type { DType } from '../../types/dtype.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { IndexRange } from '../signature.ts'
import type { AxisOptions } from './types.ts'

/** One item of NumPy indexing: an integer, a range, null for a new axis, '...', or a tensor of indices. */
export type IndexArgument<T extends TensorBase, D extends Dim> = D | T | IndexRange | null | '...'

/** Options of scatter. */
export interface ScatterOptions extends AxisOptions {
  /** How what is written and what was there become one: the last one written wins where left out. */
  readonly reduce?: 'none' | 'add' | 'mul' | 'max' | 'min'
}

/** Gathers and scatters. */
export interface Indexing<T extends TensorBase, D extends Dim> {
  /** NumPy indexing, as in a template: integers, ranges (also with negative steps), null, '...', index tensors. Throws shape_index_out_of_range. */
  index(x: T, items: readonly IndexArgument<T, D>[]): T
  /** Slices along an axis (0) at the indices, whose shape replaces the axis. np.take, torch.index_select, ONNX Gather. */
  gather(x: T, indices: T, axis?: number | AxisOptions): T
  /** result[…i…] = x[…indices[…i…]…] along an axis (0). torch.gather, ONNX GatherElements. */
  gatherElements(x: T, indices: T, axis?: number | AxisOptions): T
  /** As gatherElements, along the last axis. np.take_along_axis. */
  takeAlongAxis(x: T, indices: T, axis?: number | AxisOptions): T
  /** Rows of a table [n, d] at the indices: [...] → [..., d]. torch embedding. */
  embedding(indices: T, weight: T): T
  /** 1 at the index along a new last axis of size n, 0 elsewhere. torch one_hot, ONNX OneHot. */
  oneHot(indices: T, size: D, options?: { readonly dtype?: DType }): T
  /** x with source added at the indices along an axis; equal indices add up. torch.scatter_add, or index_add where the indices have one axis. */
  scatterAdd(x: T, index: T, source: T, axis?: number | AxisOptions): T
  /** x with source written at the indices along an axis; of equal indices the last wins, or all are combined with x. torch.scatter, scatter_reduce, ONNX ScatterElements. */
  scatter(x: T, index: T, source: T, axis?: number | ScatterOptions, options?: ScatterOptions): T
  /** Slices at indices [..., k] into the first k axes, after `batchDims` axes that both have. tf.gather_nd, ONNX GatherND. */
  gatherND(x: T, indices: T, options?: { readonly batchDims?: number }): T
  /** x with slices written at indices [..., k] into the first k axes; of equal indices the last wins, or all are combined with x. ONNX ScatterND. */
  scatterND(x: T, indices: T, source: T, options?: { readonly reduce?: ScatterOptions['reduce'] }): T
}
