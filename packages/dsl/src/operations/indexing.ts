// indexing: the meaning of gathers and scatters

import type { Dim } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Family, operation } from './definition.ts'
import { asIndices, gatherElements } from './gather.ts'
import { index } from './index-items.ts'
import { castTo } from './operands.ts'
import { gatherND, scatter, scatterND } from './scatter.ts'
import type { IndexRange } from './signature.ts'
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

const parameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'indices', kind: 'tensor' },
] as const

const scatterParameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'index', kind: 'tensor' },
  { name: 'source', kind: 'tensor' },
  { name: 'axis', kind: 'axis', default: 0 },
] as const

const reduction = {
  name: 'reduce',
  kind: 'text',
  values: ['none', 'add', 'mul', 'max', 'min'],
  default: 'none',
} as const

/** The meaning of every gather and scatter. */
export const indexing: Family<Indexing<TensorBase, Dim>> = {
  index: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'items', kind: 'index' },
    ],
    define: (t, { x, items }) => index(t, x, items),
  }),
  gather: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: 0 }],
    define: (t, { x, indices, axis }) =>
      t.emit('gather', [x, asIndices(t, 'gather', indices)], { axis: axisOf('gather', axis, x.shape.length) }),
  }),
  gatherElements: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: 0 }],
    define: (t, { x, indices, axis }) => gatherElements(t, 'gatherElements', x, indices, axis),
  }),
  takeAlongAxis: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: -1 }],
    define: (t, { x, indices, axis }) => gatherElements(t, 'takeAlongAxis', x, indices, axis),
  }),
  embedding: operation({
    params: [
      { name: 'indices', kind: 'tensor' },
      { name: 'weight', kind: 'tensor' },
    ],
    define: (t, { indices, weight }) => {
      if (weight.shape.length === 0)
        refuse('shape_rank_mismatch', { op: 'embedding', expected: 'a weight [n, d]', got: shownType(weight) })
      return t.emit('gather', [weight, asIndices(t, 'embedding', indices)], { axis: 0 })
    },
  }),
  oneHot: operation({
    params: [
      { name: 'indices', kind: 'tensor' },
      { name: 'size', kind: 'size' },
      { name: 'dtype', kind: 'dtype', default: 'f32' },
    ],
    define: (t, { indices, size, dtype }) => {
      const places = t.unsqueeze(asIndices(t, 'oneHot', indices), -1)
      return castTo(t, t.eq(places, t.emit('iota', [], { length: size })), dtype)
    },
  }),
  scatterAdd: operation({
    params: scatterParameters,
    define: (t, { x, index: indices, source, axis }) => scatter(t, 'scatterAdd', x, indices, source, axis, 'add'),
  }),
  scatter: operation({
    params: [...scatterParameters, reduction],
    define: (t, { x, index: indices, source, axis, reduce }) => scatter(t, 'scatter', x, indices, source, axis, reduce),
  }),
  gatherND: operation({
    params: [...parameters, { name: 'batchDims', kind: 'int', default: 0 }],
    define: (t, { x, indices, batchDims }) => gatherND(t, x, indices, batchDims),
  }),
  scatterND: operation({
    params: [...parameters, { name: 'source', kind: 'tensor' }, reduction],
    define: (t, { x, indices, source, reduce }) => scatterND(t, x, indices, source, reduce),
  }),
}
