// state: `assign`, the only effect of a model

import { assignedValue } from '../declare/assignment.ts'
import type { Tensor, TensorLike } from '../operations/tensor.ts'
import { refuse } from '../types/errors.ts'
import { boundOperations } from './apply.ts'
import { currentScope } from './scope.ts'

/**
 * Stores a value in a buffer of the model when the program ends, for the next run; until then the buffer reads as before,
 * and of several assignments the last one counts. The value has the dtype and shape of the buffer, or is a number.
 * Throws model_assign_target for a parameter or a tensor that is no buffer, model_assign_inside in the closure of a
 * combinator, shape_mismatch, dtype_mismatch.
 */
export function assign(buffer: Tensor, value: TensorLike): void {
  const scope = currentScope()
  if (scope === undefined) return refuse('model_not_running', { callee: 'assign' })
  if (scope.streams?.isInside === true) refuse('model_assign_inside', {})
  const [declaration] = [...scope.weights].find(([, tensor]) => tensor === buffer) ?? []
  const stored = assignedValue(boundOperations(), declaration, value)
  if (declaration !== undefined) scope.updates.set(declaration, stored)
}
