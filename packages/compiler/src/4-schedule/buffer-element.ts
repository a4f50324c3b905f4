// buffer-element: an element of a value -> the element of a buffer that it is, behind views

import type { Dim } from '@tsjit/dsl/compiler'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import { mapIndex } from './index-maps.ts'
import type { KernelContext } from './kernel-context.ts'
import { classOf } from './partition-state.ts'
import { type Tuple, linearise } from './space.ts'

/** An element of a buffer. */
export interface BufferElement {
  readonly owner: Value
  readonly index: Dim
  /** Whether the value is another number than its element: some conversion on the way is not exact. */
  readonly isConverted: boolean
}

/**
 * Returns the element of a buffer that a value is at a tuple, as far as views and conversions alone lead there; undefined
 * where it is computed, or not always an element.
 */
export function bufferElement(context: KernelContext, value: Value, tuple: Tuple): BufferElement | undefined {
  const op = computedBy(context, value)
  if (op === undefined) {
    const owner = context.ownerOf(value)
    return owner && { owner, index: linearise(tuple, value.type.shape), isConverted: false }
  }
  if (classOf(op) !== 'movement' && op.kind !== 'cast') return undefined
  const [from, ...others] = mapIndex(op, tuple)
  const input = from && op.inputs[from.operand]
  if (from === undefined || input === undefined || others.length > 0 || from.guards.length > 0) return undefined
  const element = bufferElement(context, input, from.tuple)
  return op.kind === 'cast' && !isWidening(op) ? element && { ...element, isConverted: true } : element
}

/** The op by which the kernel computes a value; undefined where it reads it. */
export function computedBy({ group, producers, ownerOf }: KernelContext, value: Value): AnyOp | undefined {
  const op = producers.get(value)
  const isOwn = op !== undefined && op.kind !== 'literal' && group.members.has(op)
  return !isOwn && ownerOf(value) !== undefined ? undefined : op
}

/** Whether a cast keeps numbers as they are: halves are floats. */
export function isWidening({ inputs: [input], params }: Op<'cast'>): boolean {
  const from = input?.type.dtype
  return params.dtype === from || (params.dtype === 'f32' && (from === 'f16' || from === 'bf16'))
}
