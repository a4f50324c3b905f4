// plan: memory and launches, in terms of dimensions

import type { Dim, DType } from '@tsjit/dsl/compiler'
import type { Graph, Origin } from '../graph/graph.ts'
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
  /** In terms of dimensions and of the counters of the loops around it. */
  readonly scalars: readonly Dim[]
  /** What a library may do in its place. */
  readonly product?: PlannedProduct
  /** What is launched in its place where there is more work, from less to more. */
  readonly larger?: readonly LargerLaunch[]
  /** The ops of the graph that it computes, by kind, in order. */
  readonly ops: readonly string[]
  /** Where each of them is from. */
  readonly origins: readonly Origin[]
  /** Why these ops share a kernel. */
  readonly reason: string
  /** Why its neighbours stayed out, one line each. */
  readonly refused: readonly string[]
  readonly reads: Dim
  readonly writes: Dim
  readonly flops: Dim
}

/** A launch of the same buffers in the place of another, where `size` is at least `least`. */
export interface LargerLaunch extends Pick<PlannedLaunch, 'kernel' | 'bindings' | 'groups' | 'scalars' | 'product'> {
  readonly size: Dim
  readonly least: number
}

/** A product of matrices, c = a b, or of as many pairs of them. */
export interface PlannedProduct {
  readonly dtype: DType
  /** Which bindings a, b and c are. */
  readonly bindings: readonly number[]
  /** How many pairs; rows of a and c, columns of b and c, and what is summed; strides of a, b and c by pair, row and column. */
  readonly numbers: readonly Dim[]
}

/** A buffer that lives within one run, in the arena, from launch `first` to launch `last` inclusive; in placing order. */
export interface Transient {
  /** Where every element takes four; f16 takes two where the device has it. */
  readonly bytes: Dim
  readonly dtype: DType
  readonly first: number
  readonly last: number
}

/** A tensor known at build. */
export interface PlanConstant {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** What a program does next. */
export type Step =
  | { readonly kind: 'launch'; /** Index into launches. */ readonly launch: number }
  /** Runs one arm: the first where a bool is true, else the arm of an i32 index, clamped. */
  | {
      readonly kind: 'branch'
      readonly index: BufferRef
      readonly isBool: boolean
      readonly arms: readonly (readonly Step[])[]
    }
  /** Runs its body `count` times, while the test leaves a true there. */
  | {
      readonly kind: 'loop'
      /** The symbol of the turn's number, from 0. */
      readonly counter: Dim
      /** undefined where the device counts, or only the test ends it. */
      readonly count: Dim | undefined
      /** The buffer that holds the number of turns, an i32. */
      readonly turns: BufferRef | undefined
      readonly maximum: number | undefined
      readonly test: { readonly steps: readonly Step[]; readonly result: BufferRef } | undefined
      readonly body: readonly Step[]
    }
  /** Runs again and again, until the host reads that the scalar bool is false. */
  | { readonly kind: 'repeat'; readonly flag: BufferRef; readonly body: readonly Step[] }

/** A whole program: kernels and what is launched when. Inputs, outputs, weights and dims are the graph's. */
export interface Plan {
  readonly graph: Graph
  readonly kernels: readonly Kernel[]
  /** In the order of the steps that name them. */
  readonly launches: readonly PlannedLaunch[]
  readonly steps: readonly Step[]
  readonly transients: readonly Transient[]
  readonly constants: readonly PlanConstant[]
  /** Where the host is called in between: a plan for each stage, in the place of kernels and launches. */
  readonly stages?: readonly Plan[]
}

/** Returns what a launch is at some sizes. */
export function runAt(launch: PlannedLaunch, at: (size: Dim) => number): Omit<LargerLaunch, 'size' | 'least'> {
  return launch.larger?.findLast(({ size, least }) => at(size) >= least) ?? launch
}

/** Returns the first launch that may run a kernel. */
export function launchOf({ launches }: Plan, kernel: number): PlannedLaunch | undefined {
  return launches.find((launch) => [launch, ...(launch.larger ?? [])].some((each) => each.kernel === kernel))
}

/** Returns the plans that have launches: the stages of one that is cut, or the plan itself. */
export function stagesOf(plan: Plan): readonly Plan[] {
  return plan.stages ?? [plan]
}
