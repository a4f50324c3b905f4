// operand-source: what the elements of an operand are in memory
//
// Views only move elements, and a cast of halves to f32 keeps them: behind these may be a buffer that can be copied from as it
// is.

import type { DType } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../../ir/graph/graph.ts'
import { computedBy, isWidening } from '../buffer-element.ts'
import type { KernelContext } from '../kernel-context.ts'
import { classOf } from '../partition-state.ts'

/** Returns the type of what a value's elements are, which may be less than the type that they are computed in. */
export function elementsOf(context: KernelContext, value: Value): DType {
  const { dtype } = value.type
  const op = dtype === 'f32' ? computedBy(context, value) : undefined
  const [input, ...others] = op?.inputs ?? []
  const isSame = op !== undefined && input !== undefined && others.length === 0 && keepsElements(op)
  return isSame ? elementsOf(context, input) : dtype
}

/** Whether a result of one operand has the elements of that, and zeros. */
function keepsElements(op: AnyOp): boolean {
  if (op.kind === 'cast') return isWidening(op)
  return classOf(op) === 'movement' && (op.kind !== 'pad' || op.params.value === 0)
}
