// builder: the abstract machine that operations are defined against
//
// Eager computes at once; the compiler records an op. Both take the type rule from infer.ts.

import type { TensorBase } from '../types/tensor-type.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'

/** Applies primitives: by computing (eager) or by recording (compiled). */
export interface Builder {
  /** Applies one primitive. Throws OperationError when the type rule refuses the operands. */
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): TensorBase
  /** Whether the program being built is the training one; static. */
  readonly training: boolean
}
