// turn-operands: a run of equal turns -> what each operand of a turn is, over all turns

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Dim, Graph, Value } from '../ir/graph/graph.ts'
import { isControl } from '../ir/graph/regions.ts'
import { type Repeats, likenessOf } from './find-repeats.ts'

/** An operand of an op of the turn, over all turns. */
export type Operand =
  | { readonly kind: 'outside'; readonly value: Value }
  | { readonly kind: 'inside'; readonly place: number }
  | { readonly kind: 'before'; readonly place: number; readonly start: Value }
  /** A view that moves along: its ops, outermost last, with where each slice starts. */
  | { readonly kind: 'moving'; readonly chain: readonly MovingOp[]; readonly base: Value }

/** One view of a chain. */
export interface MovingOp {
  readonly op: AnyOp
  /** Of a slice, in terms of the counter. */
  readonly starts: readonly Dim[] | undefined
}

/** A run of turns. */
export class Turns {
  readonly #repeats: Repeats
  /** The number of the turn. */
  readonly counter: Dim
  /** The ops of all turns, one turn after another. */
  readonly ops: readonly AnyOp[]
  /** The position of each result in `ops`. */
  readonly places: ReadonlyMap<Value, number>
  readonly #producers: ReadonlyMap<Value, AnyOp>

  constructor(graph: Graph, repeats: Repeats, counter: Dim) {
    const { start, period, turns } = repeats
    const plain = graph.ops.filter((op): op is AnyOp => !isControl(op))
    this.#repeats = repeats
    this.counter = counter
    this.ops = graph.ops.slice(start, start + period * turns).filter((op): op is AnyOp => !isControl(op))
    this.places = new Map(this.ops.map((op, at) => [op.result, at]))
    this.#producers = new Map(plain.map((op) => [op.result, op]))
  }

  /** Returns the op at a place of a turn. */
  at(turn: number, place: number): AnyOp | undefined {
    return this.ops[turn * this.#repeats.period + place]
  }

  /** Says of every operand of a turn what it is; undefined where one is none of the kinds. */
  operands(): readonly (readonly Operand[])[] | undefined {
    const { period } = this.#repeats
    const found: Operand[][] = []
    for (let place = 0; place < period; place++) {
      const own: Operand[] = []
      for (const slot of this.at(0, place)?.inputs.keys() ?? []) {
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
      if (this.at(0, place)?.kind !== 'slice') continue
      const starts = this.#linear((turn) => startsOf(this.at(turn, place)))
      if (starts === undefined) return undefined
      found.set(place, starts)
    }
    return found
  }

  #operand(place: number, slot: number): Operand | undefined {
    const { period, turns } = this.#repeats
    const values = Array.from({ length: turns }, (_, turn) => this.at(turn, place)?.inputs[slot])
    const [first, second] = values
    if (first === undefined || second === undefined) return undefined
    const isOutside = (value: Value | undefined): boolean => value !== undefined && !this.places.has(value)
    if (isOutside(first) && values.every((value) => value === first)) return { kind: 'outside', value: first }
    const at = this.places.get(second)
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
      return value !== undefined && this.places.get(value) === (turn - behind) * period + from
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
      if (!producers.every((each) => each !== undefined && likenessOf(each) === likenessOf(op))) return undefined
      const starts = op.kind === 'slice' ? this.#linear((turn) => startsOf(producers[turn])) : undefined
      if (op.kind === 'slice' && starts === undefined) return undefined
      chain.unshift({ op, starts })
      current = producers.flatMap((each) => each?.inputs[0] ?? [])
      const [base] = current
      if (base !== undefined && current.every((value) => value === base) && !this.places.has(base))
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
    return isLinear ? first.map((size, axis) => dims.add(size, dims.mul(steps[axis] ?? 0, this.counter))) : undefined
  }
}

function startsOf(op: AnyOp | undefined): readonly Dim[] | undefined {
  return op?.kind === 'slice' ? op.params.starts : undefined
}
