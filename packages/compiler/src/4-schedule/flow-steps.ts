// flow-steps: flow -> formed kernels, and the steps that launch them
//
// Every segment becomes kernels. Turns of a loop end with the copies of what is carried on, but for those that the
// kernels can write in place.

import type { Dim } from '../ir/graph/graph.ts'
import type { Flow } from './cut-flow.ts'
import { formPart } from './form-part.ts'
import { formResident } from './form-resident.ts'
import type { FormedStep } from './formed-step.ts'
import { type Buffers, writeInPlace } from './in-place.ts'
import type { KernelContext } from './kernel-context.ts'
import { resident } from './machine.ts'
import { type SegmentLimits, scheduleSegment } from './schedule-segment.ts'
import { createNamer } from './space.ts'

/** What forming a flow needs. */
export interface FlowContext extends SegmentLimits, Buffers {}

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
