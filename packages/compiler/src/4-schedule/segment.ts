// segment: a part of a graph without control flow, and what it has to leave in buffers

import type { Dim } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../ir/graph/graph.ts'

/** A value that has to be in a buffer when a segment has run. */
export interface Want {
  readonly value: Value
  /** The value that names the buffer; often the value itself. */
  readonly owner: Value
  /** Where in the buffer, where the value is part of it. */
  readonly part?: { readonly axis: number; readonly offset: Dim }
}

/** Ops that run one after another. */
export interface Segment {
  /** What it reads from buffers, and does not make. */
  readonly inputs: readonly Value[]
  readonly ops: readonly AnyOp[]
  readonly wants: readonly Want[]
}
