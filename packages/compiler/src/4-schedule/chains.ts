// chains: programs that apply one op after another, thousands of times
//
// Neither the stack of the compiler nor that of what compiles the kernel may grow with them.

import type { Value } from '../ir/graph/graph.ts'
import type { Expr } from '../ir/kernel/kernel.ts'
import { operandsOf } from '../ir/kernel/visit.ts'
import type { KernelContext } from './kernel-context.ts'
import { classOf } from './partition-state.ts'

/** Expressions nest no deeper than this: WGSL has a limit of 127 brackets. */
const DEEPEST = 16

/** Returns whether an expression is so deep that it gets a name. */
export function isDeep(expr: Expr): boolean {
  return isDeeper(expr, DEEPEST)
}

function isDeeper(expr: Expr, depth: number): boolean {
  return operandsOf(expr).some((operand) => depth === 0 || isDeeper(operand, depth - 1))
}

/**
 * Returns what elementwise ops of the kernel read behind `value`, all at the tuple of `value`: first ones first, so that
 * evaluating them in turn needs no deep recursion. `isKnown` says what has been evaluated already.
 */
export function chainBehind(
  context: KernelContext,
  value: Value,
  isKnown: (value: Value) => boolean,
): readonly Value[] {
  const order = new Set<Value>()
  const opened = new Set<Value>()
  const waiting = [value]
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const op = context.producers.get(next)
    const isFirst = !opened.has(next)
    opened.add(next)
    const isOwn = op !== undefined && context.group.members.has(op) && !context.computed.has(next)
    if (isFirst && isOwn && classOf(op) === 'elementwise' && !isKnown(next))
      waiting.push(...op.inputs.filter((input) => !opened.has(input)).toReversed())
    else {
      waiting.pop()
      if (next !== value) order.add(next)
    }
  }
  return [...order]
}
