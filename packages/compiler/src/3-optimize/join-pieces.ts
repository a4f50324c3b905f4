// join-pieces: graph -> graph
//
// What is written piece by piece and put together (the heads of attention, the channels of a convolution by hand) is
// computed at once: parts of a concatenation that are computed alike from slices of the same tensors, and products that
// are added up. One kernel does what one each would, and a whole tensor is a better operand than its slices. (Loop
// rerolling: Rocha et al., "Loop rolling for code size reduction", 2022.)

import { dims, freshLabel, primitiveClass } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, GraphOp, Op, Region, Value } from '../ir/graph/graph.ts'
import { createOp } from '../ir/graph/record.ts'
import { isControl, mapRegions } from '../ir/graph/regions.ts'
import { Pieces } from './align-pieces.ts'
import { likenessOf } from './find-repeats.ts'
import { type LanesOfOps, built, createLanes } from './lanes-of-ops.ts'
import { Readers } from './readers.ts'
import { highestId } from './rewrite.ts'

/**
 * Joins pieces.
 *
 * @example
 * %3 contract %x %w[0];  %4 contract %x %w[1];  %5 concat %3 %4   ->   %5 contract %x %w
 */
export function joinPieces(graph: Graph): Graph {
  let id = highestId(graph)
  const nextId = (): number => ++id
  const joined = (ops: readonly GraphOp[], results: readonly Value[]): readonly GraphOp[] => {
    const inner = ops.map((op) => (isControl(op) ? mapRegions(op, inRegion) : op))
    return new Joining(inner, results, nextId).run()
  }
  const inRegion = (region: Region): Region => ({ ...region, ops: joined(region.ops, region.results) })
  const outputs = graph.outputs.map(({ value }) => value)
  return { ...graph, ops: joined(graph.ops, outputs) }
}

/** What stands for an op: the last of some ops gives its result. The ops of the pieces come in the order that they had. */
interface Joined {
  readonly ops: readonly AnyOp[]
  readonly pieces: readonly AnyOp[]
}

/** What stands for some values, fewer of them. */
interface JoinedValues extends Joined {
  readonly values: readonly Value[]
}

/** Joins some values that are computed alike, by ops on lanes; undefined where that does not pay. */
type Join = (run: readonly Value[], pieces: Pieces, lanes: LanesOfOps) => Value | undefined

/** The ops of one region. */
class Joining {
  #ops: readonly GraphOp[]
  readonly #readers: Readers
  readonly #nextId: () => number

  constructor(ops: readonly GraphOp[], results: readonly Value[], nextId: () => number) {
    this.#ops = ops
    this.#readers = new Readers(ops, results)
    this.#nextId = nextId
  }

  /** From the end: what is joined there holds what would be joined in each piece, once. */
  run(): readonly GraphOp[] {
    for (let at = this.#ops.length - 1; at >= 0; at--) {
      const op = this.#ops[at]
      const joined =
        op?.kind === 'concat' ? this.#joinParts(op) : op?.kind === 'add' ? this.#joinProducts(op) : undefined
      if (op !== undefined && joined !== undefined) at = this.#replace(op, joined)
    }
    return this.#ops
  }

  /** Returns the place of the last op that stands for the replaced one. */
  #replace(op: GraphOp, { ops, pieces }: Joined): number {
    this.#readers.remove(op)
    for (const own of ops) this.#readers.add(own)
    const gone = new Set<GraphOp>([op])
    // those that read others go first
    for (const piece of [...pieces].reverse()) {
      if (gone.has(piece) || this.#readers.isRead(piece.result)) continue
      this.#readers.remove(piece)
      gone.add(piece)
    }
    this.#ops = this.#ops.flatMap((each): readonly GraphOp[] => (each === op ? ops : gone.has(each) ? [] : [each]))
    return this.#ops.findIndex((each) => each === ops.at(-1))
  }

