// share-common: graph -> graph
//
// Equal ops over equal operands are one op (common subexpression elimination). By exact structure, never by a digest.

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'
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
  const params = JSON.stringify(op.params, (_, value: unknown) => {
    if (dims.isDimExpression(value)) return `dim ${value.key}`
    return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? `number ${Object.is(value, -0) ? '-0' : value}`
      : value
  })
  return `${op.kind} ${op.inputs.map((v) => v.id).join(' ')} ${params} ${op.result.type.dtype}`
}
