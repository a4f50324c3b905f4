// roll-loops: graph -> graph
//
// A loop that was unrolled while compiling and says the same at every turn becomes a loop again: what moves along is a
// slice at the counter, what a turn reads of the one before is carried, what is read of several turns is stacked.

import { dims, inferType, primitiveClass } from '@tsjit/dsl/compiler'
import { createOp } from '../ir/graph/build.ts'
import type { AnyOp, Dim, Graph, GraphOp, LoopOp, PrimitiveKind, PrimitiveParams, Value } from '../ir/graph/graph.ts'
import { isControl, readsOf, resultsOf } from '../ir/graph/regions.ts'
import { type Repeats, findRepeats } from './find-repeats.ts'
import { highestId } from './rewrite.ts'

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
  return roll(floated, repeats) ?? graph
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

/** An operand of an op of the turn, over all turns. */
type Operand =
  | { readonly kind: 'outside'; readonly value: Value }
  | { readonly kind: 'inside'; readonly place: number }
  | { readonly kind: 'before'; readonly place: number; readonly start: Value }
  /** A view that moves along: its ops, outermost last, with where each slice starts. */
  | { readonly kind: 'moving'; readonly chain: readonly MovingOp[]; readonly base: Value }

interface MovingOp {
  readonly op: AnyOp
  /** Of a slice, in terms of the counter. */
  readonly starts: readonly Dim[] | undefined
}

function roll(graph: Graph, repeats: Repeats): Graph | undefined {
  const { start, period, turns } = repeats
  const rolling = new Rolling(graph, repeats)
  const operands = rolling.operands()
  const moving = rolling.movingStarts()
  if (operands === undefined || moving === undefined) return undefined
  const after = graph.ops.slice(start + period * turns)
  const built = rolling.build(operands, moving, after)
  return built
}

class Rolling {
  readonly #graph: Graph
  readonly #repeats: Repeats
  readonly #ops: readonly AnyOp[]
  readonly #places = new Map<Value, number>()
  readonly #producers = new Map<Value, AnyOp>()
  readonly #counter: Dim
  #nextId: number

  constructor(graph: Graph, repeats: Repeats) {
    const { start, period, turns } = repeats
    this.#graph = graph
    this.#repeats = repeats
    this.#nextId = highestId(graph) + 1
    this.#counter = dims.symbol(`turn ${this.#nextId++}`, { min: 0, below: turns })
    this.#ops = graph.ops.slice(start, start + period * turns).filter((op): op is AnyOp => !isControl(op))
    this.#ops.forEach((op, at) => this.#places.set(op.result, at))
    for (const op of graph.ops) if (!isControl(op)) this.#producers.set(op.result, op)
  }

  /** Says of every operand of a turn what it is; undefined where one is none of the kinds. */
  operands(): readonly (readonly Operand[])[] | undefined {
    const { period } = this.#repeats
    const found: Operand[][] = []
    for (let place = 0; place < period; place++) {
      const own: Operand[] = []
      for (const slot of this.#at(0, place)?.inputs.keys() ?? []) {
        const operand = this.#operand(place, slot)
        if (operand === undefined) return undefined
        own.push(operand)
      }
      found.push(own)
    }
    return found
  }

