// product-operands: what products of tensors are written with

import { kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { promoteOperands } from './operands.ts'

/** Names for axes that broadcast, counted from the right so that they align. */
export function batchLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `b${count - 1 - i}`)
}

/** Returns two operands in the dtype they meet in. Throws dtype_unsupported for truth values. */
export function pair(t: Bound, op: string, x: TensorBase, y: TensorBase): readonly [TensorBase, TensorBase] {
  const [left, right] = promoteOperands(t, op, [x, y], 'keep')
  for (const value of [left, right])
    if (value !== undefined && kindOf(value.dtype) === 'bool')
      refuse('dtype_unsupported', { op, expected: 'numbers', dtype: 'bool' })
  return [left ?? x, right ?? y]
}
