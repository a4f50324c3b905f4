// schedule: graph -> plan
//
// Partitions the graph into groups, orders them, forms a kernel of each, and binds buffers. Kernels that bind more
// buffers than the target allows are split by giving one more value a buffer, and everything is done again.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../base/invariant.ts'
import type { Graph, Value } from '../ir/graph/graph.ts'
import type { Kernel } from '../ir/kernel/kernel.ts'
import type { Plan, PlannedLaunch } from '../ir/plan/plan.ts'
import { bindBuffers } from './bind-buffers.ts'
import { formContract } from './form-contract.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { formMap } from './form-map.ts'
import { formRow } from './form-row.ts'
import { type KernelContext, createKernelContext, paramsOf } from './kernel-context.ts'
import { formContractLoops } from './loops/form-contract-loops.ts'
import { formMapLoops } from './loops/form-map-loops.ts'
import { formRowLoops } from './loops/form-row-loops.ts'
import { type Machine, lanes, loops } from './machine.ts'
import { orderGroups } from './order-groups.ts'
import { type Partition, partition } from './partition.ts'
import { type Group, classOf, tuplesOf } from './partition-state.ts'
import { shareKernels } from './share-kernels.ts'
import { type Tuple, createNamer } from './space.ts'
import { whereToSplit } from './split-group.ts'

/** What a target allows one kernel, and what it runs on. */
export interface ScheduleLimits {
  readonly buffers: number
  /** Default: lanes. */
  readonly machine?: 'lanes' | 'loops'
}

/** Returns kernels and launches for a graph. */
export function schedule(graph: Graph, limits: ScheduleLimits): Plan {
  const machine = limits.machine === 'loops' ? loops : lanes
  const forced = new Set<Value>()
  for (;;) {
    const parts = partition(graph, machine, createNamer(), forced)
    const formed = orderGroups(parts).map((group) => formGroup(graph, machine, parts, group))
    const tooWide = formed.filter((f) => f.context.params.size > limits.buffers)
    if (tooWide.length === 0) return assemble(graph, parts, formed)
    for (const { context } of tooWide) {
      const split = whereToSplit(context, graph)
      invariant(split !== undefined && !forced.has(split), 'a kernel with too many buffers can be split')
      forced.add(split)
    }
  }
}

interface FormedGroup {
  readonly group: Group
  readonly context: KernelContext
  readonly formed: FormedKernel
}

function formGroup(graph: Graph, machine: Machine, parts: Partition, group: Group): FormedGroup {
  const context = createKernelContext(group, parts.producers, (value) => ownerOf(graph, parts, value))
  return { group, context, formed: (machine.kind === 'loops' ? formLoops : form)(context, parts) }
}

function form(context: KernelContext, parts: Partition): FormedKernel {
  const { group } = context
  if (group.grid !== undefined) return formRow(context, parts.uses)
  return group.primary === undefined ? formMap(context) : formContract(context, usedAt(context, parts))
}

function formLoops(context: KernelContext, parts: Partition): FormedKernel {
  const { group } = context
  if (group.grid !== undefined) return formRowLoops(context, parts.uses)
  return group.primary === undefined ? formMapLoops(context) : formContractLoops(context, usedAt(context, parts))
}

/** The place at which a group evaluates the contraction that it is tiled for. */
function usedAt({ group }: KernelContext, parts: Partition): Tuple {
  if (group.primary === undefined) return internalError('a tiled kernel has a contraction')
  const { result } = group.primary
  const uses = (parts.uses.get(result) ?? []).filter((u) => u.group === group)
  const used = tuplesOf(uses)[0] ?? group.stores.find((s) => s.value === result)?.tuple
  return used ?? internalError('the contraction of a kernel is used in it')
}

/** The value that names the buffer in which a value lies. */
function ownerOf(graph: Graph, parts: Partition, value: Value): Value | undefined {
  const isGiven = graph.inputs.some((i) => i.value === value) || graph.weights.some((w) => w.value === value)
  if (isGiven || parts.producers.get(value)?.kind === 'literal') return value
  if ((parts.storers.get(value) ?? []).length === 0) return undefined
  // a value whose only buffer is that of an output with another shape
  for (const group of parts.storers.get(value) ?? [])
    for (const store of group.stores)
      if (store.value === value && !store.targets.some((t) => t.owner === value)) {
        const whole = store.targets.find((t) => t.part === undefined)
        if (whole !== undefined) return whole.owner
      }
  return value
}

function assemble(graph: Graph, parts: Partition, formed: readonly FormedGroup[]): Plan {
  const buffers = bindBuffers(graph, parts, formed)
  const names = graph.dims.map((d) => d.name)
  const shared = shareKernels(
    formed.map(({ context, formed: f }) => ({
      params: paramsOf(context),
      dims: names,
      lanes: f.lanes,
      arrays: context.arrays,
      body: f.body,
    })),
  )
  const taken = new Map<string, number>()
  const kernels: readonly Kernel[] = shared.kernels.map(({ firstLaunch, ...kernel }) => {
    const first = formed[firstLaunch] ?? internalError('a kernel has a launch')
    return { name: uniqueName(taken, opsOf(first.group)), ...kernel }
  })
  const launches = formed.map(({ group, context, formed: f }, i): PlannedLaunch => {
    const launch = shared.launches[i] ?? internalError('a group has a launch')
    const ops = opsOf(group)
    const [reads, writes] = trafficOf(context)
    return {
      ...launch,
      bindings: [...context.params.keys()].map((owner) => buffers.refOf(owner)),
      groups: f.groups,
      ops,
      reason: reasonOf(group, ops),
      refused: group.refused,
      reads,
      writes,
      flops: context.flops,
    }
  })
  return { graph, kernels, launches, transients: buffers.transients, constants: buffers.constants }
}

function reasonOf(group: Group, ops: readonly string[]): string {
  if (group.reasons.size > 0) return [...group.reasons].join('; ')
  return ops.length > 1 ? 'elementwise ops and views over the same ranges' : 'one op'
}

function opsOf(group: Group): readonly string[] {
  return [...group.members]
    .filter((op) => classOf(op) !== 'movement' && classOf(op) !== 'source')
    .sort((a, b) => a.result.id - b.result.id)
    .map((op) => (op.kind === 'reduce' ? op.params.fn : op.kind))
}

function uniqueName(names: Map<string, number>, ops: readonly string[]): string {
  const words = [...new Set(ops)].slice(0, 6)
  const base = words.length === 0 ? 'copy' : words.join('_')
  const count = names.get(base) ?? 0
  names.set(base, count + 1)
  return count === 0 ? base : `${base}_${count}`
}

function trafficOf(context: KernelContext): readonly [Dim, Dim] {
  const bytes = (owner: Value): Dim => dims.mul(4, dims.product(owner.type.shape))
  const sum = (values: readonly Dim[]): Dim => values.reduce(dims.add, 0)
  const params = [...context.params]
  return [
    sum(params.filter(([, p]) => p.reads).map(([owner]) => bytes(owner))),
    sum(params.filter(([, p]) => p.writes).map(([owner]) => bytes(owner))),
  ]
}
