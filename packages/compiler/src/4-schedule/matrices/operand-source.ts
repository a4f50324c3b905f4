// operand-source: where the elements of an operand come from
//
// Views only move elements, and a cast of halves to f32 keeps them: behind these may be a buffer that can be copied from as it
// is.

import type { Dim, DType } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../../ir/graph/graph.ts'
import { mapIndex } from '../index-maps.ts'
import type { KernelContext } from '../kernel-context.ts'
import { type Tuple, linearise } from '../space.ts'

/** An element of a buffer. */
export interface BufferElement {
  readonly owner: Value
  readonly index: Dim
}

/** Returns the type of what a value's elements are, which may be less than the type that they are computed in. */
export function elementsOf(context: KernelContext, value: Value): DType {
  const { dtype } = value.type
  const op = dtype === 'f32' ? computedBy(context, value) : undefined
  const from = op && sourceOf(op)
  return from === undefined ? dtype : elementsOf(context, from)
}

/** Returns the element of a buffer that a value is at a tuple; undefined where it is computed. */
export function bufferElement(context: KernelContext, value: Value, tuple: Tuple): BufferElement | undefined {
  const op = computedBy(context, value)
  if (op === undefined) {
    const owner = context.ownerOf(value)
    return owner && { owner, index: linearise(tuple, value.type.shape) }
  }
  const from = sourceOf(op)
  const [map] = op.kind === 'cast' ? [{ tuple, guards: [] }] : from === undefined ? [] : mapIndex(op, tuple)
  return from === undefined || map === undefined || map.guards.length > 0
    ? undefined
    : bufferElement(context, from, map.tuple)
}

/** The op by which the kernel computes a value; undefined where it reads it. */
function computedBy({ group, producers, ownerOf }: KernelContext, value: Value): AnyOp | undefined {
  const op = producers.get(value)
  const isOwn = op !== undefined && op.kind !== 'literal' && group.members.has(op)
  return !isOwn && ownerOf(value) !== undefined ? undefined : op
}

/** The operand of which a result has the elements, and zeros. */
function sourceOf(op: AnyOp): Value | undefined {
  switch (op.kind) {
    case 'reshape':
    case 'permute':
    case 'expand':
    case 'slice':
    case 'window':
      return op.inputs[0]
    case 'pad':
      return op.params.value === 0 ? op.inputs[0] : undefined
    case 'cast': {
      const [input] = op.inputs
      const isWidened = input?.type.dtype === 'f16' || input?.type.dtype === 'bf16'
      return isWidened && op.params.dtype === 'f32' ? input : undefined
    }
    default:
      return undefined
  }
}
