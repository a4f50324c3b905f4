// form-lanes: flow -> steps for a GPU
//
// A GPU launches; it does not decide. Control flow over little data stays inside one kernel of one group of lanes
// (form-resident.ts). Where turns or arms have work for many groups, loops of a known count become launches one after
// another, branches become kernels that return at once unless their flag is set, and loops that a test ends are launched
// some turns at a time until the host reads that they have ended.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Value } from '../../ir/graph/graph.ts'
import type { Flow } from './cut-flow.ts'
import { type FlowContext, type FormFlow, formFlow, formLoop } from './flow-steps.ts'
import { type Crew, formPart, mostSharing } from './form-part.ts'
import { formResident } from './form-resident.ts'
import { type Alternating, type FormedStep, launchesOf } from './formed-step.ts'
import type { KernelContext } from '../kernel-context.ts'
import { resident, residents } from '../machine.ts'
import { armFlags, turnFlag } from './flags.ts'
import { predicated } from './predicate.ts'
import type { WorkLimits } from './work-limits.ts'
import { scheduleSegment } from '../schedule-segment.ts'
import { type Namer, createNamer } from '../space.ts'

/** What forming for lanes needs besides. */
export interface LanesContext extends FlowContext {
  readonly work: WorkLimits
  /** Sizes at which work is estimated. */
  readonly sizes: ReadonlyMap<string, number>
  /** Returns a value that no op has made. */
  fresh(type: Value['type']): Value
}

interface Surroundings {
  readonly counters: readonly Dim[]
  /** The flag of the branch or loop around, where one decides whether this runs. */
  readonly flag: Value | undefined
  /** Whether the host repeats this. */
  readonly isRepeated: boolean
}

/** Returns the steps of a flow on a GPU. */
export function formLanes(flow: readonly Flow[], context: LanesContext): readonly FormedStep[] {
  return formSteps(flow, context, { counters: [], flag: undefined, isRepeated: false })
}

function formSteps(flow: readonly Flow[], context: LanesContext, around: Surroundings): readonly FormedStep[] {
  return flow.flatMap((each): readonly FormedStep[] => {
    if (each.kind === 'segment') return launchSegment(each, context, around)
    const inside = formInside(each, context)
    const work = workOf(inside.step, context)
    if (work.turn <= context.work.resident * inside.crew.groups) return launchResident(inside, work, context, around)
    return each.kind === 'branch' ? launchBranch(each, context, around) : launchLoop(each, context, around)
  })
}

function launchSegment(
  { segment }: Extract<Flow, { readonly kind: 'segment' }>,
  context: LanesContext,
  { counters, flag }: Surroundings,
): readonly FormedStep[] {
  if (flag === undefined)
    return scheduleSegment(segment, context).map((formed) => ({ kind: 'launch', formed, counters }))
  const formed = scheduleSegment(segment, { ...context, buffers: context.buffers - 1 })
  return formed.map((each) => ({ kind: 'launch', formed: predicated(each, flag), counters }))
}

/** Control flow as one group of lanes runs it. */
interface Inside {
  /** Names that its parts share. */
  readonly namer: Namer
  readonly crew: Crew
  readonly step: Control
  /** Buffers that become others, if it is run like this. */
  readonly united: ReadonlyMap<Value, Value>
}

type Control = Extract<FormedStep, { readonly kind: 'branch' | 'loop' }>

/** Forms control flow for one group, or for as many as its parts can keep busy where that is worth it. */
function formInside(flow: Exclude<Flow, { readonly kind: 'segment' }>, context: LanesContext): Inside {
  const alone = formFor(flow, context, 1)
  const { lanes, groups: most, shared } = context.work
  const groups = Math.min(most, Math.ceil(lanesOf(alone.step, context) / lanes))
  return groups > 1 && workOf(alone.step, context).turn >= shared ? formFor(flow, context, groups) : alone
}

