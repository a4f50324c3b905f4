// drop-dead: graph -> graph
//
// Drops ops that no output needs. Weights stay declared: they are in the file whether or not a mode reads them.

import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'

/**
 * Drops dead ops.
 *
 * @example
 * %2 f32[4] exp %1;  output %1   ->   output %1
 */
export function dropDead(graph: Graph): Graph {
  const live = new Set<Value>(graph.outputs.map((o) => o.value))
  const ops: AnyOp[] = []
  for (const op of [...graph.ops].reverse()) {
    if (!live.has(op.result)) continue
    ops.push(op)
    for (const input of op.inputs) live.add(input)
  }
  return { ...graph, ops: ops.reverse() }
}
