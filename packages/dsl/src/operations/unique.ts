// unique: the distinct slices of a tensor along an axis

import { kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, reshaped, sizeScalar } from './operands.ts'

/** Returns values, first indices, inverse indices and counts, bounded by `size`. Compares every slice with every other. */
export function unique(t: Bound, x: TensorBase, axis: number, size: Dim, sorted: boolean): readonly TensorBase[] {
  const n = sizeAt(x.shape, axis)
  const rows = t.reshape(t.moveAxis(x, axis, 0), [n, -1])
  const numbers = kindOf(rows.dtype) === 'bool' ? castTo(t, rows, 'i32') : rows
  const [left, right] = [t.unsqueeze(numbers, 1), t.unsqueeze(numbers, 0)]
  const differs = t.ne(left, right)
  const equal = t.not(t.any(differs, 2))
  const index = t.emit('iota', [], { length: n })
  const column = reshaped(t, index, [1, n])
  const first = t.min(t.where(equal, column, sizeScalar(t, n, 'i32')), 1)
  const isFirst = reshaped(t, t.eq(first, index), [1, n])
  // slice j comes before slice i: by the first element that differs, or by where it is first
  const at = t.argmax(castTo(t, differs, 'i32'), 2, { keepDims: true })
  const less = t.squeeze(t.gatherElements(castTo(t, t.lt(right, left), 'i32'), at, 2), 2)
  const isBefore = sorted ? t.eq(less, 1) : t.lt(column, reshaped(t, first, [n, 1]))
  const inverse = t.sum(t.and(isBefore, isFirst), 1)
  const wanted = reshaped(t, t.emit('iota', [], { length: size }), [size, 1])
  const hit = t.eq(reshaped(t, inverse, [1, n]), wanted)
  const counts = t.sum(hit, 1)
  const indices = t.minimum(t.min(t.where(hit, column, sizeScalar(t, n, 'i32')), 1), t.sub(sizeScalar(t, n, 'i32'), 1))
  return [t.gather(x, indices, axis), indices, inverse, counts]
}
