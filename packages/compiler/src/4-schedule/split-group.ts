// split-group: a kernel that binds too many buffers -> the value that should get one
//
// Cuts where most buffers come together: the member value with the most buffers behind it that still leaves at least
// one for the rest.

import type { AnyOp, Value } from '../ir/graph/graph.ts'
import type { KernelContext } from './kernel-context.ts'

/** Returns a value of the kernel whose own buffer makes the kernel narrower. */
export function whereToSplit(context: KernelContext, ops: readonly AnyOp[]): Value | undefined {
  const owners = new Set(context.params.keys())
  const behind = new Map<Value, ReadonlySet<Value>>()
  let best: { value: Value; count: number } | undefined
  const stored = new Set(context.group.stores.map((s) => s.value))
  for (const op of ops) {
    if (!context.group.members.has(op)) continue
    const reads = new Set<Value>()
    for (const input of op.inputs) {
      const owner = context.ownerOf(input)
      if (owner !== undefined && owners.has(owner)) reads.add(owner)
      else for (const v of behind.get(input) ?? []) reads.add(v)
    }
    behind.set(op.result, reads)
    const isCandidate = reads.size > 1 && reads.size < owners.size - 1 && !stored.has(op.result)
    if (isCandidate && (best === undefined || reads.size >= best.count)) best = { value: op.result, count: reads.size }
  }
  return best?.value
}
