// builder: the abstract machine that operations are defined against
//
// Eager computes at once; the compiler records an op. Both take the type rule from infer.ts.

import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Streams } from './streams.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'

/** Applies primitives: by computing (eager) or by recording (compiled). */
export interface Builder {
  /** Applies one primitive. Throws OperationError when the type rule refuses the operands. */
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): TensorBase
  /** Whether the program being built is the training one; static. */
  readonly training: boolean
  /** The random draws of the program; undefined where none runs. */
  readonly streams?: Streams | undefined
}

/** A builder that can also branch and loop at run time. */
export interface ControlBuilder extends Builder {
  /**
   * Runs one of the arms (eager), or records all of them (compiled). `index`: a bool scalar for two arms (true runs the
   * first), else an i32 scalar, clamped. All arms give as many tensors, of equal types: the caller has to see to that.
   */
  branch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly TensorBase[]
  /** Repeats a body on a carry whose types never change (the caller has to see to that); returns last carry and stacks. */
  loop(spec: LoopSpec): LoopResult
}

/** What a loop repeats. */
export interface LoopSpec {
  readonly init: readonly TensorBase[]
  /** How many turns: a size, an i32 scalar, or until the test fails. */
  readonly count: Dim | TensorBase | undefined
  /** The most turns that a loop with a test runs. */
  readonly maximum?: number
  /** Whether another turn runs, given its number. */
  readonly test?: (carry: readonly TensorBase[], index: Dim | TensorBase) => TensorBase
  /** What one turn does. `index` is its number, counted from the end of `count` where reversed. */
  readonly body: (carry: readonly TensorBase[], index: Dim) => Turn
  /** Runs from the last index to the first; stacks keep the order of the indices. `count` is then a size. */
  readonly isReversed?: boolean
}

/** What one turn gives: the next carry, and what is stacked along a new first axis. */
export interface Turn {
  readonly carry: readonly TensorBase[]
  readonly stacked: readonly TensorBase[]
}

/** What a loop gives. */
export interface LoopResult {
  readonly carry: readonly TensorBase[]
  readonly stacked: readonly TensorBase[]
}
