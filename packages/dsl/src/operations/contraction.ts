// contraction: the meaning of products of matrices and tensors

import type { Dim } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { attention } from './attention.ts'
import { contractLabels } from './contract-labels.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { einsum } from './einsum.ts'
import type { Contraction } from './interface/contraction.ts'
import { asTensor, reshaped } from './operands.ts'
import { batchLabels, pair } from './product-operands.ts'

const twoTensors = [
  { name: 'x', kind: 'tensor' },
  { name: 'y', kind: 'tensor' },
] as const

function matmul(t: Bound, op: string, x: TensorBase, y: TensorBase): TensorBase {
  for (const value of [x, y])
    if (value.shape.length === 0)
      refuse('shape_rank_mismatch', { op, expected: 'at least one axis', got: shownType(value) })
  const [left, right] = pair(t, op, x, y)
  const leftBatch = batchLabels(Math.max(0, x.shape.length - 2))
  const rightBatch = batchLabels(Math.max(0, y.shape.length - 2))
  const isRow = x.shape.length === 1
  const isColumn = y.shape.length === 1
  const batch = leftBatch.length > rightBatch.length ? leftBatch : rightBatch
  return contractLabels(
    t,
    { x: left, labels: [...leftBatch, ...(isRow ? [] : ['i']), 'k'] },
    { x: right, labels: [...rightBatch, 'k', ...(isColumn ? [] : ['j'])] },
    [...batch, ...(isRow ? [] : ['i']), ...(isColumn ? [] : ['j'])],
    { op, stretches: (label) => label.startsWith('b') },
  )
}

/** The meaning of every contraction. */
export const contraction: Family<Contraction<TensorBase, Dim>> = {
  matmul: operation({ params: twoTensors, define: (t, { x, y }) => matmul(t, 'matmul', x, y) }),
  dot: operation({ params: twoTensors, define: (t, { x, y }) => matmul(t, 'dot', x, y) }),
  outer: operation({
    params: twoTensors,
    define: (t, { x, y }) => {
      const [left, right] = pair(t, 'outer', t.reshape(x, [-1]), t.reshape(y, [-1]))
      const column = reshaped(t, left, [sizeAt(left.shape, 0), 1])
      return t.mul(column, right)
    },
  }),
  einsum: operation({
    params: [
      { name: 'equation', kind: 'text' },
      { name: 'operands', kind: 'tensors', rest: true },
    ],
    define: (t, { equation, operands }) =>
      einsum(
        t,
        equation,
        operands.map((x) => asTensor(t, 'einsum', x)),
      ),
  }),
  linear: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'weight', kind: 'tensor' },
      { name: 'bias', kind: 'tensor', optional: true },
    ],
    define: (t, { x, weight, bias }) => {
      if (weight.shape.length !== 2)
        refuse('shape_rank_mismatch', { op: 'linear', expected: 'a weight [out, in]', got: shownType(weight) })
      if (x.shape.length === 0)
        refuse('shape_rank_mismatch', { op: 'linear', expected: 'at least one axis', got: shownType(x) })
      const [left, right] = pair(t, 'linear', x, weight)
      const batch = batchLabels(x.shape.length - 1)
      const options = { op: 'linear', stretches: () => false }
      const a = { x: left, labels: [...batch, 'k'] }
      const product = contractLabels(t, a, { x: right, labels: ['j', 'k'] }, [...batch, 'j'], options)
      return bias === undefined ? product : t.add(product, bias)
    },
  }),
  scaledDotProductAttention: operation({
    params: [
      { name: 'query', kind: 'tensor' },
      { name: 'key', kind: 'tensor' },
      { name: 'value', kind: 'tensor' },
      { name: 'mask', kind: 'tensor', optional: true },
      { name: 'causal', kind: 'bool', default: false },
      { name: 'scale', kind: 'number', optional: true },
      { name: 'softcap', kind: 'number', optional: true },
      { name: 'enableGqa', kind: 'bool', default: false },
    ],
    define: (t, { query, key, ...how }) => attention(t, query, key, how),
  }),
  trace: operation({ params: [{ name: 'x', kind: 'tensor' }], define: (t, { x }) => t.sum(t.diagonal(x), -1) }),
}
