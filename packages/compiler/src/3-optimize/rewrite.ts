// rewrite: the one driver that passes share
//
// Walks ops in order, with operands already replaced; a rule answers with the value that stands for the result, or with
// nothing to keep the op. Substitution, rebuilding and the outputs are done here and nowhere else.

import { inferType } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Op, Origin, PrimitiveKind, PrimitiveParams, Value } from '../ir/graph/graph.ts'

/** What a rule may do and ask. */
export interface Rewriter {
  /** Appends an op and returns its result. */
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly Value[], params: PrimitiveParams[K], origin: Origin): Value
  /** Returns the op of the new graph that makes a value; undefined for inputs and weights. */
  producer(value: Value): AnyOp | undefined
}

/** Returns what stands for the result of an op, or undefined to keep the op. */
export type Rule = (op: AnyOp, rewriter: Rewriter) => Value | undefined

/** Applies a rule once to every op, in order. */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const ops: AnyOp[] = []
  const producers = new Map<Value, AnyOp>()
  const replaced = new Map<Value, Value>()
  let nextId = graph.ops.reduce((top, op) => Math.max(top, op.result.id), highestGiven(graph)) + 1
  const append = (op: AnyOp): void => {
    ops.push(op)
    producers.set(op.result, op)
  }
  const rewriter: Rewriter = {
    emit(kind, inputs, params, origin) {
      const type = inferType(
        kind,
        inputs.map((v) => v.type),
        params,
      )
      const op: Op<typeof kind> = { kind, inputs, params, result: { id: nextId++, type }, origin }
      append(asAny(op))
      return op.result
    },
    producer: (value) => producers.get(value),
  }
  const current = (value: Value): Value => replaced.get(value) ?? value
  for (const op of graph.ops) {
    const inputs = op.inputs.map(current)
    const isSame = inputs.every((v, i) => v === op.inputs[i])
    const fresh = isSame ? op : withInputs(op, inputs)
    const value = rule(fresh, rewriter)
    if (value === undefined) append(fresh)
    else replaced.set(op.result, value)
  }
  return { ...graph, ops, outputs: graph.outputs.map((o) => ({ ...o, value: current(o.value) })) }
}

function highestGiven(graph: Graph): number {
  return [...graph.inputs, ...graph.weights].reduce((top, given) => Math.max(top, given.value.id), -1)
}

/** The one place where kind and params are put together again: both come from one op, so they belong together. */
function withInputs(op: AnyOp, inputs: readonly Value[]): AnyOp {
  return { ...op, inputs } as AnyOp // a spread forgets that kind and params belong together
}

function asAny<K extends PrimitiveKind>(op: Op<K>): AnyOp {
  return op as unknown as AnyOp // Op<K> is a member of the union for each K; TypeScript cannot see it for a generic K
}
