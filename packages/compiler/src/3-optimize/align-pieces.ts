// align-pieces: values that are computed alike -> how all of them are computed at once
//
// From the values backwards, op by op: alike ops are one op on lanes; slices of one tensor that are equally far apart are
// where lanes begin, and what is the same value in all pieces is no lane's own.

import { type MappedOperand, dims, primitiveClass } from '@tsjit/dsl/compiler'
import { BuiltTensor } from '../ir/graph/build.ts'
import type { AnyOp, Dim, Value } from '../ir/graph/graph.ts'
import { likenessOf } from './find-repeats.ts'
import { type LanesOfOps, type MovingSlice, applyLanes, once, sliceLanes } from './lanes-of-ops.ts'

/** What one value of each piece is, over all pieces. */
export interface Aligned {
  /** Whether it differs, and has an axis of lanes in front; else it is the value itself. */
  readonly isMapped: boolean
  /** Returns it; its ops are made when it is first asked for. */
  tensor(): BuiltTensor
}

/** Elements of a value of all pieces at most: they are in memory together, where one by one could take the place of another. */
const MOST = 2 ** 26

/** What is assumed of dimensions without a maximum. */
const ASSUMED = 64

/** Pieces that are compared. */
export class Pieces {
  readonly #producer: (value: Value) => AnyOp | undefined
  readonly #lanes: LanesOfOps
  readonly #count: number
  readonly #known = new Map<string, Aligned | undefined>()
  readonly #ops = new Set<AnyOp>()

  constructor(producer: (value: Value) => AnyOp | undefined, lanes: LanesOfOps, count: number) {
    this.#producer = producer
    this.#lanes = lanes
    this.#count = count
  }

  /** The ops of all pieces for which ops on lanes stand. */
  get ops(): ReadonlySet<AnyOp> {
    return this.#ops
  }

  /** Says what a value of each piece is over all pieces; undefined where they are not computed alike. */
  align(values: readonly Value[]): Aligned | undefined {
    const [first] = values
    if (first === undefined) return undefined
    if (values.every((value) => value === first)) return { isMapped: false, tensor: () => new BuiltTensor(first) }
    const key = values.map(({ id }) => id).join()
    if (this.#known.has(key)) return this.#known.get(key)
    const found = this.#alignOps(values)
    this.#known.set(key, found)
    return found
  }

  #alignOps(values: readonly Value[]): Aligned | undefined {
    const ops = values.flatMap((value) => this.#producer(value) ?? [])
    const [first] = ops
    if (first === undefined || ops.length < values.length) return undefined
    const likeness = likenessOf(first)
    if (ops.some((op) => likenessOf(op) !== likeness) || !this.#fits(first)) return undefined
    const moving = first.kind === 'slice' ? movingSlice(ops) : 'nowhere'
    if (moving === undefined) return undefined
    const operands = first.inputs.map((_, slot) => this.align(ops.flatMap((op) => op.inputs[slot] ?? [])))
    const given = operands.flatMap((operand) => operand ?? [])
    if (given.length < operands.length) return undefined
    const isMapped = given.some((operand) => operand.isMapped)
    const [base] = given
    if (moving !== 'nowhere') {
      // slices of what differs, at places that differ: neither of the two
      if (isMapped || base === undefined || first.kind !== 'slice') return undefined
      return this.#note(ops, () => sliceLanes(first, base.tensor(), moving, this.#lanes.at(first.origin)))
    }
    // the same computed twice
    if (!isMapped) return { isMapped: false, tensor: () => new BuiltTensor(first.result) }
    return this.#note(ops, () => {
      const made = given.map((operand): MappedOperand => ({ value: operand.tensor(), isMapped: operand.isMapped }))
      return applyLanes(first, this.#lanes.at(first.origin), made)
    })
  }

  #note(ops: readonly AnyOp[], make: () => BuiltTensor): Aligned {
    for (const op of ops) this.#ops.add(op)
    return { isMapped: true, tensor: once(make) }
  }

  #fits({ kind, result }: AnyOp): boolean {
    const isView = primitiveClass[kind] === 'movement'
    return isView || this.#count * largest(dims.product(result.type.shape)) <= MOST
  }
}

function largest(size: Dim): number {
  const values = dims.symbolsOf(size).map(({ name, scale, max }): readonly [string, number] => {
    return [name, scale * (Number.isFinite(max) ? max : Math.ceil(ASSUMED / scale))]
  })
  return dims.valueOf(size, new Map(values))
}

/** Where slices start that are equally far apart along one axis; 'nowhere' where all start at one place. */
function movingSlice(ops: readonly AnyOp[]): MovingSlice | 'nowhere' | undefined {
  const slices = ops.flatMap((op) => (op.kind === 'slice' ? [op.params] : []))
  const [first, second] = slices
  if (first === undefined || second === undefined) return undefined
  const distances = first.starts.map((start, axis) => dims.sub(second.starts[axis] ?? 0, start))
  const axes = distances.flatMap((distance, axis) => (dims.isSame(distance, 0) ? [] : [axis]))
  const isEven = slices.every(({ starts }, piece) =>
    starts.every((start, axis) => dims.isSame(start, place(first.starts[axis], distances[axis], piece))),
  )
  if (!isEven) return undefined
  const [axis] = axes
  if (axis === undefined) return 'nowhere'
  const step = distances[axis]
  if (axes.length > 1 || typeof step !== 'number') return undefined
  // a run that is shown backwards, or with gaps, has no window
  const isRun = !dims.isSame(first.sizes[axis] ?? 1, 1)
  if (isRun && (step < 0 || first.steps[axis] !== 1)) return undefined
  return { axis, step, first: first.starts[axis] ?? 0 }
}

function place(start: Dim = 0, distance: Dim = 0, piece: number): Dim {
  return dims.add(start, dims.mul(distance, piece))
}
