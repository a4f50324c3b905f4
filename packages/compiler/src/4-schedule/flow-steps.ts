// flow-steps: flow -> formed kernels, and the steps that launch them
//
// Every segment becomes kernels. Turns of a loop end with the copies of what is carried on, but for those that the
// kernels can write in place.

import type { Dim, Value } from '../ir/graph/graph.ts'
import type { Flow } from './cut-flow.ts'
import { formPart } from './form-part.ts'
import { formResident } from './form-resident.ts'
import { writeInPlace } from './in-place.ts'
import type { KernelContext } from './kernel-context.ts'
import { resident } from './machine.ts'
import { type FormedGroup, type SegmentLimits, scheduleSegment } from './schedule-segment.ts'
import { createNamer } from './space.ts'

/** A launch to be. */
export interface FormedLaunch {
  readonly kind: 'launch'
  readonly formed: FormedGroup
  /** The counters of the loops around it, outermost first. */
  readonly counters: readonly Dim[]
}

/** A step whose buffers are still values. */
export type FormedStep =
  | FormedLaunch
  | {
      readonly kind: 'branch'
      readonly index: Value
      readonly arms: readonly (readonly FormedStep[])[]
    }
  | {
      readonly kind: 'loop'
      /** Runs once, before the first turn. */
      readonly start: readonly FormedStep[]
      readonly counter: Dim
      readonly count: Dim | undefined
      readonly turns: Value | undefined
      readonly maximum: number | undefined
      readonly test: { readonly steps: readonly FormedStep[]; readonly result: Value } | undefined
      readonly body: readonly FormedStep[]
    }

/** What forming a flow needs. */
export interface FlowContext extends SegmentLimits {
  /** Names the buffer of a value that has one. */
  ownerOf(value: Value): Value
  /** Lets a buffer be another one from here on. */
  unite(from: Value, into: Value): void
}

/** Returns the steps of a flow. */
export function formFlow(flow: readonly Flow[], context: FlowContext): readonly FormedStep[] {
  if (context.machine.kind === 'loops') return formSteps(flow, [], context)
  return flow.flatMap((each): readonly FormedStep[] => {
    if (each.kind === 'segment') return formSteps([each], [], context)
    const namer = createNamer()
    const part = { namer, form: (own: KernelContext) => formPart(own, LANES) }
    const steps = formSteps([each], [], { ...context, buffers: Infinity, machine: resident, part })
    const formed = formResident(steps, { namer, lanes: LANES, ownerOf: context.ownerOf })
    return [{ kind: 'launch', formed, counters: [] }]
  })
}

/** Lanes of a group that runs control flow. */
const LANES = 256

function formSteps(flow: readonly Flow[], counters: readonly Dim[], context: FlowContext): readonly FormedStep[] {
  return flow.flatMap((each): readonly FormedStep[] => {
    if (each.kind === 'segment')
      return scheduleSegment(each.segment, context).map((formed) => ({ kind: 'launch', formed, counters }))
    if (each.kind === 'branch')
      return [{ kind: 'branch', index: each.index, arms: each.arms.map((arm) => formSteps(arm, counters, context)) }]
    const { op, count, turns, test, carries } = each
    const inner = [...counters, op.counter]
    const tested = test && { steps: formSteps(test.flow, inner, context), result: test.result }
    const turn = formSteps(each.body, inner, context)
    const copied = carries.filter((carry) => !writeInPlace(turn, carry, context))
    const copies = copied.flatMap(({ next, owner }) =>
      scheduleSegment({ inputs: [next], ops: [], wants: [{ value: next, owner }] }, context),
    )
    const body = [...turn, ...copies.map((formed) => ({ kind: 'launch' as const, formed, counters: inner }))]
    const start = formSteps(each.start, counters, context)
    return [{ kind: 'loop', start, counter: op.counter, count, turns, maximum: op.maximum, test: tested, body }]
  })
}

/** Returns all launches of steps, in order. */
export function launchesOf(steps: readonly FormedStep[]): readonly FormedLaunch[] {
  return steps.flatMap((step) => {
    if (step.kind === 'launch') return [step]
    if (step.kind === 'branch') return step.arms.flatMap(launchesOf)
    return [
      ...launchesOf(step.start),
      ...(step.test === undefined ? [] : launchesOf(step.test.steps)),
      ...launchesOf(step.body),
    ]
  })
}
