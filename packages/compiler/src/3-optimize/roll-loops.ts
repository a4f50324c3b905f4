// roll-loops: graph -> graph
//
// A loop that was unrolled while compiling and says the same at every turn becomes a loop again: what moves along is a
// slice at the counter, what a turn reads of the one before is carried, what is read of several turns is stacked.

import { dims, inferType, primitiveClass } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { createOp } from '../ir/graph/record.ts'
import type { AnyOp, Dim, Graph, GraphOp, LoopOp, PrimitiveKind, PrimitiveParams, Value } from '../ir/graph/graph.ts'
import { isControl, readsOf, resultsOf } from '../ir/graph/regions.ts'
import { type Repeats, findRepeats } from './find-repeats.ts'
import { highestId } from './rewrite.ts'
import { type Operand, Turns } from './turn-operands.ts'

/**
 * Rolls loops.
 *
 * @example
 * %3 f32[4] contract %1 %w;  %4 f32[4] contract %3 %w;  … eight times   ->   loop { contract %carry %w }
 */
export function rollLoops(graph: Graph): Graph {
  const floated = { ...graph, ops: floatViews(graph.ops) }
  const repeats = findRepeats(floated.ops)
  if (repeats === undefined) return graph
  return new Rolling(floated, repeats).run() ?? graph
}

/** Moves to the front what only shows inputs, weights and constants: the first turn made some of it for all. */
function floatViews(ops: readonly GraphOp[]): readonly GraphOp[] {
  const made = new Set(ops.flatMap(resultsOf))
  const front = new Set<Value>()
  const isFront = (op: GraphOp): boolean => {
    if (isControl(op)) return false
    const cls = primitiveClass[op.kind]
    const isView = cls === 'source' || cls === 'movement'
    if (!isView || op.inputs.some((input) => made.has(input) && !front.has(input))) return false
    front.add(op.result)
    return true
  }
  const rest: GraphOp[] = []
  const first = ops.filter((op) => {
    if (isFront(op)) return true
    rest.push(op)
    return false
  })
  return [...first, ...rest]
}

class Rolling {
  readonly #graph: Graph
  readonly #repeats: Repeats
  readonly #turns: Turns
  #nextId: number

  constructor(graph: Graph, repeats: Repeats) {
    this.#graph = graph
    this.#repeats = repeats
    this.#nextId = highestId(graph) + 1
    const counter = dims.symbol(`turn ${this.#nextId++}`, { min: 0, below: repeats.turns })
    this.#turns = new Turns(graph, repeats, counter)
  }

  run(): Graph | undefined {
    const operands = this.#turns.operands()
    const moving = this.#turns.movingStarts()
    return operands && moving && this.#build(operands, moving)
  }

