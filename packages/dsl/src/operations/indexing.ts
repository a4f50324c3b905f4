// indexing: the meaning of gathers and scatters

import type { Dim } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Family, operation } from './definition.ts'
import { asIndices, gatherElements } from './gather.ts'
import { index } from './index-items.ts'
import type { Indexing } from './interface/indexing.ts'
import { castTo } from './operands.ts'
import { gatherND, scatter, scatterND } from './scatter.ts'

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
