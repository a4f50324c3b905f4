// diagonal: the last two axes -> the elements where their indices are equal

import { min, mul } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { reshaped, stretch } from './operands.ts'

/** Returns [..., n, m] -> [..., min(n, m)]: one slice where m is known, a gather where it is not. */
export function diagonalOf(t: Bound, x: TensorBase): TensorBase {
  if (x.shape.length < 2)
    refuse('shape_rank_mismatch', { op: 'diagonal', expected: 'at least two axes', got: shownType(x) })
  const batch = x.shape.slice(0, -2)
  const [rows, columns] = [sizeAt(x.shape, -2), sizeAt(x.shape, -1)]
  const length = min(rows, columns)
  if (typeof columns === 'number') {
    const flat = reshaped(t, x, [...batch, mul(rows, columns)])
    return t.emit('slice', [flat], {
      starts: flat.shape.map(() => 0),
      steps: [...batch.map(() => 1), columns + 1],
      sizes: [...batch, length],
    })
  }
  const square = t.slice(x, { axes: -2, stop: length })
  const places = reshaped(t, t.emit('iota', [], { length }), [length, 1])
  const indices = stretch(t, places, [...batch, length, 1])
  const picked = t.emit('gatherElements', [square, indices], { axis: x.shape.length - 1 })
  return reshaped(t, picked, [...batch, length])
}