  #build(operands: readonly (readonly Operand[])[], moving: ReadonlyMap<number, readonly Dim[]>): Graph {
    const { start, period, turns } = this.#repeats
    const after = this.#graph.ops.slice(start + period * turns)
    const carries = this.#carriesOf(operands)
    const stacked = this.#placesReadOften(after)
    const body: AnyOp[] = []
    const made: Value[] = []
    for (let place = 0; place < period; place++) {
      const op = this.#turns.at(1, place)
      if (op === undefined) continue
      const inputs = (operands[place] ?? []).map((operand) => this.#input(operand, { body, made, carries }))
      const starts = moving.get(place)
      made.push(this.#emit(body, op, inputs, starts))
    }
    const last = this.#placesReadLast(after).filter((place) => !stacked.includes(place))
    const extra = last.filter((place) => !carries.some((carry) => carry.place === place))
    const before: AnyOp[] = []
    const all = [
      ...carries,
      ...extra.map((place) => ({ place, start: this.#zeros(before, made[place]), param: this.#fresh(made[place]) })),
    ]
    const results = [
      ...all.map(({ param }) => this.#fresh(param)),
      ...stacked.map((place) => this.#value({ ...typeOf(made[place]), shape: [turns, ...typeOf(made[place]).shape] })),
    ]
    const nexts = [...all.map(({ place }) => made[place]), ...stacked.map((place) => made[place])]
    const loop: LoopOp = {
      kind: 'loop',
      inputs: all.map((carry) => carry.start),
      counter: this.#turns.counter,
      count: turns,
      maximum: undefined,
      test: undefined,
      body: { params: all.map(({ param }) => param), ops: body, results: nexts.flatMap((value) => value ?? []) },
      isReversed: false,
      at: this.#turns.counter,
      results,
      origin: this.#turns.ops[0]?.origin ?? { span: { file: '', start: 0, end: 0 }, calls: [] },
    }
    const ops: GraphOp[] = [...this.#graph.ops.slice(0, start), ...before, loop]
    const stand = this.#standIns(ops, { all, stacked, results, after })
    const current = (value: Value): Value => stand.get(value) ?? value
    ops.push(...after.map((op) => replaceReads(op, current)))
    const outputs = this.#graph.outputs.map((output) => ({ ...output, value: current(output.value) }))
    return { ...this.#graph, ops, outputs }
  }

  #carriesOf(operands: readonly (readonly Operand[])[]): readonly Carry[] {
    const carries: Carry[] = []
    for (const operand of operands.flat())
      if (operand.kind === 'before' && !carries.some((c) => c.place === operand.place && c.start === operand.start))
        carries.push({ place: operand.place, start: operand.start, param: this.#fresh(operand.start) })
    return carries
  }

  #input(
    operand: Operand,
    { body, made, carries }: { body: AnyOp[]; made: readonly Value[]; carries: readonly Carry[] },
  ): Value {
    switch (operand.kind) {
      case 'outside':
        return operand.value
      case 'inside':
        return made[operand.place] ?? internalError('a turn lacks a value')
      case 'before':
        return (
          carries.find((c) => c.place === operand.place && c.start === operand.start)?.param ??
          internalError('a turn lacks a value')
        )
      case 'moving':
        return operand.chain.reduce((input, { op, starts }) => this.#emit(body, op, [input], starts), operand.base)
    }
  }

  #emit(ops: AnyOp[], op: AnyOp, inputs: readonly Value[], starts: readonly Dim[] | undefined): Value {
    const { kind, result, origin } = op
    const params = starts === undefined ? op.params : { ...op.params, starts }
    const own = this.#value(result.type)
    // params of an op belong to its kind, whatever a slice starts with
    ops.push(createOp<PrimitiveKind>(kind, inputs, params as PrimitiveParams[typeof kind], own, origin))
    return own
  }

  /** Places that are read after the loop of any turn but the last. */
  #placesReadOften(after: readonly GraphOp[]): readonly number[] {
    return this.#placesRead(after, (turn) => turn < this.#repeats.turns - 1)
  }

  #placesReadLast(after: readonly GraphOp[]): readonly number[] {
    return this.#placesRead(after, (turn) => turn === this.#repeats.turns - 1)
  }

  #placesRead(after: readonly GraphOp[], isMeant: (turn: number) => boolean): readonly number[] {
    const { period } = this.#repeats
    const read = [...after.flatMap(readsOf), ...this.#graph.outputs.map(({ value }) => value)]
    const places = new Set<number>()
    for (const value of read) {
      const at = this.#turns.places.get(value)
      if (at !== undefined && isMeant(Math.floor(at / period))) places.add(at % period)
    }
    return [...places].sort((a, b) => a - b)
  }

  /** What stands for the values of unrolled turns after the loop; views of stacks are made on the way. */
  #standIns(
    ops: GraphOp[],
    {
      all,
      stacked,
      results,
      after,
    }: {
      readonly all: readonly Carry[]
      readonly stacked: readonly number[]
      readonly results: readonly Value[]
      readonly after: readonly GraphOp[]
    },
  ): ReadonlyMap<Value, Value> {
    const { period, turns } = this.#repeats
    const read = new Set([...after.flatMap(readsOf), ...this.#graph.outputs.map(({ value }) => value)])
    const found = new Map<Value, Value>()
    for (const [value, at] of this.#turns.places) {
      if (!read.has(value)) continue
      const [turn, place] = [Math.floor(at / period), at % period]
      const stack = results[all.length + stacked.indexOf(place)]
      const carry = results[all.findIndex((each) => each.place === place)]
      if (turn === turns - 1 && !stacked.includes(place) && carry !== undefined) found.set(value, carry)
      else if (stack !== undefined) found.set(value, this.#rowOf(ops, stack, turn, this.#turns.ops[at]))
    }
    return found
  }

  #rowOf(ops: GraphOp[], stack: Value, turn: number, from: AnyOp | undefined): Value {
    const { shape } = stack.type
    const params = {
      starts: shape.map((_, axis) => (axis === 0 ? turn : 0)),
      steps: shape.map(() => 1),
      sizes: shape.map((size, axis) => (axis === 0 ? 1 : size)),
    }
    const origin = from?.origin ?? internalError('a turn lacks a value')
    const row = this.#value(inferType('slice', [stack.type], params))
    ops.push(createOp('slice', [stack], params, row, origin))
    const flat = { shape: shape.slice(1) }
    const value = this.#value({ dtype: stack.type.dtype, shape: flat.shape })
    ops.push(createOp('reshape', [row], flat, value, origin))
    return value
  }

  #zeros(ops: AnyOp[], like: Value | undefined): Value {
    const { dtype, shape } = typeOf(like)
    const origin = this.#turns.ops[0]?.origin ?? internalError('a turn lacks a value')
    const zero = this.#value({ dtype, shape: [] })
    ops.push(createOp('constant', [], { value: 0, dtype }, zero, origin))
    const flat = { shape: shape.map(() => 1) }
    const row = this.#value({ dtype, shape: flat.shape })
    ops.push(createOp('reshape', [zero], flat, row, origin))
    const all = this.#value({ dtype, shape })
    ops.push(createOp('expand', [row], { shape }, all, origin))
    return all
  }

  #fresh(like: Value | undefined): Value {
    return this.#value(typeOf(like))
  }

  #value(type: Value['type']): Value {
    return { id: this.#nextId++, type }
  }
}

interface Carry {
  /** The place whose value is carried on. */
  readonly place: number
  readonly start: Value
  readonly param: Value
}

function typeOf(value: Value | undefined): Value['type'] {
  return value?.type ?? internalError('a turn lacks a value')
}

function replaceReads<O extends GraphOp>(op: O, current: (value: Value) => Value): O {
  const inputs = op.inputs.map(current)
  const own = { ...op, inputs }
  if (!isControl(own)) return own
  const region = (each: LoopOp['body']): LoopOp['body'] => ({
    params: each.params,
    ops: each.ops.map((inner) => replaceReads(inner, current)),
    results: each.results.map(current),
  })
  const control =
    own.kind === 'branch'
      ? { ...own, arms: own.arms.map(region) }
      : { ...own, test: own.test && region(own.test), body: region(own.body) }
  return control as unknown as O // the same op with other operands
}
