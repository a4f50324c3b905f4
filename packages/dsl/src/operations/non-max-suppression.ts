// non-max-suppression: the best boxes of each class that do not overlap
//
// Greedy, as everywhere: the best box that is left is kept and removes what overlaps it, once for every box that may be
// kept. All images and classes go side by side.

import { type Dim, product } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { reshaped } from './operands.ts'

/** What decides which boxes stay. */
export interface Suppression {
  readonly perClass: number
  readonly iouThreshold: number
  readonly scoreThreshold: number
  readonly centered: boolean
}

/** Returns candidates [n * classes * rounds, 3] of image, class and box, and which of them are kept. */
export function nonMaxSuppression(
  t: Bound,
  boxes: TensorBase,
  scores: TensorBase,
  how: Suppression,
): { readonly chosen: TensorBase; readonly kept: TensorBase } {
  const [n, classes, count] = [sizeAt(scores.shape, 0), sizeAt(scores.shape, 1), sizeAt(scores.shape, 2)]
  const rounds = typeof count === 'number' ? Math.min(how.perClass, count) : how.perClass
  const overlaps = t.gt(overlap(t, boxes, how.centered), how.iouThreshold) // [n, boxes, boxes]
  const index = t.emit('iota', [], { length: count })
  let left = t.where(t.gt(scores, how.scoreThreshold), scores, -Infinity)
  const picks: TensorBase[] = []
  const found: TensorBase[] = []
  for (let round = 0; round < rounds; round++) {
    const best = t.argmax(left, 2, { keepDims: true }) // [n, classes, 1]
    found.push(t.gt(t.max(left, 2, { keepDims: true }), -Infinity))
    picks.push(best)
    const isBest = t.unsqueeze(t.eq(best, index), 3) // [n, classes, boxes, 1]
    const removed = t.any(t.and(isBest, t.unsqueeze(overlaps, 1)), 2)
    left = t.where(t.or(removed, t.eq(best, index)), -Infinity, left)
  }
  const rows = product([n, classes, rounds])
  const part = (length: Dim, axis: number): TensorBase =>
    reshaped(
      t,
      t.expand(
        reshaped(
          t,
          t.emit('iota', [], { length }),
          [0, 1, 2].map((i): Dim => (i === axis ? length : 1)),
        ),
        [n, classes, rounds],
      ),
      [rows],
    )
  if (rounds === 0) return { chosen: t.zeros([0, 3], { dtype: 'i32' }), kept: t.zeros([0], { dtype: 'bool' }) }
  const box = reshaped(t, t.concat(picks, 2), [rows])
  return { chosen: t.stack([part(n, 0), part(classes, 1), box], 1), kept: reshaped(t, t.concat(found, 2), [rows]) }
}

/** Intersection over union of every pair of boxes. */
function overlap(t: Bound, boxes: TensorBase, centered: boolean): TensorBase {
  const [a, b, c, d] = t.unstack(boxes, 2)
  if (a === undefined || b === undefined || c === undefined || d === undefined) return boxes
  const halves = [t.div(c, 2), t.div(d, 2)] as const
  const corners = centered
    ? [t.sub(a, halves[0]), t.sub(b, halves[1]), t.add(a, halves[0]), t.add(b, halves[1])]
    : [a, b, c, d]
  const sides = [0, 1].map((i) => {
    const [p, q] = [corners[i] ?? a, corners[i + 2] ?? c]
    return [t.minimum(p, q), t.maximum(p, q)] as const
  })
  const area = sides.map(([low, high]) => t.sub(high, low)).reduce((x, y) => t.mul(x, y))
  const shared = sides
    .map(([low, high]) => {
      const start = t.maximum(t.unsqueeze(low, 2), t.unsqueeze(low, 1))
      const end = t.minimum(t.unsqueeze(high, 2), t.unsqueeze(high, 1))
      return t.maximum(t.sub(end, start), 0)
    })
    .reduce((x, y) => t.mul(x, y))
  const union = t.sub(t.add(t.unsqueeze(area, 2), t.unsqueeze(area, 1)), shared)
  return t.where(t.gt(union, 0), t.div(shared, union), 0)
}
