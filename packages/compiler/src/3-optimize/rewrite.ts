// rewrite: the one driver that passes share
//
// Walks ops in order, regions inside, with operands already replaced; a rule answers with the value that stands for the
// result, or with nothing to keep the op. Substitution, rebuilding and the outputs are done here and nowhere else.

import { inferType } from '@tsjit/dsl/compiler'
import type {
  AnyOp,
  ControlOp,
  Graph,
  GraphOp,
  Op,
  Origin,
  PrimitiveKind,
  PrimitiveParams,
  Region,
  Value,
} from '../ir/graph/graph.ts'
import { forEachOp, isControl, mapRegions, regionsOf, resultsOf } from '../ir/graph/regions.ts'

/** What a rule may do and ask. */
export interface Rewriter {
  /** Appends an op and returns its result. */
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly Value[], params: PrimitiveParams[K], origin: Origin): Value
  /** Returns the op of the new graph that makes a value; undefined for inputs, weights and what control flow gives. */
  producer(value: Value): AnyOp | undefined
}

/** Returns what stands for the result of an op, or undefined to keep the op. */
export type Rule = (op: AnyOp, rewriter: Rewriter) => Value | undefined

/** What a rule for ops with regions may do besides. */
export interface ControlRewriter extends Rewriter {
  /** Puts the ops of a region here, with these values for its parameters, and returns its results. */
  inline(region: Region, params: readonly Value[]): readonly Value[]
  /** Lets a value stand for another in everything that follows. */
  replace(value: Value, by: Value): void
}

/** What to apply. */
export interface Rules {
  readonly rule?: Rule
  /** Returns what stands for the results of an op with regions, or undefined to go on with these. */
  readonly control?: (op: ControlOp, rewriter: ControlRewriter) => readonly Value[] | undefined
  /** A region begins or ends: what was found inside holds there only. */
  readonly enter?: () => void
  readonly leave?: () => void
}

/** Applies a rule once to every op, in order. */
export function rewrite(graph: Graph, rules: Rule | Rules): Graph {
  const {
    rule = () => undefined,
    control = () => undefined,
    ...scope
  } = typeof rules === 'function' ? { rule: rules } : rules
  const { enter, leave }: Rules = scope
  const producers = new Map<Value, AnyOp>()
  const replaced = new Map<Value, Value>()
  let nextId = highestId(graph) + 1
  let ops: GraphOp[] = []
  const append = (op: AnyOp): void => {
    ops.push(op)
    producers.set(op.result, op)
  }
  const current = (value: Value): Value => replaced.get(value) ?? value
  const rewriter: ControlRewriter = {
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
    replace: (value, by) => replaced.set(value, by),
    inline(region, params) {
      region.params.forEach((param, i) => replaced.set(param, params[i] ?? param))
      region.ops.forEach(visit)
      return region.results.map(current)
    },
  }
  const visitRegion = (region: Region): Region => {
    const outside = ops
    ops = []
    enter?.()
    region.ops.forEach(visit)
    leave?.()
    const inside = ops
    ops = outside
    return { params: region.params, ops: inside, results: region.results.map(current) }
  }
  const visitControl = (op: ControlOp): void => {
    const values = control(op, rewriter)
    if (values === undefined) ops.push(mapRegions(op, visitRegion))
    else op.results.forEach((result, i) => replaced.set(result, values[i] ?? result))
  }
  const visit = (op: GraphOp): void => {
    const inputs = op.inputs.map(current)
    const isSame = inputs.every((v, i) => v === op.inputs[i])
    const fresh = isSame ? op : withInputs(op, inputs)
    if (isControl(fresh)) return visitControl(fresh)
    const value = rule(fresh, rewriter)
    if (value === undefined) append(fresh)
    else replaced.set(fresh.result, value)
  }
  graph.ops.forEach(visit)
  return { ...graph, ops, outputs: graph.outputs.map((o) => ({ ...o, value: current(o.value) })) }
}

function highestId(graph: Graph): number {
  let highest = -1
  const meet = ({ id }: Value): void => {
    highest = Math.max(highest, id)
  }
  for (const given of [...graph.inputs, ...graph.weights]) meet(given.value)
  forEachOp(graph.ops, (op) => {
    resultsOf(op).forEach(meet)
    for (const { params } of regionsOf(op)) params.forEach(meet)
  })
  return highest
}

/** The one place where kind and params are put together again: both come from one op, so they belong together. */
function withInputs(op: GraphOp, inputs: readonly Value[]): GraphOp {
  return { ...op, inputs } as GraphOp // a spread forgets that kind and params belong together
}

function asAny<K extends PrimitiveKind>(op: Op<K>): AnyOp {
  return op as unknown as AnyOp // Op<K> is a member of the union for each K; TypeScript cannot see it for a generic K
}
