// readers: which ops of a region make and read its values, while they change

import type { AnyOp, GraphOp, Value } from '../ir/graph/graph.ts'
import { isControl, readsOf } from '../ir/graph/regions.ts'

/** The ops of a region, by what they make and read. */
export class Readers {
  readonly #producers = new Map<Value, AnyOp>()
  readonly #readers = new Map<Value, Set<GraphOp>>()
  readonly #results: ReadonlySet<Value>

  constructor(ops: readonly GraphOp[], results: readonly Value[]) {
    this.#results = new Set(results)
    for (const op of ops) this.add(op)
  }

  add(op: GraphOp): void {
    if (!isControl(op)) this.#producers.set(op.result, op)
    for (const value of readsOf(op)) this.#readers.set(value, (this.#readers.get(value) ?? new Set()).add(op))
  }

  remove(op: GraphOp): void {
    if (!isControl(op)) this.#producers.delete(op.result)
    for (const value of readsOf(op)) this.#readers.get(value)?.delete(op)
  }

  /** Returns the op that makes a value; undefined for what comes from outside, or from control flow. */
  producer(value: Value): AnyOp | undefined {
    return this.#producers.get(value)
  }

  /** Whether some op reads a value, or it is a result of the region. */
  isRead(value: Value): boolean {
    return this.#results.has(value) || (this.#readers.get(value)?.size ?? 0) > 0
  }

  /** Whether nothing else reads a value. */
  isOnlyReadBy(value: Value, ops: Iterable<GraphOp>): boolean {
    const allowed = new Set(ops)
    return !this.#results.has(value) && [...(this.#readers.get(value) ?? [])].every((reader) => allowed.has(reader))
  }
}