/** The most lanes that a part has work for. */
function lanesOf(step: FormedStep, { sizes, work }: LanesContext): number {
  const counts = launchesOf([step]).map(({ formed: { group } }) => {
    const elements = dims.valueOf(dims.product(group.root.type.shape), sizes)
    return elements * mostSharing(group, work.sharing)
  })
  return Math.max(0, ...counts)
}

function formFor(flow: Exclude<Flow, { readonly kind: 'segment' }>, context: LanesContext, groups: number): Inside {
  const namer = createNamer()
  const { lanes, sharing, groups: most } = context.work
  const crew = { lanes, groups, sharing, isArranged: most > 1 }
  const kind = most > 1 ? { machine: residents, alternates: true } : { machine: resident }
  const part = { namer, form: (own: KernelContext) => formPart(own, crew) }
  const united = new Map<Value, Value>()
  const ownerOf = (value: Value): Value => {
    const owner = context.ownerOf(value)
    return united.get(owner) ?? owner
  }
  const unite = (from: Value, into: Value): Map<Value, Value> => united.set(from, into)
  const [step] = formFlow([flow], { buffers: Infinity, ...kind, part, ownerOf, unite })
  if (step?.kind !== 'branch' && step?.kind !== 'loop') return internalError('control flow is formed as a step')
  return { namer, crew, step, united }
}

/** Operations of one turn or of the longer arm, and of all turns. */
interface Work {
  readonly turn: number
  readonly total: number
}

/** Turns assumed where only the device knows. */
const UNKNOWN_TURNS = 16

function workOf(step: FormedStep, context: LanesContext): Work {
  const sum = (steps: readonly FormedStep[]): number =>
    steps.reduce((total, each) => total + workOf(each, context).total, 0)
  if (step.kind === 'launch') {
    const { context: own } = step.formed
    const stored = step.formed.group.stores.map(({ value }) => dims.product(value.type.shape))
    const work = dims.valueOf(dims.add(own.flops, stored.reduce(dims.add, 0)), context.sizes)
    return { turn: work, total: work }
  }
  if (step.kind === 'branch') {
    const work = Math.max(...step.arms.map(sum))
    return { turn: work, total: work }
  }
  if (step.kind === 'repeat') return internalError('repeating is decided later')
  const turn = sum(step.body) + sum(step.test?.steps ?? [])
  const count = step.count === undefined ? UNKNOWN_TURNS : dims.valueOf(step.count, context.sizes)
  return { turn, total: turn * count }
}

/** One dispatch, or for long loops several, one after another. */
function launchResident(
  { namer, crew, step, united }: Inside,
  work: Work,
  context: LanesContext,
  around: Surroundings,
): readonly FormedStep[] {
  for (const [from, into] of united) context.unite(from, into)
  const { counters, flag, isRepeated } = around
  const dispatch = context.work.dispatch * crew.groups
  const launch = (steps: readonly FormedStep[], at: readonly Dim[] = counters): FormedStep => {
    const formed = formResident(steps, {
      namer,
      crew,
      room: context.work.staged,
      ownerOf: context.ownerOf,
      fresh: context.fresh,
    })
    return { kind: 'launch', formed: flag === undefined ? formed : predicated(formed, flag), counters: at }
  }
  if (step.kind === 'branch') return [launch([step])]
  const turns = Math.max(1, Math.min(context.work.dispatchTurns, Math.floor(dispatch / Math.max(1, work.turn))))
  if (step.count !== undefined && step.test === undefined) {
    if (work.total <= dispatch || typeof step.counter === 'number') return [launch([step])]
    return launchSpans(step, turns, { context, around, launch })
  }
  // a branch around may leave the test without a value, and what the host repeats already it does not repeat inside
  if (step.test === undefined || flag !== undefined || isRepeated) return [launch([step])]
  const first = step.start.length === 0 ? [] : [launch(step.start)]
  const some = launch([{ ...step, start: [], maximum: turns, alternating: leftToOthers(step.alternating) }])
  return [...first, { kind: 'repeat', flag: step.test.result, body: [some] }]
}

