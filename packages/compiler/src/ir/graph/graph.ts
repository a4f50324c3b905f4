// graph: what is computed; no loops, no memory, no target
//
// Ops in evaluation order, single assignment, immutable. Regions are isolated: an op inside sees only the region's
// own parameters. The vocabulary is the DSL's table of primitives.

import type { Dim, DType, PrimitiveKind, PrimitiveParams, Shape, TensorType } from '@tsjit/dsl/compiler'
import type { Span } from '../../base/span.ts'

/** A tensor in the graph. Identity is the object; `id` is for printing and stable order. */
export interface Value {
  readonly id: number
  readonly type: TensorType
}

/** A place in the source, and through which calls it was reached (innermost first). */
export interface Origin {
  readonly span: Span
  readonly calls: readonly Span[]
}

/** One step of a graph. */
export interface Op<K extends PrimitiveKind = PrimitiveKind> {
  readonly kind: K
  readonly inputs: readonly Value[]
  readonly params: PrimitiveParams[K]
  readonly result: Value
  readonly origin: Origin
}

/** Any op; `switch (op.kind)` narrows `params`. */
export type AnyOp = { [K in PrimitiveKind]: Op<K> }[PrimitiveKind]

/** A tensor that the app passes at every call. `path` is dotted for nested inputs. */
export interface GraphInput {
  readonly path: string
  readonly value: Value
  readonly optional: boolean
  readonly origin: Origin
}

/** How a parameter is drawn when no weights are given. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }

/** A tensor from the weights file: learned (param) or running state (buffer). `path` is its state_dict name. */
export interface GraphWeight {
  readonly path: string
  readonly value: Value
  readonly role: 'param' | 'buffer'
  /** The dtype in the file; differs from the value's where the file may be wider (num_batches_tracked: I64). */
  readonly init: Initialiser
  readonly origin: Origin
}

/** A named result. `path` is dotted for nested outputs. */
export interface GraphOutput {
  readonly path: string
  readonly value: Value
}

/** A symbolic dimension of the signature, in order of first appearance. */
export interface GraphDim {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly multipleOf: number
  /** As a value of the dimension algebra. */
  readonly dim: Dim
}

/** One program: a model in one mode. */
export interface Graph {
  readonly name: string
  readonly mode: 'eval' | 'train'
  readonly dims: readonly GraphDim[]
  readonly inputs: readonly GraphInput[]
  readonly weights: readonly GraphWeight[]
  readonly ops: readonly AnyOp[]
  readonly outputs: readonly GraphOutput[]
}

export type { Dim, DType, PrimitiveKind, PrimitiveParams, Shape, TensorType }
