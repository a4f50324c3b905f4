// schedule-segment: segment -> formed kernels, in launch order
//
// Partitions, orders and forms. Kernels that bind more buffers than the target allows are split by giving one more value
// a buffer, and everything is done again.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../base/invariant.ts'
import type { Value } from '../ir/graph/graph.ts'
import { structureKey } from '../ir/graph/structure-key.ts'
import { contractLabels } from './contract-labels.ts'
import { formContract } from './form-contract.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { formMap } from './form-map.ts'
import { formRow } from './form-row.ts'
import { type KernelContext, createKernelContext } from './kernel-context.ts'
import { formContractLoops } from './loops/form-contract-loops.ts'
import { formMapLoops } from './loops/form-map-loops.ts'
import { formRowLoops } from './loops/form-row-loops.ts'
import type { Machine } from './machine.ts'
import { orderGroups } from './order-groups.ts'
import { type Partition, partition } from './partition.ts'
import { type Group, tuplesOf } from './partition-state.ts'
import { type PlainProduct, plainProduct } from './plain-product.ts'
import type { Segment } from './segment.ts'
import { type Namer, type Tuple, createNamer } from './space.ts'
import { whereToSplit } from './split-group.ts'
import { contractSizes } from './tile-context.ts'
import { usually } from './usual-size.ts'

/** One kernel to be, and what it was formed of. */
export interface FormedGroup {
  readonly group: Group
  readonly context: KernelContext
  formed: FormedKernel
  /** The product of matrices that it is, if it is no more. */
  readonly product?: PlainProduct
  /** The same for more work, from less to more. */
  readonly larger?: readonly LargerForm[]
}

/** A kernel to be in the place of another where there is more work: where `size` is at least `least`. */
export interface LargerForm extends Omit<FormedGroup, 'larger'> {
  readonly size: Dim
  readonly least: number
}

/** What kernels may bind, and what they are formed for. */
export interface SegmentLimits {
  readonly buffers: number
  readonly machine: Machine
  /** Forms a group without cooperation of lanes, and gives names, where kernels become parts of a larger one. */
  readonly part?: { readonly namer: Namer; form(context: KernelContext): FormedKernel }
}

/** Returns the kernels of a segment, each before those that read what it writes. */
export function scheduleSegment(segment: Segment, limits: SegmentLimits): readonly FormedGroup[] {
  const { buffers, machine } = limits
  const inputs = new Set(segment.inputs)
  const forced = new Set<Value>()
  for (;;) {
    const parts = partition(segment, machine, createNamer(), forced)
    const formed = orderGroups(parts).map((group) => formGroup(inputs, limits, parts, group))
    const tooWide = formed.filter((f) => f.context.params.size > buffers)
    if (tooWide.length === 0) return formed
    for (const { context } of tooWide) {
      const split = whereToSplit(context, segment.ops)
      invariant(split !== undefined && !forced.has(split), 'a kernel with too many buffers can be split')
      forced.add(split)
    }
  }
}

function formGroup(
  inputs: ReadonlySet<Value>,
  { machine, part }: SegmentLimits,
  parts: Partition,
  group: Group,
): FormedGroup {
  const createContext = (): KernelContext =>
    createKernelContext(group, parts.producers, (value) => ownerOf(inputs, parts, value), part?.namer)
  const context = createContext()
  if (part !== undefined) return { group, context, formed: part.form(context) }
  const formed = machine.kind === 'loops' ? formLoops(context, parts) : form(context, parts, machine)
  const { primary, grid } = group
  if (primary === undefined || grid !== undefined) return { group, context, formed }
  const productOf = (own: KernelContext): Pick<FormedGroup, 'product'> => {
    const product = machine.notesProducts ? plainProduct(own, primary) : undefined
    return product === undefined ? {} : { product }
  }
  const larger = formLarger({ group, context, formed }, machine, (assumed) => {
    const own = createContext()
    const kernel = formContract(own, machine, usedAt(own, parts), assumed)
    return { group, context: own, formed: kernel, ...productOf(own) }
  })
  return { group, context, formed, ...productOf(context), ...(larger.length > 0 && { larger }) }
}

/** Returns the kernels for more work that are not the one for what is usual. */
function formLarger(
  { group, context, formed }: FormedGroup,
  machine: Machine,
  formFor: (assumed: number) => Omit<FormedGroup, 'larger'>,
): readonly LargerForm[] {
  if (group.primary === undefined) return []
  const { rows, columns, batch } = contractSizes(contractLabels(group.primary))
  const size = dims.product([rows, columns, batch])
  const keyOf = (own: KernelContext, { lanes, body }: FormedKernel): string =>
    structureKey({ lanes, body, arrays: own.arrays })
  const known = new Set([keyOf(context, formed)])
  if (typeof size === 'number') return []
  return machine.assumed.flatMap((assumed) => {
    const own = formFor(assumed)
    const key = keyOf(own.context, own.formed)
    if (known.has(key)) return []
    known.add(key)
    return [{ ...own, size, least: usually(size, [], assumed) }]
  })
}

function form(context: KernelContext, parts: Partition, machine: Machine): FormedKernel {
  const { group } = context
  if (group.grid !== undefined) return formRow(context, machine, parts.uses)
  return group.primary === undefined
    ? formMap(context, machine)
    : formContract(context, machine, usedAt(context, parts))
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
function ownerOf(inputs: ReadonlySet<Value>, parts: Partition, value: Value): Value | undefined {
  if (inputs.has(value) || parts.producers.get(value)?.kind === 'literal') return value
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
