// infer-contract: the type rule of the contraction

import { type Dim, compare } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import type { TensorType } from '../types/tensor-type.ts'
import type { PrimitiveParams } from './params.ts'

/** One size for each label; the result has the labels of `out`, in the dtype of the operands. */
export function inferContract(left: TensorType, right: TensorType, params: PrimitiveParams['contract']): TensorType {
  const names = { op: 'contract', left: shownType(left), right: shownType(right) }
  if (left.dtype !== right.dtype) refuse('dtype_mismatch', names)
  if (kindOf(left.dtype) === 'bool')
    refuse('dtype_unsupported', { op: 'contract', expected: 'numbers', dtype: left.dtype })
  const sizes = new Map<string, Dim>()
  for (const [type, labels] of [[left, params.a] as const, [right, params.b] as const]) {
    if (labels.length !== type.shape.length || new Set(labels).size !== labels.length)
      refuse('shape_rank_mismatch', { op: 'contract', expected: `axes ${labels.join(' ')}`, got: shownType(type) })
    for (const [axis, label] of labels.entries()) {
      const size = type.shape[axis] ?? 0
      const known = sizes.get(label)
      sizes.set(label, known ?? size)
      if (known === undefined) continue
      const answer = compare(known, '==', size)
      const [leftSize, rightSize] = [shownSize(known), shownSize(size)]
      if (answer === 'no') refuse('shape_contraction', { ...names, leftSize, rightSize })
      if (answer === 'unknown') refuse('shape_undecided', { ...names, bound: `${leftSize} == ${rightSize}` })
    }
  }
  const shape = params.out.map((label) => {
    const size = sizes.get(label)
    if (size === undefined) throw new RangeError(`internal: contract has no operand with the axis ${label}`)
    return size
  })
  return { dtype: left.dtype, shape }
}