  /** Parts of a concatenation that are computed alike are one part. */
  #joinParts(op: Op<'concat'>): Joined | undefined {
    const { axis } = op.params
    const joined = this.#joinRuns(op.inputs, (run, pieces, lanes) => {
      const all = pieces.align(run)
      const isHeavy = [...pieces.ops].some(({ kind }) => kind === 'contract' || kind === 'reduce')
      if (all?.isMapped !== true || !isHeavy || !this.#areOnlyFor(pieces.ops, [op])) return undefined
      const { emit } = lanes.at(op.origin)
      const others = op.result.type.shape.map((_, i) => i + 1)
      const inPlace = emit('permute', [all.tensor()], { axes: [...others.slice(0, axis), 0, ...others.slice(axis)] })
      const [count = 1, size = 1] = inPlace.shape.slice(axis)
      const shape = [...inPlace.shape.slice(0, axis), dims.mul(count, size), ...inPlace.shape.slice(axis + 2)]
      return built(emit('reshape', [inPlace], { shape })).value
    })
    if (joined === undefined) return undefined
    const { ops, pieces, values } = joined
    const isWhole = values.length === 1
    return {
      ops: isWhole ? withResult(ops, op.result) : [...ops, createOp('concat', values, op.params, op.result, op.origin)],
      pieces,
    }
  }

  /** Products that are added one after the other are one, with one more summed axis. */
  #joinProducts(op: Op<'add'>): Joined | undefined {
    // a sum of halves is rounded each time, a product once
    if (op.result.type.dtype !== 'f32' && op.result.type.dtype !== 'i32') return undefined
    const { rest, products, sums } = this.#termsOf(op)
    const contracts = products.map(({ result }) => result)
    const joined = this.#joinRuns(contracts, (run, pieces, lanes) => {
      const own = products.filter(({ result }) => run.includes(result))
      const [first] = own
      const [left, right] = [0, 1].map((side) => pieces.align(own.flatMap(({ inputs }) => inputs[side] ?? [])))
      if (first === undefined || left?.isMapped !== true || right?.isMapped !== true) return undefined
      if (!this.#areOnlyFor(pieces.ops, own)) return undefined
      const { a, b, out } = first.params
      const label = freshLabel([...a, ...b])
      const params = { a: [label, ...a], b: [label, ...b], out }
      return built(lanes.at(first.origin).emit('contract', [left.tensor(), right.tensor()], params)).value
    })
    if (joined === undefined) return undefined
    const [start, ...terms] = rest === undefined ? joined.values : [rest, ...joined.values]
    const ops = [...joined.ops]
    let sum = start
    for (const term of terms) {
      if (sum === undefined) break
      const result: Value = { id: this.#nextId(), type: op.result.type }
      ops.push(createOp('add', [sum, term], {}, result, op.origin))
      sum = result
    }
    return { ops: withResult(ops, op.result), pieces: [...joined.pieces, ...products, ...sums] }
  }

  /** The products that a chain of additions adds up, in order, what they are added to, and the additions. */
  #termsOf(op: Op<'add'>): {
    readonly rest: Value | undefined
    readonly products: readonly Op<'contract'>[]
    readonly sums: readonly AnyOp[]
  } {
    const products: Op<'contract'>[] = []
    const sums: AnyOp[] = []
    let rest: Value | undefined = op.result
    for (;;) {
      const sum: AnyOp | undefined = rest && this.#readers.producer(rest)
      const [reader] = sums
      if (rest === undefined || (reader !== undefined && !this.#readers.isOnlyReadBy(rest, [reader]))) break
      if (sum?.kind === 'contract') {
        products.unshift(sum)
        rest = undefined
      }
      if (sum?.kind !== 'add') break
      const [left, right]: readonly Value[] = sum.inputs
      const product: Value | undefined = [right, left].find(
        (value) => value !== undefined && this.#isProductFor(value, sum),
      )
      const producer = product && this.#readers.producer(product)
      if (producer?.kind !== 'contract' || left === right) break
      products.unshift(producer)
      sums.unshift(sum)
      rest = product === right ? left : right
    }
    return { rest, products, sums }
  }

  #isProductFor(value: Value, sum: AnyOp): boolean {
    return this.#readers.producer(value)?.kind === 'contract' && this.#readers.isOnlyReadBy(value, [sum])
  }

  #joinRuns(values: readonly Value[], join: Join): JoinedValues | undefined {
    const ops: AnyOp[] = []
    const pieces: AnyOp[] = []
    const found: Value[] = []
    for (const run of this.#runsOf(values)) {
      const lanes = createLanes(run.length, this.#nextId)
      const own = new Pieces((value) => this.#readers.producer(value), lanes, run.length)
      const value = run.length === 1 ? undefined : join(run, own, lanes)
      found.push(...(value === undefined ? run : [value]))
      if (value === undefined) continue
      ops.push(...lanes.ops)
      pieces.push(...own.ops)
    }
    return ops.length === 0 ? undefined : { ops, pieces, values: found }
  }

  /** Neighbours that the same kind of op makes. */
  #runsOf(values: readonly Value[]): readonly (readonly Value[])[] {
    const runs: Value[][] = []
    let last: string | undefined
    for (const value of values) {
      const producer = this.#readers.producer(value)
      const likeness = producer && likenessOf(producer)
      const run = likeness !== undefined && likeness === last ? runs.at(-1) : undefined
      if (run === undefined) runs.push([value])
      else run.push(value)
      last = likeness
    }
    return runs
  }

  /** Whether what ops compute is for one another and for some more only: else it would be computed twice. */
  #areOnlyFor(ops: ReadonlySet<AnyOp>, others: readonly AnyOp[]): boolean {
    const readers = new Set<GraphOp>([...ops, ...others])
    return [...ops].every((op) => isView(op) || this.#readers.isOnlyReadBy(op.result, readers))
  }
}

function isView(op: AnyOp): boolean {
  return primitiveClass[op.kind] === 'movement' || primitiveClass[op.kind] === 'source'
}

/** Returns ops the last of which gives another value. */
function withResult(ops: readonly AnyOp[], result: Value): readonly AnyOp[] {
  return ops.map((op, i) => (i === ops.length - 1 ? { ...op, result } : op))
}
