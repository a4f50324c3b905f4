// partition: segment -> groups, each of which becomes one kernel
//
// Range assignment from the outputs back: at each value every use of it is known, as index tuples over the ranges of
// the kernels that read it. A value with one kind of use inherits the ranges of its reader, which is fusion; a value
// whose readers disagree, or that would be recomputed at a price, gets a buffer. (After tinygrad's rangeify, extended by
// row kernels and several outputs a kernel.)

import type { AnyOp, Value } from '../ir/graph/graph.ts'
import { inheritAll } from './inherit.ts'
import type { Machine } from './machine.ts'
import {
  type Group,
  type PartitionState,
  type StoreTarget,
  type Use,
  createPartitionState,
  isComputed,
} from './partition-state.ts'
import { createGroup, place } from './place.ts'
import type { Segment } from './segment.ts'
import type { Namer } from './space.ts'
import { isPlacedInParts, whyBuffer } from './why-buffer.ts'

/** What is decided: kernels to be, and who owns which buffer. */
export interface Partition {
  readonly groups: readonly Group[]
  readonly storers: ReadonlyMap<Value, readonly Group[]>
  readonly producers: ReadonlyMap<Value, AnyOp>
  /** Where each value is evaluated. */
  readonly uses: ReadonlyMap<Value, readonly Use[]>
}

/** Divides a segment into kernels for a machine. Values in `forced` get buffers. */
export function partition(segment: Segment, machine: Machine, namer: Namer, forced: ReadonlySet<Value>): Partition {
  const state = createPartitionState(segment, machine, namer, forced)
  placeWants(state)
  for (const op of [...segment.ops].reverse()) decide(state, op)
  return { groups: state.groups, storers: state.storers, producers: state.producers, uses: state.uses }
}

/** Notes the buffers that values are wanted in; what the segment does not make is a copy. */
function placeWants(state: PartitionState): void {
  const { wants } = state.segment
  for (const { value, owner, part } of wants) {
    if (owner === value) continue
    const target: StoreTarget = part === undefined ? { owner } : { owner, part }
    state.targets.set(value, [...(state.targets.get(value) ?? []), target])
  }
  for (const value of new Set(wants.map((want) => want.value)))
    if (!state.producers.has(value)) createGroup(state, value, [])
}

function decide(state: PartitionState, op: AnyOp): void {
  const value = op.result
  const uses = state.uses.get(value) ?? []
  const isWanted = state.outputs.has(value) || state.targets.has(value) || state.forced.has(value)
  if (uses.length === 0 && !isWanted) return
  if (isWanted && op.kind === 'reshape' && sharesBuffer(state, op)) return inheritAll(state, op, uses)
  if (isWanted) return place(state, op, uses)
  if (op.kind === 'literal') return // a constant buffer
  const reason = whyBuffer(state, op, uses)
  if (reason === undefined) return inheritAll(state, op, uses)
  for (const group of new Set(uses.map((u) => u.group))) group.refused.push(`${op.kind} %${value.id}: ${reason}`)
  place(state, op, uses)
}

/** An output that only renames the shape of a computed value is that value's buffer. */
function sharesBuffer(state: PartitionState, op: AnyOp): boolean {
  const input = op.inputs[0]
  if (input === undefined || state.targets.has(op.result) || state.forced.has(op.result)) return false
  const producer = state.producers.get(input)
  if (
    producer === undefined ||
    !isComputed(producer) ||
    isPlacedInParts(state, producer) ||
    state.outputs.has(input) ||
    state.targets.has(input)
  )
    return false
  state.targets.set(input, [{ owner: op.result }])
  return true
}
