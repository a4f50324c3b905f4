// flow-steps: flow -> formed kernels, and the steps that launch them
//
// Every segment becomes kernels. Turns of a loop end with the copies of what is carried on, but for those that the
// kernels can write in place, or without copies where the target alternates.

import type { Dim, Value } from '../../ir/graph/graph.ts'
import type { Flow } from './cut-flow.ts'
import type { FormedStep } from './formed-step.ts'
import { type Buffers, writeInPlace } from './in-place.ts'
import { type SegmentLimits, scheduleSegment } from '../schedule-segment.ts'

/** What forming a flow needs. */
export interface FlowContext extends SegmentLimits, Buffers {
  /** Whether what cannot be written in place alternates between two buffers, rather than being copied. */
  readonly alternates?: boolean
}

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
  const copy = (value: Value, owner: Value): Flow => ({
    kind: 'segment',
    segment: { inputs: [value], ops: [], wants: [{ value, owner }] },
  })
  const start = form(loop.start, counters)
  const { counter, maximum } = op
  const made = { kind: 'loop', start, counter, count, turns, maximum, test: tested } as const
  if (context.alternates === true) {
    const alternating = copied.map((carry) => ({
      ...carry,
      before: form([copy(carry.owner, carry.next)], counters),
      after: form([copy(carry.next, carry.owner)], counters),
    }))
    return { ...made, body: turn, alternating }
  }
  const copies = form(
    copied.map(({ next, owner }) => copy(next, owner)),
    inner,
  )
  return { ...made, body: [...turn, ...copies], alternating: [] }
}
