// plan: memory and launches, in terms of dimensions

import type { Dim, DType } from '@tsjit/dsl/compiler'
import type { Graph } from '../graph/graph.ts'
import type { Kernel } from '../kernel/kernel.ts'

/** What a kernel parameter is bound to. */
export interface BufferRef {
  readonly kind: 'input' | 'output' | 'weight' | 'constant' | 'transient'
  readonly index: number
}

/** One dispatch. */
export interface PlannedLaunch {
  /** Index into kernels. */
  readonly kernel: number
  /** One per parameter of the kernel. */
  readonly bindings: readonly BufferRef[]
  /** Group counts. */
  readonly groups: readonly [Dim, Dim, Dim]
  readonly scalars: readonly number[]
  /** The ops of the graph that it computes, by kind, in order. */
  readonly ops: readonly string[]
  /** Why these ops share a kernel. */
  readonly reason: string
  /** Why its neighbours stayed out, one line each. */
  readonly refused: readonly string[]
  readonly reads: Dim
  readonly writes: Dim
  readonly flops: Dim
}

/** A buffer that lives within one run, in the arena, from launch `first` to launch `last` inclusive; in placing order. */
export interface Transient {
  readonly bytes: Dim
  readonly first: number
  readonly last: number
}

/** A tensor known at build. */
export interface PlanConstant {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** A whole program: kernels and the straight line of launches. Inputs, outputs, weights and dims are the graph's. */
export interface Plan {
  readonly graph: Graph
  readonly kernels: readonly Kernel[]
  readonly launches: readonly PlannedLaunch[]
  readonly transients: readonly Transient[]
  readonly constants: readonly PlanConstant[]
}