/** Carries that another dispatch reads. */
function leftToOthers(carries: readonly Alternating[]): readonly Alternating[] {
  return carries.map((carry) => ({ ...carry, isRead: true }))
}

/** The turns of a long loop, `turns` a dispatch. */
function launchSpans(
  step: Extract<Control, { readonly kind: 'loop' }>,
  turns: number,
  {
    context,
    around,
    launch,
  }: {
    readonly context: LanesContext
    readonly around: Surroundings
    launch(steps: readonly FormedStep[], counters?: readonly Dim[]): FormedStep
  },
): readonly FormedStep[] {
  const { count = 0 } = step
  const spans = dims.ceilDiv(count, turns)
  const span = dims.symbol(`span ${context.fresh({ dtype: 'i32', shape: [] }).id}`, { min: 0, below: spans })
  const start = dims.mul(span, turns)
  const own: FormedStep = {
    ...step,
    start: [],
    count: dims.min(turns, dims.sub(count, start)),
    from: start,
    reckoned: turns,
    alternating: leftToOthers(step.alternating),
  }
  const first = step.start.length === 0 ? [] : [launch(step.start)]
  return [
    ...first,
    {
      kind: 'loop',
      start: [],
      counter: span,
      count: spans,
      turns: undefined,
      maximum: undefined,
      test: undefined,
      body: [launch([own], [...around.counters, span])],
      alternating: [],
    },
  ]
}

/** Kernels of all arms, of which those of one do something. */
function launchBranch(
  { op, index, arms }: Extract<Flow, { readonly kind: 'branch' }>,
  context: LanesContext,
  around: Surroundings,
): readonly FormedStep[] {
  const { origin } = op
  const flags = armFlags(index, arms.length, { context, origin, outer: around.flag })
  return [
    ...launchSegment({ kind: 'segment', segment: flags.segment }, context, { ...around, flag: undefined }),
    ...arms.flatMap((arm, i) => formSteps(arm, context, { ...around, flag: flags.values[i] })),
  ]
}

function launchLoop(
  loop: Extract<Flow, { readonly kind: 'loop' }>,
  context: LanesContext,
  around: Surroundings,
): readonly FormedStep[] {
  const { test } = loop
  if (test === undefined) {
    const form: FormFlow = (flow, counters) => formSteps(flow, context, { ...around, counters })
    return [formLoop(loop, { context, counters: around.counters, form })]
  }
  // turns that the host does not count cannot be repeated inside of what it repeats
  if (around.isRepeated) {
    const inside = formInside(loop, context)
    return launchResident(inside, workOf(inside.step, context), context, around)
  }
  const goes = turnFlag(test.result, { context, origin: loop.op.origin, outer: around.flag })
  const form: FormFlow = (flow, counters) => formSteps(flow, context, { counters, flag: goes.value, isRepeated: true })
  const start = formSteps(loop.start, context, around)
  const inner = { ...loop, start: [], test: undefined }
  const { body } = formLoop(inner, { context, counters: around.counters, form })
  const testing = formSteps(test.flow, context, around)
  const deciding = launchSegment({ kind: 'segment', segment: goes.segment }, context, { ...around, flag: undefined })
  const turn = context.fresh({ dtype: 'i32', shape: [] })
  const turns: FormedStep = {
    kind: 'loop',
    start: [],
    counter: dims.symbol(`turn ${turn.id}`, { min: 0, below: context.work.launchedTurns }),
    count: context.work.launchedTurns,
    turns: undefined,
    maximum: undefined,
    test: undefined,
    body: [...testing, ...deciding, ...body],
    alternating: [],
  }
  return [...start, { kind: 'repeat', flag: goes.value, body: [turns] }]
}
