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
  return new Rewriting(graph, typeof rules === 'function' ? { rule: rules } : rules).run(graph)
}

class Rewriting implements ControlRewriter {
  readonly #rules: Rules
  readonly #producers = new Map<Value, AnyOp>()
  readonly #replaced = new Map<Value, Value>()
  #nextId: number
  /** Of the region at hand. */
  #ops: GraphOp[] = []

  constructor(graph: Graph, rules: Rules) {
    this.#rules = rules
    this.#nextId = highestId(graph) + 1
  }

  run(graph: Graph): Graph {
    for (const op of graph.ops) this.#visit(op)
    return { ...graph, ops: this.#ops, outputs: graph.outputs.map((o) => ({ ...o, value: this.#current(o.value) })) }
  }

  emit<K extends PrimitiveKind>(kind: K, inputs: readonly Value[], params: PrimitiveParams[K], origin: Origin): Value {
    const type = inferType(
      kind,
      inputs.map((v) => v.type),
      params,
    )
    const op: Op<K> = { kind, inputs, params, result: { id: this.#nextId++, type }, origin }
    this.#append(asAny(op))
    return op.result
  }

  producer(value: Value): AnyOp | undefined {
    return this.#producers.get(value)
  }

  replace(value: Value, by: Value): void {
    this.#replaced.set(value, by)
  }

  inline(region: Region, params: readonly Value[]): readonly Value[] {
    region.params.forEach((param, i) => this.#replaced.set(param, params[i] ?? param))
    for (const op of region.ops) this.#visit(op)
    return region.results.map((value) => this.#current(value))
  }

  #current(value: Value): Value {
    return this.#replaced.get(value) ?? value
  }

  #append(op: AnyOp): void {
    this.#ops.push(op)
    this.#producers.set(op.result, op)
  }

  #visit(op: GraphOp): void {
    const inputs = op.inputs.map((value) => this.#current(value))
    const isSame = inputs.every((v, i) => v === op.inputs[i])
    const fresh = isSame ? op : withInputs(op, inputs)
    if (isControl(fresh)) return this.#visitControl(fresh)
    const value = this.#rules.rule?.(fresh, this)
    if (value === undefined) this.#append(fresh)
    else this.#replaced.set(fresh.result, value)
  }

  #visitControl(op: ControlOp): void {
    const values = this.#rules.control?.(op, this)
    if (values === undefined) this.#ops.push(mapRegions(op, (region) => this.#visitRegion(region)))
    else op.results.forEach((result, i) => this.#replaced.set(result, values[i] ?? result))
  }

  #visitRegion(region: Region): Region {
    const outside = this.#ops
    const ops: GraphOp[] = []
    this.#ops = ops
    this.#rules.enter?.()
    for (const op of region.ops) this.#visit(op)
    this.#rules.leave?.()
    this.#ops = outside
    return { params: region.params, ops, results: region.results.map((value) => this.#current(value)) }
  }
}

/** Returns the highest number of a value. */
export function highestId(graph: Graph): number {
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
