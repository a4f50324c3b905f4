// graph: what is computed; no loops, no memory, no target
//
// Ops in evaluation order, single assignment, immutable. The vocabulary is the DSL's table of primitives; control flow
// is two more ops, which hold regions. An op inside a region sees the region's parameters, what was made before it
// there, and whatever the ops around the region see: views and constants from outside cost nothing inside.

import type { Dim, DType, PrimitiveKind, PrimitiveParams, Shape, TensorType } from '@tsjit/dsl/compiler'
import type { Span } from '../../base/span.ts'
import type { HostFunction } from '../source.ts'

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

/** Any primitive op; `switch (op.kind)` narrows `params`. */
export type AnyOp = { [K in PrimitiveKind]: Op<K> }[PrimitiveKind]

/** Ops of their own scope: the arm of a branch, or what one turn of a loop does. */
export interface Region {
  readonly params: readonly Value[]
  readonly ops: readonly GraphOp[]
  readonly results: readonly Value[]
}

/**
 * Runs one of its arms. `inputs` is one scalar: bool with two arms (true runs the first), else an i32 index, clamped.
 * Arms have no parameters and as many results, of equal types, as the op.
 */
export interface BranchOp {
  readonly kind: 'branch'
  readonly inputs: readonly [index: Value]
  readonly arms: readonly Region[]
  readonly results: readonly Value[]
  readonly origin: Origin
}

/**
 * Repeats `body` on a carry. `test` and `body` have the same parameters, the carry; `test` gives one bool. The results of
 * `body` are the next carry, then what is stacked; those of the op are the last carry, then the stacks, which have one
 * axis of `count` in front.
 */
export interface LoopOp {
  readonly kind: 'loop'
  /** The first carry; then, where `count` is 'tensor', the number of turns as an i32 scalar. */
  readonly inputs: readonly Value[]
  /** The number of the turn, from 0, as a symbol that sizes and indices inside may name; no other loop has it. */
  readonly counter: Dim
  /** How many turns: a size, a number known on the device only, or until the test fails. */
  readonly count: Dim | 'tensor' | 'test'
  /** The most turns that a loop with a test runs. */
  readonly maximum: number | undefined
  readonly test: Region | undefined
  readonly body: Region
  /** Walks xs and stacks from the end; body and counter do not: it is for printing and for gradients. */
  readonly isReversed: boolean
  /** The index along the stacks at which one turn stores, in terms of the counter. */
  readonly at: Dim
  readonly results: readonly Value[]
  readonly origin: Origin
}

/** An op with regions. */
export type ControlOp = BranchOp | LoopOp

/** Anything that a graph may hold. */
export type GraphOp = AnyOp | ControlOp

/**
 * A tensor that the app passes at every call. `path` is dotted for nested inputs. The host fills that of the seed, the
 * last where there is one.
 */
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
  /** The index of the weight that it replaces when the run ends; such outputs come last and are not the app's. */
  readonly weight?: number
  /** What the host does with it, where it is not the app's: such outputs come after those of the app. */
  readonly report?: 'check' | 'print'
}

/** A `check` in the source. */
export interface CheckSite {
  readonly message: string
  readonly span: Span
}

/** A call of a function of the app: what it returns are values that no op makes. */
export interface HostCall {
  readonly fn: HostFunction
  readonly args: readonly Value[]
  /** Each with its place in what the function returns. */
  readonly results: readonly { readonly path: string; readonly value: Value }[]
  readonly origin: Origin
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
  readonly ops: readonly GraphOp[]
  readonly outputs: readonly GraphOutput[]
  /** What the number means that the output for checks gives. */
  readonly checks?: readonly CheckSite[]
  /** Calls of the host, in order. Only graphs that are not cut at them yet have any. */
  readonly hostCalls?: readonly HostCall[]
}

/** A graph, or part of one, without control flow. */
export interface StraightGraph extends Graph {
  readonly ops: readonly AnyOp[]
}

export type { Dim, DType, PrimitiveKind, PrimitiveParams, Shape, TensorType }
