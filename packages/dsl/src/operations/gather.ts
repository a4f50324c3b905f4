// gather: reading at computed places along one axis

import { kindOf } from '../types/dtype.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, stretch } from './operands.ts'
import { narrowed } from './slicing.ts'

/** Returns indices as i32. Throws dtype_unsupported for floats and truth values. */
export function asIndices(t: Bound, op: string, indices: TensorBase): TensorBase {
  if (kindOf(indices.dtype) !== 'integer')
    refuse('dtype_unsupported', { op, expected: 'integer indices', dtype: indices.dtype }, { argument: 'indices' })
  return castTo(t, indices, 'i32')
}

/** Brings the other axes together: 1 stretches, and a longer x is cut to the indices, as in PyTorch. */
export function gatherElements(t: Bound, op: string, x: TensorBase, indices: TensorBase, axis: number): TensorBase {
  const along = axisOf(op, axis, x.shape.length)
  const places = asIndices(t, op, indices)
  if (places.shape.length !== x.shape.length)
    refuse('shape_rank_mismatch', { op, expected: `indices of ${x.shape.length} axes`, got: shownType(indices) })
  let value = x
  for (const [i, size] of places.shape.entries()) {
    const own = sizeAt(value.shape, i)
    if (i !== along && typeof own === 'number' && typeof size === 'number' && size !== 1 && size < own)
      value = narrowed(t, value, i, 0, size)
  }
  const wide = value.shape.map((size, i) => (i !== along && size === 1 ? sizeAt(places.shape, i) : size))
  const reach = places.shape.map((size, i) => (i !== along && size === 1 ? sizeAt(wide, i) : size))
  return t.emit('gatherElements', [stretch(t, value, wide), stretch(t, places, reach)], { axis: along })
}
