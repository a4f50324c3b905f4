// flow-steps: flow -> formed kernels, and the steps that launch them
//
// Every segment becomes kernels. Turns of a loop end with the copies of what is carried on, but for those that the
// kernels can write in place.

import type { Dim } from '../../ir/graph/graph.ts'
import type { Flow } from './cut-flow.ts'
import type { FormedStep } from './formed-step.ts'
import { type Buffers, writeInPlace } from './in-place.ts'
import { type SegmentLimits, scheduleSegment } from '../schedule-segment.ts'

/** What forming a flow needs. */
export interface FlowContext extends SegmentLimits, Buffers {}

/** Forms the parts of a step with control flow: with more control flow, or in some other way. */
export type FormFlow = (flow: readonly Flow[], counters: readonly Dim[]) => readonly FormedStep[]

/** Returns the steps of a flow in which control flow is the target's own. */
export function formFlow(
  flow: readonly Flow[],
  context: FlowContext,
  counters: readonly Dim[] = [],
): readonly FormedStep[] {
  const form: FormFlow = (inner, around) => formFlow(inner, context, around)
  return flow.flatMap((each): readonly FormedStep[] => {
    if (each.kind === 'segment')
      return scheduleSegment(each.segment, context).map((formed) => ({ kind: 'launch', formed, counters }))
    if (each.kind === 'branch')
      return [{ kind: 'branch', index: each.index, arms: each.arms.map((arm) => form(arm, counters)) }]
    return [formLoop(each, { context, counters, form })]
  })
}

/** Returns a loop whose parts are formed by `form`. */
export function formLoop(
  loop: Extract<Flow, { readonly kind: 'loop' }>,
  { context, counters, form }: { readonly context: FlowContext; readonly counters: readonly Dim[]; form: FormFlow },
): Extract<FormedStep, { readonly kind: 'loop' }> {
  const { op, count, turns, test, carries } = loop
  const inner = [...counters, op.counter]
  const tested = test && { steps: form(test.flow, inner), result: test.result }
  const turn = form(loop.body, inner)
  const copied = carries.filter((carry) => !writeInPlace(turn, carry, context))
  const copies = form(
    copied.map(({ next, owner }) => ({
      kind: 'segment',
      segment: { inputs: [next], ops: [], wants: [{ value: next, owner }] },
    })),
    inner,
  )
  const start = form(loop.start, counters)
  const { counter, maximum } = op
  return { kind: 'loop', start, counter, count, turns, maximum, test: tested, body: [...turn, ...copies] }
}
