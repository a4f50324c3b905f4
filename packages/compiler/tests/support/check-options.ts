// check-options: how graphs are scheduled and changed before they are checked

import type { WorkLimits } from '../../src/4-schedule/control/work-limits.ts'
import type { Machine, MachineName } from '../../src/4-schedule/machine.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import type { Kernel } from '../../src/ir/kernel/kernel.ts'
import type { Extra } from './given.ts'

/** Options of a check of kernels. */
export interface CheckOptions {
  readonly extra?: Extra
  readonly work?: WorkLimits | undefined
  readonly machine?: MachineName | Machine
  readonly tolerance?: number | undefined
  /** What becomes of each kernel before it runs: a planted fault. */
  readonly change?: (kernel: Kernel) => Kernel
}

/** Runs a graph at sizes of its dimensions and compares with the reference. */
export type CheckGraph = (
  graph: Graph,
  sizes: number | readonly number[],
  extra?: Readonly<Record<string, readonly number[]>>,
) => Promise<void>
