// drop-dead: graph -> graph
//
// Drops ops that no output needs. Weights stay declared: they are in the file whether or not a mode reads them.

import type { Graph } from '../ir/graph/graph.ts'
import { dropDeadOps } from '../ir/graph/live.ts'

/**
 * Drops dead ops.
 *
 * @example
 * %2 f32[4] exp %1;  output %1   ->   output %1
 */
export function dropDead(graph: Graph): Graph {
  const wanted = graph.outputs.map(({ value }) => value)
  return { ...graph, ops: dropDeadOps(graph.ops, wanted) }
}
