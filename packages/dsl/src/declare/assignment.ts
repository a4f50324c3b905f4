// assignment: what `assign(buffer, value)` may store
//
// The value has the type of the buffer: nothing is cast or broadcast but a number.

import type { Bound } from '../operations/definition.ts'
import { lift } from '../operations/operands.ts'
import type { Operand } from '../operations/signature.ts'
import { refuse, shownType } from '../types/errors.ts'
import { isSameShape } from '../types/shape.ts'
import { TensorBase } from '../types/tensor-type.ts'
import { describeValue } from './describe-value.ts'
import type { WeightDeclaration } from './weight.ts'

/**
 * Returns the tensor to store. Throws model_assign_target for what is no buffer, shape_mismatch and dtype_mismatch for
 * values of another type.
 */
export function assignedValue(t: Bound, weight: WeightDeclaration | undefined, value: unknown): TensorBase {
  if (weight?.role !== 'buffer') {
    const got = weight === undefined ? 'a value that is no weight' : 'a parameter, which only training changes'
    return refuse('model_assign_target', { got }, { argument: 'buffer' })
  }
  const stored = isOperand(value) ? liftTo(t, weight, value) : undefined
  if (stored === undefined) {
    const expected = `a tensor ${shownType(weight)}`
    const params = { argument: 'value', callee: 'assign', expected, got: describeValue(value) }
    return refuse('source_bad_argument', params, { argument: 'value' })
  }
  const names = { op: 'assign', left: shownType(weight), right: shownType(stored) }
  if (stored.dtype !== weight.dtype) refuse('dtype_mismatch', names, { argument: 'value' })
  if (!isSameShape(stored.shape, weight.shape)) refuse('shape_mismatch', names, { argument: 'value' })
  return stored
}

function liftTo(t: Bound, { dtype, shape }: WeightDeclaration, value: Operand): TensorBase {
  if (value instanceof TensorBase) return value
  return t.expand(lift(t, 'assign', value, dtype), shape)
}

function isOperand(value: unknown): value is Operand {
  return value instanceof TensorBase || typeof value === 'number' || typeof value === 'boolean'
}
