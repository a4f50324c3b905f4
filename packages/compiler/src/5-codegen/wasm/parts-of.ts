// parts-of: plan -> the launches that are worth dividing among threads
//
// Groups of a launch are independent, so any thread may take any of them and the results are the same bits.

import { dims } from '@tsjit/dsl/compiler'
import { SPLIT_WORK } from '@tsjit/host'
import type { Plan } from '../../ir/plan/plan.ts'
import type { ProgramPart } from '../../ir/plan/printed-program.ts'

/**
 * Returns the launches that have several groups and, at some sizes, at least so much to compute. Those in loops and
 * branches have one thread.
 */
export function partsOf({ launches, steps }: Plan, least: number = SPLIT_WORK): readonly ProgramPart[] {
  return steps.flatMap((step) => {
    const planned = step.kind === 'launch' ? launches[step.launch] : undefined
    if (step.kind !== 'launch' || planned === undefined) return []
    const { launch } = step
    const {
      groups: [groups],
      flops,
      reads,
      writes,
    } = planned
    const work = dims.add(flops, dims.add(reads, writes))
    const isLarge = dims.bounds(groups).high > 1 && dims.bounds(work).high >= least
    return isLarge ? [{ launch, groups, work }] : []
  })
}
