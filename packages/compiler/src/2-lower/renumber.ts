// renumber: a graph with gaps in its numbering -> the same graph, values counted from 1

import { createOp } from '../ir/graph/record.ts'
import type { AnyOp, ControlOp, Graph, GraphOp, Op, PrimitiveKind, Region, Value } from '../ir/graph/graph.ts'
import { isControl, mapRegions } from '../ir/graph/regions.ts'

/** Returns the graph with values numbered in order: inputs, weights, ops. */
export function renumber(graph: Graph): Graph {
  const renamed = new Map<Value, Value>()
  const define = (value: Value): Value => {
    const made: Value = { id: renamed.size + 1, type: value.type }
    renamed.set(value, made)
    return made
  }
  const use = (value: Value): Value => renamed.get(value) ?? define(value)
  const region = ({ params, ops, results }: Region): Region => {
    const own = params.map(use)
    const inside = ops.map(renew)
    return { params: own, ops: inside, results: results.map(use) }
  }
  const control = (op: ControlOp): ControlOp => {
    const inner = mapRegions({ ...op, inputs: op.inputs.map(use) } as ControlOp, region)
    return { ...inner, results: inner.results.map(define) }
  }
  const rebuild = <K extends PrimitiveKind>({ kind, inputs, params, result, origin }: Op<K>): AnyOp =>
    createOp(kind, inputs.map(use), params, define(result), origin)
  const renew = (op: GraphOp): GraphOp => (isControl(op) ? control(op) : rebuild(op))
  const calls = graph.hostCalls?.map(({ args, results, ...call }) => () => ({
    ...call,
    args: args.map(use),
    results: results.map((result) => ({ ...result, value: use(result.value) })),
  }))
  return {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, value: define(input.value) })),
    weights: graph.weights.map((weight) => ({ ...weight, value: define(weight.value) })),
    ops: graph.ops.map(renew),
    outputs: graph.outputs.map((output) => ({ ...output, value: use(output.value) })),
    ...(calls && { hostCalls: calls.map((renewed) => renewed()) }),
  }
}
