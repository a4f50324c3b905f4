// contraction: the meaning of products of matrices and tensors

import type { Dim } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { attention } from './attention.ts'
import { contractLabels } from './contract-labels.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { einsum } from './einsum.ts'
import { asTensor, reshaped } from './operands.ts'
import { batchLabels, pair } from './product-operands.ts'
import type { Like } from './types.ts'

/** Options of attention. */
export interface AttentionOptions<T extends TensorBase> {
  /** A query sees no later key. */
  readonly causal?: boolean
  /** bool: true where a query may look; float: added to the scores. Broadcasts to [..., queries, keys]. */
  readonly mask?: T
  /** Multiplies the scores; 1 / sqrt(d) where left out. */
  readonly scale?: number
  /** Keeps scores between -softcap and softcap: softcap * tanh(scores / softcap), before the mask. */
  readonly softcap?: number
  /** Heads (the third axis from the right) of keys and values are shared by several heads of queries. */
  readonly enableGqa?: boolean
}

/** Products of matrices and tensors. */
export interface Contraction<T extends TensorBase, D extends Dim> {
  /** [..., n, k] @ [..., k, m] → [..., n, m]; leading axes broadcast, a vector is a row on the left and a column on the right. torch.matmul, np.matmul, ONNX MatMul. Throws shape_contraction. */
  matmul(x: T, y: T): T
  /** The sum of x * y of two vectors; of others as matmul. torch.dot, np.dot of vectors. */
  dot(x: T, y: T): T
  /** [n], [m] → [n, m]: x[i] * y[j]. torch.outer, np.outer. */
  outer(x: T, y: T): T
  /**
   * Einstein summation of one operand or more. Labels are letters (`'ij,jk->ik'`), or words where an operand has spaces
   * (`'b h q d, b h k d -> b h q k'`). A label that is not in the result is summed over; twice in one operand is the
   * diagonal; `...` stands for axes that broadcast. Without `->` the result has the labels that occur once, sorted.
   * torch.einsum, np.einsum, ONNX Einsum. Throws shape_equation.
   */
  einsum(equation: string, ...operands: Like<T, D>[]): T
  /** x @ weight.T + bias: [..., in], [out, in], [out] → [..., out]. torch linear. */
  linear(x: T, weight: T, bias?: T): T
  /** softmax(q @ k.T * scale + mask) @ v: [..., queries, d], [..., keys, d], [..., keys, e] → [..., queries, e]. torch scaled_dot_product_attention. */
  scaledDotProductAttention(query: T, key: T, value: T, options?: AttentionOptions<T>): T
  /** The sum of the diagonal of the last two axes. torch.trace, np.trace. */
  trace(x: T): T
}

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
