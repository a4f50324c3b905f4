// hoist-invariant: graph -> graph
//
// What every turn of a loop would compute alike is computed before it. Arms of branches keep what is theirs: it may
// never run.

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, GraphOp, LoopOp, Region, Value } from '../ir/graph/graph.ts'
import { counterNames, isControl, mapRegions, resultsOf, sizesOf } from '../ir/graph/regions.ts'

/**
 * Hoists what does not change.
 *
 * @example
 * loop { %3 f32[4] exp %1;  %4 f32[4] add %carry %3 }   ->   %3 f32[4] exp %1;  loop { %4 f32[4] add %carry %3 }
 */
export function hoistInvariant(graph: Graph): Graph {
  return { ...graph, ops: hoistIn(graph.ops) }
}

function hoistIn(ops: readonly GraphOp[]): readonly GraphOp[] {
  return ops.flatMap((op) => {
    if (!isControl(op)) return [op]
    const inner = mapRegions(op, (region) => ({ ...region, ops: hoistIn(region.ops) }))
    return inner.kind === 'loop' ? hoistLoop(inner) : [inner]
  })
}

function hoistLoop(loop: LoopOp): readonly GraphOp[] {
  const hoisted: AnyOp[] = []
  const changing = new Set<Value>(loop.body.params)
  const counters = new Set(counterNames(loop))
  const keep = (region: Region): Region => {
    const kept = region.ops.filter((op) => {
      if (isInvariant(op, changing, counters)) {
        hoisted.push(op)
        return false
      }
      for (const result of resultsOf(op)) changing.add(result)
      return true
    })
    return { ...region, ops: kept }
  }
  const rest = mapRegions(loop, keep)
  return [...hoisted, rest]
}

function isInvariant(op: GraphOp, changing: ReadonlySet<Value>, counters: ReadonlySet<string>): op is AnyOp {
  if (isControl(op) || op.inputs.some((input) => changing.has(input))) return false
  const sizes = [...sizesOf(op), ...op.result.type.shape]
  return !sizes.some((size) => dims.symbolsOf(size).some(({ name }) => counters.has(name)))
}