  /** Where the slices of a turn start, in terms of the counter. */
  movingStarts(): ReadonlyMap<number, readonly Dim[]> | undefined {
    const found = new Map<number, readonly Dim[]>()
    for (let place = 0; place < this.#repeats.period; place++) {
      if (this.#at(0, place)?.kind !== 'slice') continue
      const starts = this.#linear((turn) => startsOf(this.#at(turn, place)))
      if (starts === undefined) return undefined
      found.set(place, starts)
    }
    return found
  }

  build(
    operands: readonly (readonly Operand[])[],
    moving: ReadonlyMap<number, readonly Dim[]>,
    after: readonly GraphOp[],
  ): Graph {
    const { start, period, turns } = this.#repeats
    const carries = this.#carriesOf(operands)
    const stacked = this.#placesReadOften(after)
    const body: AnyOp[] = []
    const made: Value[] = []
    for (let place = 0; place < period; place++) {
      const op = this.#at(1, place)
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
      counter: this.#counter,
      count: turns,
      maximum: undefined,
      test: undefined,
      body: { params: all.map(({ param }) => param), ops: body, results: nexts.flatMap((value) => value ?? []) },
      isReversed: false,
      at: this.#counter,
      results,
      origin: this.#ops[0]?.origin ?? { span: { file: '', start: 0, end: 0 }, calls: [] },
    }
    const ops: GraphOp[] = [...this.#graph.ops.slice(0, start), ...before, loop]
    const stand = this.#standIns(ops, { all, stacked, results, after })
    const current = (value: Value): Value => stand.get(value) ?? value
    ops.push(...after.map((op) => replaceReads(op, current)))
    const outputs = this.#graph.outputs.map((output) => ({ ...output, value: current(output.value) }))
    return { ...this.#graph, ops, outputs }
  }

  #at(turn: number, place: number): AnyOp | undefined {
    return this.#ops[turn * this.#repeats.period + place]
  }

  #operand(place: number, slot: number): Operand | undefined {
    const { period, turns } = this.#repeats
    const values = Array.from({ length: turns }, (_, turn) => this.#at(turn, place)?.inputs[slot])
    const [first, second] = values
    if (first === undefined || second === undefined) return undefined
    const isOutside = (value: Value | undefined): boolean => value !== undefined && !this.#places.has(value)
    if (isOutside(first) && values.every((value) => value === first)) return { kind: 'outside', value: first }
    const at = this.#places.get(second)
    if (at === undefined) {
      if (!values.every(isOutside)) return undefined
      return this.#moving(values.flatMap((value) => value ?? []))
    }
    // the same place of the same turn, or of the turn before
    const from = at % period
    const behind = 1 - Math.floor(at / period)
    if (behind !== 0 && behind !== 1) return undefined
    const isSteady = values.every((value, turn) => {
      if (turn < behind) return isOutside(value)
      return value !== undefined && this.#places.get(value) === (turn - behind) * period + from
    })
    if (!isSteady) return undefined
    return behind === 0 ? { kind: 'inside', place: from } : { kind: 'before', place: from, start: first }
  }

  /** Views of one value that start further and further on. */
  #moving(values: readonly Value[]): Operand | undefined {
    const chain: MovingOp[] = []
    let current = values
    for (let depth = 0; depth < 8; depth++) {
      const producers = current.map((value) => this.#producers.get(value))
      const [op] = producers
      if (op === undefined || !['slice', 'reshape', 'permute', 'expand'].includes(op.kind)) return undefined
      if (!producers.every((each) => each !== undefined && isLike(each, op))) return undefined
      const starts = op.kind === 'slice' ? this.#linear((turn) => startsOf(producers[turn])) : undefined
      if (op.kind === 'slice' && starts === undefined) return undefined
      chain.unshift({ op, starts })
      current = producers.flatMap((each) => each?.inputs[0] ?? [])
      const [base] = current
      if (base !== undefined && current.every((value) => value === base) && !this.#places.has(base))
        return { kind: 'moving', chain, base }
    }
    return undefined
  }

  /** Sizes that grow by equal steps from turn to turn, in terms of the counter. */
  #linear(startsAt: (turn: number) => readonly Dim[] | undefined): readonly Dim[] | undefined {
    const [first, second] = [startsAt(0), startsAt(1)]
    if (first === undefined || second === undefined) return undefined
    const steps = first.map((size, axis) => dims.sub(second[axis] ?? 0, size))
    const isLinear = Array.from({ length: this.#repeats.turns }, (_, turn) => turn).every((turn) =>
      startsAt(turn)?.every((size, axis) =>
        dims.isSame(size, dims.add(first[axis] ?? 0, dims.mul(steps[axis] ?? 0, turn))),
      ),
    )
    return isLinear ? first.map((size, axis) => dims.add(size, dims.mul(steps[axis] ?? 0, this.#counter))) : undefined
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
        return made[operand.place] ?? fail()
      case 'before':
        return carries.find((c) => c.place === operand.place && c.start === operand.start)?.param ?? fail()
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
      const at = this.#places.get(value)
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
    for (const [value, at] of this.#places) {
      if (!read.has(value)) continue
      const [turn, place] = [Math.floor(at / period), at % period]
      const stack = results[all.length + stacked.indexOf(place)]
      const carry = results[all.findIndex((each) => each.place === place)]
      if (turn === turns - 1 && !stacked.includes(place) && carry !== undefined) found.set(value, carry)
      else if (stack !== undefined) found.set(value, this.#rowOf(ops, stack, turn, this.#ops[at]))
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
    const origin = from?.origin ?? fail()
    const row = this.#value(inferType('slice', [stack.type], params))
    ops.push(createOp('slice', [stack], params, row, origin))
    const flat = { shape: shape.slice(1) }
    const value = this.#value({ dtype: stack.type.dtype, shape: flat.shape })
    ops.push(createOp('reshape', [row], flat, value, origin))
    return value
  }

  #zeros(ops: AnyOp[], like: Value | undefined): Value {
    const { dtype, shape } = typeOf(like)
    const origin = this.#ops[0]?.origin ?? fail()
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

function startsOf(op: AnyOp | undefined): readonly Dim[] | undefined {
  return op?.kind === 'slice' ? op.params.starts : undefined
}

/** Whether two views differ in nothing but what they show and where slices start. */
function isLike(a: AnyOp, b: AnyOp): boolean {
  const key = (op: AnyOp): string =>
    JSON.stringify([op.kind, op.kind === 'slice' ? { ...op.params, starts: [] } : op.params], (_, value: unknown) =>
      dims.isDimExpression(value) ? dims.keyOf(value) : value,
    )
  return key(a) === key(b)
}

function typeOf(value: Value | undefined): Value['type'] {
  return value?.type ?? fail()
}

function fail(): never {
  throw new Error('internal: a turn lacks a value')
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
