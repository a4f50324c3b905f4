// machine: what combinators run on
//
// A builder that branches and loops, the operations on it, and a way to follow closures for their types alone.

import type { Bound } from '../operations/definition.ts'
import type { ControlBuilder } from '../primitives/builder.ts'
import type { LaneBuilder } from '../primitives/lanes.ts'
import type { Dim } from '../types/dim.ts'
import type { TensorBase, TensorType } from '../types/tensor-type.ts'

/** Where combinators are carried out: eagerly, or by recording. */
export interface ControlMachine {
  readonly builder: ControlBuilder
  /** The operations on the builder. */
  readonly t: Bound
  /**
   * Runs `action` for the types of its tensors: nothing that it computes or records is kept. Returns undefined where it
   * fails, silently.
   */
  attempt<T>(action: () => T): T | undefined
  /** Runs `action` on so many lanes: whatever is applied meanwhile is applied to all of them. */
  onLanes<T>(size: Dim, action: (lanes: LaneBuilder) => T): T
  /** Returns a tensor of this type without elements, for use inside `attempt`. */
  blank(type: TensorType): TensorBase
}

/** A closure of the user, as combinators call it. */
export type Callback = (...args: readonly unknown[]) => unknown
