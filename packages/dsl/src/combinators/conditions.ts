// conditions: one truth value, on the device or known at build

import { refuse } from '../types/errors.ts'
import type { ErrorPlace } from '../types/errors.ts'
import { TensorBase } from '../types/tensor-type.ts'
import type { ControlMachine } from './machine.ts'
import { describe } from './structure.ts'

/** Returns a condition as a bool scalar. Throws flow_condition_not_scalar. */
export function truthOf(
  m: ControlMachine,
  op: string,
  value: unknown,
  place: Pick<ErrorPlace, 'argument' | 'returned'>,
): TensorBase {
  if (value instanceof TensorBase && value.dtype === 'bool' && value.shape.length === 0) return value
  if (typeof value === 'boolean') return m.builder.emit('constant', [], { value: Number(value), dtype: 'bool' })
  const places = [{ message: `this is ${describe(value)}`, ...place, value }]
  return refuse('flow_condition_not_scalar', { op, got: describe(value) }, { argument: place.argument[0], places })
}
