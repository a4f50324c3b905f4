// formed-step: kernels that are formed, and when each runs; buffers are still values

import type { Dim, Value } from '../../ir/graph/graph.ts'
import type { Carry } from './cut-flow.ts'
import type { FormedGroup } from '../schedule-segment.ts'

/** A launch to be. */
export interface FormedLaunch {
  readonly kind: 'launch'
  readonly formed: FormedGroup
  /** The counters of the loops around it, outermost first. */
  readonly counters: readonly Dim[]
}

/** A carry that a loop does not copy: turns take the two halves of one buffer by turns, which of both they read and write. */
export interface Alternating extends Carry {
  /** Fills `next` with what is in `owner`, as the first turn wants it. */
  readonly before: readonly FormedStep[]
  /** The other way round, as those who read the carry after the loop want it. */
  readonly after: readonly FormedStep[]
}

/** A step whose buffers are still values. */
export type FormedStep =
  | FormedLaunch
  | {
      readonly kind: 'branch'
      readonly index: Value
      readonly arms: readonly (readonly FormedStep[])[]
    }
  /** Runs again and again, until the host reads that the scalar bool is false. */
  | { readonly kind: 'repeat'; readonly flag: Value; readonly body: readonly FormedStep[] }
  | {
      readonly kind: 'loop'
      /** Runs once, before the first turn. */
      readonly start: readonly FormedStep[]
      readonly counter: Dim
      /** The number of the first turn; default 0. */
      readonly from?: Dim
      /** How many turns to reckon with, where `count` says it in terms of another counter. */
      readonly reckoned?: number
      readonly count: Dim | undefined
      readonly turns: Value | undefined
      readonly maximum: number | undefined
      readonly test: { readonly steps: readonly FormedStep[]; readonly result: Value } | undefined
      readonly body: readonly FormedStep[]
      readonly alternating: readonly Alternating[]
    }

/** Returns all launches of steps, in order. */
export function launchesOf(steps: readonly FormedStep[]): readonly FormedLaunch[] {
  return steps.flatMap((step) => {
    if (step.kind === 'launch') return [step]
    if (step.kind === 'branch') return step.arms.flatMap(launchesOf)
    if (step.kind === 'repeat') return launchesOf(step.body)
    return [
      ...launchesOf(step.start),
      ...(step.test === undefined ? [] : launchesOf(step.test.steps)),
      ...launchesOf(step.body),
      ...step.alternating.flatMap(({ before, after }) => [...launchesOf(before), ...launchesOf(after)]),
    ]
  })
}
