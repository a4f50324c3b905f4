// parts-of: plan -> the launches that are worth dividing among threads
//
// Groups of a launch are independent, so any thread may take any of them and the results are the same bits. A launch
// inside of a loop or branch is divided when its turn comes; its number is then counted on from the last launch.

import { dims } from '@tsjit/dsl/compiler'
import { INNER_SPLIT_WORK, SPLIT_WORK } from '@tsjit/host'
import type { Plan, Step } from '../../ir/plan/plan.ts'
import type { ProgramPart } from '../../ir/plan/printed-program.ts'

/** Scalars of a launch that there is room for where it is inside of a loop or branch. */
export const MOST_SCALARS = 16

/** Returns the launches that have several groups and, at some sizes, at least so much to compute; inner ones last. */
export function partsOf(
  plan: Plan,
  least: number = SPLIT_WORK,
  inner: number = INNER_SPLIT_WORK,
): readonly ProgramPart[] {
  const outer = plan.steps.flatMap((step) => (step.kind === 'launch' ? partOf(plan, step.launch, 0, least) : []))
  const inside = plan.steps
    .flatMap((step) => (step.kind === 'launch' ? [] : launchesIn(step)))
    .flatMap((launch) => partOf(plan, launch, plan.launches.length, inner))
  return [...outer, ...inside]
}

function partOf({ launches, graph }: Plan, launch: number, from: number, least: number): readonly ProgramPart[] {
  const planned = launches[launch]
  if (planned === undefined) return []
  const {
    groups: [groups],
    flops,
    reads,
    writes,
    scalars,
  } = planned
  const work = dims.add(flops, dims.add(reads, writes))
  const isLarge = dims.bounds(groups).high > 1 && dims.bounds(work).high >= least
  const names = new Set(graph.dims.map(({ name }) => name))
  // what is asked for before a run knows no counters of its loops
  const isKnown = [groups, work].every((each) => dims.symbolsOf(each).every(({ name }) => names.has(name)))
  return isLarge && isKnown && scalars.length <= MOST_SCALARS ? [{ launch: from + launch, groups, work }] : []
}

function launchesIn(step: Step): readonly number[] {
  if (step.kind === 'launch') return [step.launch]
  if (step.kind === 'branch') return step.arms.flat().flatMap(launchesIn)
  if (step.kind === 'repeat') return step.body.flatMap(launchesIn)
  return [...(step.test?.steps ?? []), ...step.body].flatMap(launchesIn)
}
