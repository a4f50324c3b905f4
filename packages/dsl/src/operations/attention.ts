// attention: what every position reads from all others

import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { contractLabels } from './contract-labels.ts'
import { placesAlong } from './creation.ts'
import type { Bound } from './definition.ts'
import { scalar, sizeScalar, toFloat } from './operands.ts'
import { batchLabels, pair } from './product-operands.ts'
import { divided } from './reshape.ts'

/** Returns softmax(q @ k.T * scale + mask) @ v over the last two axes. */
export function attention(t: Bound, query: TensorBase, ownKey: TensorBase, given: Attention): TensorBase {
  const key = given.enableGqa ? sharedHeads(t, ownKey, query) : ownKey
  const how = given.enableGqa ? { ...given, value: sharedHeads(t, given.value, query) } : given
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
  const capped = how.softcap === undefined ? scores : t.mul(t.tanh(t.div(scores, how.softcap)), how.softcap)
  const weights = t.softmax(masked(t, capped, how), -1)
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
  readonly softcap: number | undefined
  readonly enableGqa: boolean
}

/** Gives every head of queries a head of keys: each is read by as many neighbours as there are more queries. */
function sharedHeads(t: Bound, x: TensorBase, query: TensorBase): TensorBase {
  if (x.shape.length < 3 || query.shape.length < 3) return x
  const [own, wanted] = [sizeAt(x.shape, -3), sizeAt(query.shape, -3)]
  if (typeof own !== 'number' || typeof wanted !== 'number' || own === wanted || own === 0) return x
  return t.repeat(x, divided(wanted, own), x.shape.length - 3)
}

function masked(t: Bound, scores: TensorBase, { mask, causal }: Attention): TensorBase {
  const rank = scores.shape.length
  const never = scalar(t, -Infinity, scores.dtype)
  const past = causal ? t.ge(placesAlong(t, scores.shape, rank - 2), placesAlong(t, scores.shape, rank - 1)) : undefined
  const seen = past === undefined ? scores : t.where(past, scores, never)
  if (mask === undefined) return seen
  return mask.dtype === 'bool' ? t.where(mask, seen, never) : t.add(seen, mask)
}
