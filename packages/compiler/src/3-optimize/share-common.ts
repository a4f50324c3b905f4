// share-common: graph -> graph
//
// Equal ops over equal operands are one op (common subexpression elimination). By exact structure, never by a digest.

import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'
import { structureKey } from '../ir/graph/structure-key.ts'
import { rewrite } from './rewrite.ts'

/**
 * Shares equal ops.
 *
 * @example
 * %2 f32[4] exp %1;  %3 f32[4] exp %1;  %4 f32[4] add %2 %3   ->   %2 f32[4] exp %1;  %4 f32[4] add %2 %2
 */
export function shareCommon(graph: Graph): Graph {
  const scopes: Map<string, Value>[] = [new Map()]
  return rewrite(graph, {
    rule(op) {
      const key = keyOf(op)
      const same = scopes.findLast((known) => known.has(key))?.get(key)
      if (same === undefined) scopes.at(-1)?.set(key, op.result)
      return same
    },
    enter: () => scopes.push(new Map()),
    leave: () => scopes.pop(),
  })
}

function keyOf(op: AnyOp): string {
  return `${op.kind} ${op.inputs.map((v) => v.id).join(' ')} ${structureKey(op.params)} ${op.result.type.dtype}`
}
