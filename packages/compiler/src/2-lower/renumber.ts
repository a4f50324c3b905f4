// renumber: a graph with gaps in its numbering -> the same graph, values counted from 1

import { createOp } from '../ir/graph/build.ts'
import type { AnyOp, Graph, Op, PrimitiveKind, Value } from '../ir/graph/graph.ts'

/** Returns the graph with values numbered in order: inputs, weights, ops. */
export function renumber(graph: Graph): Graph {
  const renamed = new Map<Value, Value>()
  const define = (value: Value): Value => {
    const made: Value = { id: renamed.size + 1, type: value.type }
    renamed.set(value, made)
    return made
  }
  const use = (value: Value): Value => renamed.get(value) ?? define(value)
  const rebuild = <K extends PrimitiveKind>({ kind, inputs, params, result, origin }: Op<K>): AnyOp =>
    createOp(kind, inputs.map(use), params, define(result), origin)
  return {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, value: define(input.value) })),
    weights: graph.weights.map((weight) => ({ ...weight, value: define(weight.value) })),
    ops: graph.ops.map((op) => rebuild(op)),
    outputs: graph.outputs.map((output) => ({ ...output, value: use(output.value) })),
  }
}
