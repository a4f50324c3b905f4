// schedule: graph -> plan
//
// Cuts the graph at its control flow, turns every segment into kernels, shares equal ones and binds buffers.

import { type Dim, bytesOf, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'
import type { Kernel } from '../ir/kernel/kernel.ts'
import type { BufferRef, LargerLaunch, Plan, PlannedLaunch, PlannedProduct, Step } from '../ir/plan/plan.ts'
import { type BoundBuffers, bindBuffers } from './bind-buffers.ts'
import { cutFlow } from './control/cut-flow.ts'
import { countOnDevice } from './control/count-on-device.ts'
import { formFlow } from './control/flow-steps.ts'
import { formLanes } from './control/form-lanes.ts'
import { type WorkLimits, gridLimits, workLimits } from './control/work-limits.ts'
import { type FormedLaunch, type FormedStep, launchesOf } from './control/formed-step.ts'
import { type KernelContext, paramsOf } from './kernel-context.ts'
import { nameForKernels } from './kernel-names.ts'
import { type Machine, type MachineName, machines } from './machine.ts'
import { packBuffers } from './control/pack-buffers.ts'
import { type Group, classOf } from './partition-state.ts'
import type { PlainProduct } from './plain-product.ts'
import type { FormedGroup, LargerForm, SegmentLimits } from './schedule-segment.ts'
import { shareKernels } from './share-kernels.ts'
import { USUAL_SIZE } from './usual-size.ts'

/** What a target allows one kernel, and what it runs on. */
export interface ScheduleLimits {
  readonly buffers: number
  /** By its name, or itself. Default: lanes. */
  readonly machine?: MachineName | Machine
  /** Groups that run at once and can wait for one another. Default: 1, they cannot. */
  readonly groups?: number
  /** How much control flow a group of lanes may do by itself. */
  readonly work?: WorkLimits
}

/** Returns kernels and launches for a graph. */
export function schedule(source: Graph, limits: ScheduleLimits): Plan {
  const { graph, restore } = nameForKernels(source)
  return restore(scheduleNamed(graph, limits))
}

function scheduleNamed(
  source: Graph,
  {
    buffers,
    machine: wanted = 'lanes',
    groups = 1,
    work = groups === 1 ? workLimits : gridLimits(groups),
  }: ScheduleLimits,
): Plan {
  const machine = typeof wanted === 'string' ? machines[wanted] : wanted
  const { kind } = machine
  let count = FRESH
  const fresh = (type: Value['type']): Value => ({ id: count++, type })
  const graph = kind === 'loops' ? source : { ...source, ops: countOnDevice(source.ops, fresh) }
  const cut = cutFlow(graph)
  const united = new Map<Value, Value>()
  const ownerOf = (value: Value): Value => {
    const owner = cut.ownerOf(value)
    return united.get(owner) ?? owner
  }
  const limits: SegmentLimits = { buffers, machine }
  const context = { ...limits, ownerOf, unite: (from: Value, into: Value) => united.set(from, into) }
  const formed =
    kind === 'loops'
      ? formFlow(cut.flow, context)
      : formLanes(cut.flow, { ...context, work, sizes: sizesOf(graph), fresh })
  const given = new Set([...graph.inputs, ...graph.weights].map(({ value }) => value))
  const steps = packSteps(formed, { limits, given, owners: cut.owners, ownerOf, fresh })
  return assemble(graph, machine, { steps, owners: cut.owners, ownerOf })
}

/** Where the numbers of values begin that no op of the graph makes. */
const FRESH = 1_000_000_000

function sizesOf(graph: Graph): ReadonlyMap<string, number> {
  return new Map(graph.dims.map(({ name, min, max }) => [name, Math.max(min, Math.min(max, USUAL_SIZE))]))
}

/** Makes kernels that bind too many buffers bind fewer. Only those that hold control flow can: others were split. */
function packSteps(
  steps: readonly FormedStep[],
  context: {
    readonly limits: SegmentLimits
    /** Inputs and weights. */
    readonly given: ReadonlySet<Value>
    /** Buffers of outputs. */
    readonly owners: readonly Value[]
    ownerOf(value: Value): Value
    fresh(type: Value['type']): Value
  },
): readonly FormedStep[] {
  const { limits, given, ownerOf, fresh } = context
  const owners = new Set(context.owners)
  const written = new Set<Value>()
  const users = new Map<Value, number>()
  const use = (value: Value): Map<Value, number> => users.set(ownerOf(value), (users.get(ownerOf(value)) ?? 0) + 1)
  for (const { formed } of launchesOf(steps)) new Set([...formed.context.params.keys()].map(ownerOf)).forEach(use)
  const pack = (step: FormedStep): readonly FormedStep[] => {
    const packed = packStep(step)
    if (step.kind === 'launch')
      for (const [owner, { writes }] of step.formed.context.params) if (writes) written.add(ownerOf(owner))
    return packed
  }
  let isLooped = false
  const packTurns = (body: readonly FormedStep[]): readonly FormedStep[] => {
    const outside = isLooped
    isLooped = true
    const packed = body.flatMap(pack)
    isLooped = outside
    return packed
  }
  const packStep = (step: FormedStep): readonly FormedStep[] => {
    if (step.kind === 'repeat') return [{ ...step, body: packTurns(step.body) }]
    if (step.kind === 'loop') return [{ ...step, start: step.start.flatMap(pack), body: packTurns(step.body) }]
    if (step.kind !== 'launch' || step.formed.context.params.size <= limits.buffers) return [step]
    const { producers } = step.formed.context
    const isKnown = (owner: Value): boolean => given.has(owner) || producers.get(owner)?.kind === 'literal'
    return packBuffers(step, {
      ...limits,
      isShared: (owner) => isKnown(owner) || owners.has(owner) || (users.get(owner) ?? 0) > 1,
      // the turns of a loop fill what the same kernel reads in the next
      isFilled: (owner) => isKnown(owner) || written.has(ownerOf(owner)) || isLooped,
      temporary: (dtype, size) => fresh({ dtype, shape: [size] }),
    })
  }
  const useFlags = (step: FormedStep): void => {
    if (step.kind === 'repeat') use(step.flag)
    if (step.kind === 'repeat' || step.kind === 'loop') step.body.forEach(useFlags)
  }
  steps.forEach(useFlags)
  return steps.flatMap(pack)
}

interface Formed {
  readonly steps: readonly FormedStep[]
  readonly owners: readonly Value[]
  ownerOf(value: Value): Value
}

function assemble(graph: Graph, machine: Machine, { steps, owners, ownerOf }: Formed): Plan {
  const all = launchesOf(steps)
  // what a loop carries on may have been written in place: then there is one kernel
  const largerOf = ({ formed: { larger = [] }, counters }: FormedLaunch): readonly LargerForm[] =>
    counters.length === 0 ? larger : []
  const runs = all.flatMap((launch) => [launch.formed, ...largerOf(launch)].map((form) => ({ form, launch })))
  const buffers = bindBuffers(graph, { steps, owners, ownerOf })
  const names = graph.dims.map((d) => d.name)
  const shared = shareKernels(
    runs.map(({ form: { context, formed }, launch: { counters } }) => ({
      params: paramsOf(context),
      dims: names,
      lanes: formed.lanes,
      arrays: context.arrays,
      body: formed.body,
      counters,
    })),
  )
  const taken = new Map<string, number>()
  const kernels: readonly Kernel[] = shared.kernels.map(({ firstLaunch, ...kernel }) => {
    const first = runs[firstLaunch] ?? internalError('a kernel has a launch')
    return { name: uniqueName(taken, namedOps(first.form.group).map(nameOf)), ...kernel }
  })
  const plannedRun = (form: FormedGroup): Omit<LargerLaunch, 'size' | 'least'> => {
    const launch = shared.launches[runs.findIndex((run) => run.form === form)] ?? internalError('a group has a launch')
    const { context, formed, product } = form
    return {
      ...launch,
      bindings: [...context.params.keys()].map((owner) => buffers.refOf(owner)),
      groups: formed.groups,
      ...(product && { product: plannedProduct(product, context) }),
    }
  }
  const launches = all.map((each): PlannedLaunch => {
    const { group, context } = each.formed
    const larger = largerOf(each).map((form) => ({ ...plannedRun(form), size: form.size, least: form.least }))
    const members = namedOps(group)
    const ops = members.map(nameOf)
    const [reads, writes] = trafficOf(context, machine)
    return {
      ...plannedRun(each.formed),
      ...(larger.length > 0 && { larger }),
      ops,
      origins: members.map((op) => op.origin),
      reason: reasonOf(group, ops),
      refused: group.refused,
      reads,
      writes,
      flops: context.flops,
    }
  })
  const { transients, constants } = buffers
  return { graph, kernels, launches, steps: planSteps(steps, all, buffers), transients, constants }
}

function plannedProduct({ a, b, c, sizes, strides }: PlainProduct, { params }: KernelContext): PlannedProduct {
  const owners = [...params.keys()]
  const { dtype } = c.type
  return { dtype, bindings: [a, b, c].map((owner) => owners.indexOf(owner)), numbers: [...sizes, ...strides.flat()] }
}

function planSteps(steps: readonly FormedStep[], all: readonly FormedLaunch[], buffers: BoundBuffers): readonly Step[] {
  const positions = new Map(all.map((launch, i) => [launch, i]))
  const refOf = (value: Value): BufferRef => buffers.refOf(value)
  const plan = (step: FormedStep): readonly Step[] => {
    if (step.kind === 'launch')
      return [{ kind: 'launch', launch: positions.get(step) ?? internalError('no such launch') }]
    if (step.kind === 'branch') {
      const { index, arms } = step
      const isBool = index.type.dtype === 'bool'
      return [{ kind: 'branch', index: refOf(index), isBool, arms: arms.map((arm) => arm.flatMap(plan)) }]
    }
    if (step.kind === 'repeat') return [{ kind: 'repeat', flag: refOf(step.flag), body: step.body.flatMap(plan) }]
    const { start, counter, count, turns, maximum, test, body } = step
    const loop: Step = {
      kind: 'loop',
      counter,
      count,
      turns: turns && refOf(turns),
      maximum,
      test: test && { steps: test.steps.flatMap(plan), result: refOf(test.result) },
      body: body.flatMap(plan),
    }
    return [...start.flatMap(plan), loop]
  }
  return steps.flatMap(plan)
}

function reasonOf(group: Group, ops: readonly string[]): string {
  if (group.reasons.size > 0) return [...group.reasons].join('; ')
  return ops.length > 1 ? 'elementwise ops and views over the same ranges' : 'one op'
}

/** The ops that compute something, in the order of the graph. */
function namedOps(group: Group): readonly AnyOp[] {
  return [...group.members]
    .filter((op) => classOf(op) !== 'movement' && classOf(op) !== 'source')
    .sort((a, b) => a.result.id - b.result.id)
}

function nameOf(op: AnyOp): string {
  return op.kind === 'reduce' ? op.params.fn : op.kind
}

function uniqueName(names: Map<string, number>, ops: readonly string[]): string {
  const words = [...new Set(ops)].slice(0, 6)
  const base = words.length === 0 ? 'copy' : words.join('_')
  const count = names.get(base) ?? 0
  names.set(base, count + 1)
  return count === 0 ? base : `${base}_${count}`
}

function trafficOf(context: KernelContext, { hasWords }: Machine): readonly [Dim, Dim] {
  const bytes = ({ type: { dtype, shape } }: Value): Dim =>
    dims.mul(hasWords && dtype !== 'f16' ? 4 : bytesOf(dtype), dims.product(shape))
  const sum = (values: readonly Dim[]): Dim => values.reduce(dims.add, 0)
  const params = [...context.params]
  return [
    sum(params.filter(([, p]) => p.reads).map(([owner]) => bytes(owner))),
    sum(params.filter(([, p]) => p.writes).map(([owner]) => bytes(owner))),
  ]
}
