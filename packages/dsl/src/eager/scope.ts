// scope: what a forward run can see
//
// The one cell of state of this package: while a model's forward runs (synchronously), it holds the values of the
// weights and dimensions and the mode. It is restored whatever happens.

import type { WeightDeclaration } from '../declare/weight.ts'
import type { LaneBuilder } from '../primitives/lanes.ts'
import type { PrimitiveKind } from '../primitives/params.ts'
import type { Streams } from '../primitives/streams.ts'
import type { TensorBase } from '../types/tensor-type.ts'

/** What the running forward function sees. */
export interface RunScope {
  /** `probe` follows types only: no element is computed. */
  readonly mode: 'compute' | 'probe'
  readonly training: boolean
  readonly weights: ReadonlyMap<WeightDeclaration, TensorBase>
  readonly dims: ReadonlyMap<string, number>
  /** The random draws of this run. */
  readonly streams: Streams | undefined
  /** What is assigned so far. */
  readonly updates: Map<WeightDeclaration, TensorBase>
  /** What stands between operations and the primitives that run: the lanes of a map. */
  readonly lanes?: LaneBuilder | undefined
  /** Computes a primitive and notes how long that took, in runs that are timed. */
  readonly time?: (<T>(kind: PrimitiveKind, compute: () => T) => T) | undefined
  /** Whether nothing is printed. */
  readonly isSilent?: boolean | undefined
  /** Layers as forward functions receive them, made once a run. */
  readonly layers: Map<unknown, unknown>
}

const cell: { current: RunScope | undefined } = { current: undefined }

/** Returns the scope of the forward function that is running, or undefined outside of one. */
export function currentScope(): RunScope | undefined {
  return cell.current
}

/** Runs `action` inside `scope`. */
export function withScope<T>(scope: RunScope, action: () => T): T {
  const outer = cell.current
  cell.current = scope
  try {
    return action()
  } finally {
    cell.current = outer
  }
}
