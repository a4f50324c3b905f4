// place: a value that gets a buffer -> the kernel that stores it

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../ir/graph/graph.ts'
import { inheritAll } from './inherit.ts'
import {
  type Group,
  type PartitionState,
  type StoreTarget,
  type Use,
  addUse,
  dependsOn,
  isHeavy,
  readsBuffer,
  tuplesOf,
} from './partition-state.ts'
import { fitsRows, proposeGrid, splitRow } from './row-fusion.ts'
import { type Tuple, namedRange } from './space.ts'
import { isEpilogue, isPlacedInParts, startHeavy, whyHeavyBuffer } from './why-buffer.ts'

/** Gives a value a buffer: as one more output of a kernel that computes it anyway, or in a kernel of its own. */
export function place(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  if (isPlacedInParts(state, op)) return placeParts(state, op, uses)
  const group = realise(state, op.result, uses)
  const own = group.stores.find((s) => s.value === op.result)
  if (own === undefined) return
  const joined = group.root !== op.result
  const ownUses = joined ? uses.filter((u) => u.group === group) : [{ group, tuple: own.tuple, operand: false }]
  if (isHeavy(op) && !joined) startHeavy(state, group, op)
  if (isHeavy(op) && joined && whyHeavyBuffer(state, op, group, ownUses) !== undefined) {
    // the kernel that was to store it on the way cannot compute it: a kernel of its own after all
    group.stores.splice(group.stores.indexOf(own), 1)
    state.storers.set(
      op.result,
      (state.storers.get(op.result) ?? []).filter((g) => g !== group),
    )
    return placeAlone(state, op, uses)
  }
  inheritAll(state, op, ownUses)
}

function placeAlone(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  const group = createGroup(state, op.result, uses)
  startHeavy(state, group, op)
  const own = group.stores[0]
  if (own !== undefined) inheritAll(state, op, [{ group, tuple: own.tuple, operand: false }])
}

/** Writes the operands of a concatenation where they belong in its buffer. */
function placeParts(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  if (op.kind !== 'concat') return
  for (const use of uses) use.group.reads.add(op.result)
  state.storers.set(op.result, [])
  let offset: Dim = 0
  for (const input of op.inputs) {
    const target = { owner: op.result, part: { axis: op.params.axis, offset } }
    offset = dims.add(offset, input.type.shape[op.params.axis] ?? 0)
    const producer = state.producers.get(input)
    const canWrite = producer !== undefined && producer.kind !== 'literal' && !isPlacedInParts(state, producer)
    if (canWrite && !state.targets.has(input)) state.targets.set(input, [target])
    else copyInto(state, input, target)
  }
  for (const target of state.targets.get(op.result) ?? []) copyInto(state, op.result, target).reads.add(op.result)
}

function copyInto(state: PartitionState, input: Value, target: StoreTarget): Group {
  const group = newGroup(state, input)
  const tuple = [...group.ranges.values()].map((r) => r.index)
  group.stores.push({ value: input, tuple, targets: [target] })
  addStorer(state, target.owner, group)
  addUse(state, input, { group, tuple, operand: false })
  return group
}

/** Chooses who stores a value, and makes every other reader read the buffer. */
function realise(state: PartitionState, value: Value, uses: readonly Use[]): Group {
  const groups = [...new Set(uses.map((u) => u.group))]
  for (const group of groups) {
    const own = uses.filter((u) => u.group === group)
    const others = groups.filter((g) => g !== group)
    if (!canStore(state, group, value, own) || others.some((g) => dependsOn(state, group, g))) continue
    storeIn(state, group, value, own[0]?.tuple ?? [])
    for (const other of others) other.reads.add(value)
    group.reasons.add('one kernel stores several results')
    return group
  }
  return createGroup(state, value, uses)
}

function canStore(state: PartitionState, group: Group, value: Value, uses: readonly Use[]): boolean {
  if (!state.producers.has(value) || state.forced.has(value)) return false
  // a part of what the kernel reads has to be written before it
  if ((state.targets.get(value) ?? []).some(({ owner }) => readsBuffer(state, group, owner))) return false
  if (group.members.size >= state.machine.opsPerKernel) return false
  if (group.grid !== undefined) {
    return (
      uses.length > 0 &&
      splitRow(group, group.grid, value, tuplesOf(uses)) !== undefined &&
      fitsRows(state, group, value, uses)
    )
  }
  if (isEpilogue(group, value, uses)) return true
  if (!state.heavy.has(value)) return false
  const grid = group.stores.length > 0 ? proposeGrid(state, group, value, uses) : undefined
  if (grid !== undefined) group.grid = grid
  return grid !== undefined
}

/** A new kernel that stores a value. */
export function createGroup(state: PartitionState, value: Value, uses: readonly Use[]): Group {
  for (const use of uses) use.group.reads.add(value)
  const group = newGroup(state, value)
  storeIn(
    state,
    group,
    value,
    [...group.ranges.values()].map((r) => r.index),
  )
  if (!state.producers.has(value)) addUse(state, value, { group, tuple: group.stores[0]?.tuple ?? [], operand: false })
  return group
}

function newGroup(state: PartitionState, root: Value): Group {
  // named alike in every group: equal kernels are then equal texts
  const ranges = root.type.shape.map((extent, axis) => namedRange(`i${axis}`, extent))
  const group: Group = {
    id: state.groups.length,
    root,
    ranges: new Map(ranges.map((r) => [r.name, r])),
    stores: [],
    members: new Set(),
    grid: undefined,
    primary: undefined,
    staged: 0,
    reads: new Set(),
    reasons: new Set(),
    refused: [],
  }
  state.groups.push(group)
  return group
}

function storeIn(state: PartitionState, group: Group, value: Value, tuple: Tuple): void {
  const targets = state.targets.get(value) ?? []
  const isRead = (state.uses.get(value) ?? []).some((u) => u.group !== group)
  const alias = targets.find((t) => t.part === undefined)
  const isOwner = state.outputs.has(value) || (alias === undefined && (targets.length === 0 || isRead))
  group.stores.push({ value, tuple, targets: isOwner ? [{ owner: value }, ...targets] : targets })
  if (isOwner || alias !== undefined) addStorer(state, value, group)
  for (const target of targets) addStorer(state, target.owner, group)
}

function addStorer(state: PartitionState, owner: Value, group: Group): void {
  state.storers.set(owner, [...(state.storers.get(owner) ?? []), group])
}
