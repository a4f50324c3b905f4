// contraction: the meaning of products of matrices and tensors

import type { Dim } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { contractLabels } from './contract-labels.ts'
import { placesAlong } from './creation.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { einsum } from './einsum.ts'
import type { Contraction } from './interface/contraction.ts'
import { asTensor, promoteOperands, reshaped, scalar, sizeScalar, toFloat } from './operands.ts'

const twoTensors = [
  { name: 'x', kind: 'tensor' },
  { name: 'y', kind: 'tensor' },
] as const

/** Names for axes that broadcast, counted from the right so that they align. */
function batchLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `b${count - 1 - i}`)
}

function pair(t: Bound, op: string, x: TensorBase, y: TensorBase): readonly [TensorBase, TensorBase] {
  const [left, right] = promoteOperands(t, op, [x, y], 'keep')
  for (const value of [left, right])
    if (value !== undefined && kindOf(value.dtype) === 'bool')
      refuse('dtype_unsupported', { op, expected: 'numbers', dtype: 'bool' })
  return [left ?? x, right ?? y]
}

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

function attention(t: Bound, query: TensorBase, key: TensorBase, how: Attention): TensorBase {
  const op = 'scaledDotProductAttention'
  for (const value of [query, key, how.value])
    if (value.shape.length < 2)
      refuse('shape_rank_mismatch', { op, expected: 'at least two axes', got: shownType(value) })
  const rank = Math.max(query.shape.length, key.shape.length, how.value.shape.length) - 2
  const batch = batchLabels(rank)
  const label = (x: TensorBase, ...last: readonly string[]): readonly string[] => [
    ...batch.slice(rank + 2 - x.shape.length),
    ...last,
  ]
  const stretches = (name: string): boolean => name.startsWith('b')
  const [q, k] = pair(t, op, toFloat(t, query), toFloat(t, key))
  const width = sizeAt(q.shape, -1)
  const scale = how.scale ?? (typeof width === 'number' ? 1 / Math.sqrt(width) : t.rsqrt(sizeScalar(t, width, 'f32')))
  const left = { x: t.mul(q, scale), labels: label(q, 'l', 'd') }
  const scoresOut = [...batch.slice(rank + 2 - Math.max(q.shape.length, k.shape.length)), 'l', 's']
  const scores = contractLabels(t, left, { x: k, labels: label(k, 's', 'd') }, scoresOut, { op, stretches })
  const weights = t.softmax(masked(t, scores, how), -1)
  const [w, v] = pair(t, op, weights, how.value)
  const out = [...batch.slice(rank + 2 - Math.max(w.shape.length, v.shape.length)), 'l', 'e']
  return contractLabels(t, { x: w, labels: label(w, 'l', 's') }, { x: v, labels: label(v, 's', 'e') }, out, {
    op,
    stretches,
  })
}

interface Attention {
  readonly value: TensorBase
  readonly mask: TensorBase | undefined
  readonly causal: boolean
  readonly scale: number | undefined
}

function masked(t: Bound, scores: TensorBase, { mask, causal }: Attention): TensorBase {
  const rank = scores.shape.length
  const never = scalar(t, -Infinity, scores.dtype)
  const past = causal ? t.ge(placesAlong(t, scores.shape, rank - 2), placesAlong(t, scores.shape, rank - 1)) : undefined
  const seen = past === undefined ? scores : t.where(past, scores, never)
  if (mask === undefined) return seen
  return mask.dtype === 'bool' ? t.where(mask, seen, never) : t.add(seen, mask)
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
    ],
    define: (t, { query, key, value, mask, causal, scale }) => attention(t, query, key, { value, mask, causal, scale }),
  }),
  trace: operation({ params: [{ name: 'x', kind: 'tensor' }], define: (t, { x }) => t.sum(t.diagonal(x), -1) }),
}
