// pack-buffers: a kernel with more buffers than a target binds -> one with fewer
//
// Buffers that nobody else knows become parts of one. Where that is not enough, others are copied into it before the
// kernel, or out of it after, until the rest fits.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import type { AnyOp, Value } from '../../ir/graph/graph.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import type { FormedLaunch } from './formed-step.ts'
import { type FormedGroup, type SegmentLimits, scheduleSegment } from '../schedule-segment.ts'
import type { Segment } from '../segment.ts'

/** What packing needs to know. */
export interface PackContext extends SegmentLimits {
  /** Whether anything but this kernel reads or writes a buffer. */
  isShared(owner: Value): boolean
  /** Whether a buffer holds anything before this kernel. */
  isFilled(owner: Value): boolean
  /** Returns a new buffer. */
  temporary(dtype: Value['type']['dtype'], size: Dim): Value
}

/** Returns what to launch in place of a kernel. */
export function packBuffers(launch: FormedLaunch, context: PackContext): readonly FormedLaunch[] {
  const { params } = launch.formed.context
  const own = [...params.keys()].filter((owner) => !context.isShared(owner))
  // the smallest of the others join, while there are too many
  const others = [...params.keys()]
    .filter((owner) => context.isShared(owner))
    .sort((a, b) => sizeAtLeast(a) - sizeAtLeast(b))
  const joined: Value[] = []
  const countOf = (): number => {
    const packed = [...own, ...joined]
    return others.length - joined.length + new Set(packed.map((owner) => owner.type.dtype)).size
  }
  while (countOf() > context.buffers) {
    const next = others.find((owner) => !joined.includes(owner) && helps(owner, [...own, ...joined], others))
    invariant(next !== undefined, 'buffers of a kernel can be packed')
    joined.push(next)
  }
  const before: FormedLaunch[] = []
  const after: FormedLaunch[] = []
  let packed = launch
  const all = [...own, ...joined]
  for (const dtype of new Set(all.map((owner) => owner.type.dtype))) {
    const owners = all.filter((owner) => owner.type.dtype === dtype)
    if (owners.length < 2) continue
    const size = owners.reduce((sum: Dim, owner) => dims.add(sum, placeFor(owner)), 0)
    const pack = context.temporary(dtype, size)
    const offsets = offsetsOf(owners)
    for (const owner of joined.filter((each) => owners.includes(each))) {
      const param = params.get(owner)
      const offset = offsets.get(owner) ?? 0
      const schedule = (segment: Segment): readonly FormedLaunch[] =>
        scheduleSegment(segment, context).map((formed) => ({ kind: 'launch', formed, counters: [] }))
      // what is written in part keeps the rest
      if (context.isFilled(owner)) before.push(...schedule(copyInto(owner, pack, offset, launch)))
      if (param?.writes === true) after.push(...schedule(copyFrom(owner, pack, offset, launch)))
    }
    packed = { ...packed, formed: merge(packed.formed, pack, offsets) }
  }
  return [...before, packed, ...after]
}

/** Whether packing a buffer leaves one less: the first of its dtype only changes its name. */
function helps(owner: Value, packed: readonly Value[], others: readonly Value[]): boolean {
  const { dtype } = owner.type
  return (
    packed.some((each) => each.type.dtype === dtype) || others.filter((each) => each.type.dtype === dtype).length > 1
  )
}

function sizeAtLeast({ type }: Value): number {
  const { low, high } = dims.bounds(dims.product(type.shape))
  return Number.isFinite(high) ? high : low + 1e9
}

/** Returns how many elements a buffer takes: vectors of four begin at multiples of four. */
function placeFor({ type }: Value): Dim {
  return dims.mul(dims.ceilDiv(dims.product(type.shape), 4), 4)
}

function offsetsOf(owners: readonly Value[]): ReadonlyMap<Value, Dim> {
  let offset: Dim = 0
  return new Map(
    owners.map((owner) => {
      const own = offset
      offset = dims.add(offset, placeFor(owner))
      return [owner, own] as const
    }),
  )
}

/** Lets a kernel find buffers at offsets of one. */
function merge({ group, context, formed }: FormedGroup, pack: Value, offsets: ReadonlyMap<Value, Dim>): FormedGroup {
  const params = new Map(context.params)
  const name = context.namer.name('p')
  const places = new Map<string, Dim>()
  const merged = { name, dtype: pack.type.dtype, reads: false, writes: false }
  for (const [owner, offset] of offsets) {
    const param = params.get(owner)
    if (param === undefined) continue
    places.set(param.name, offset)
    merged.reads ||= param.reads
    merged.writes ||= param.writes
    params.delete(owner)
  }
  params.set(pack, merged)
  const body = mapKernel(formed.body, {
    access: (index, param) => dims.add(index, places.get(param) ?? 0),
    param: (param) => (places.has(param) ? name : param),
  })
  return { group, context: { ...context, params }, formed: { ...formed, body } }
}

function copyInto(owner: Value, pack: Value, offset: Dim, launch: FormedLaunch): Segment {
  const literal = launch.formed.context.producers.get(owner)
  const flat = flatten(owner, launch)
  const ops = literal?.kind === 'literal' ? [literal, flat] : [flat]
  const inputs = literal?.kind === 'literal' ? [] : [owner]
  return { inputs, ops, wants: [{ value: flat.result, owner: pack, part: { axis: 0, offset } }] }
}

function flatten(owner: Value, launch: FormedLaunch): AnyOp {
  const shape = [dims.product(owner.type.shape)]
  const result: Value = { id: owner.id, type: { dtype: owner.type.dtype, shape } }
  return { kind: 'reshape', inputs: [owner], params: { shape }, result, origin: originOf(launch) }
}

function copyFrom(owner: Value, pack: Value, offset: Dim, launch: FormedLaunch): Segment {
  const { dtype, shape } = owner.type
  const size = dims.product(shape)
  const origin = originOf(launch)
  const flat: Value = { id: owner.id, type: { dtype, shape: [size] } }
  const whole: Value = { id: owner.id, type: owner.type }
  return {
    inputs: [pack],
    ops: [
      { kind: 'slice', inputs: [pack], params: { starts: [offset], steps: [1], sizes: [size] }, result: flat, origin },
      { kind: 'reshape', inputs: [flat], params: { shape }, result: whole, origin },
    ],
    wants: [{ value: whole, owner }],
  }
}

function originOf({ formed }: FormedLaunch): AnyOp['origin'] {
  for (const { origin } of formed.group.members) return origin
  return { span: { file: '', start: 0, end: 0 }, calls: [] }
}
