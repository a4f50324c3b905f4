// partition: graph -> groups, each of which becomes one kernel
//
// Range assignment from the outputs back: at each value every use of it is known, as index tuples over the ranges of
// the kernels that read it. A value with one kind of use inherits the ranges of its reader, which is fusion; a value
// whose readers disagree, or that would be recomputed at a price, gets a buffer. (After tinygrad's rangeify, extended by
// row kernels and several outputs a kernel.)

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'
import { contractLabels } from './contract-labels.ts'
import { mapIndex } from './index-maps.ts'
import {
  type Group,
  type PartitionState,
  type StoreTarget,
  type Use,
  addUse,
  atMost,
  classOf,
  createPartitionState,
  dependsOn,
  isComputed,
  isHeavy,
  tuplesOf,
} from './partition-state.ts'
import { acceptsRow, fitsRows, proposeGrid, splitRow } from './row-fusion.ts'
import { type Namer, type Tuple, coverage, namedRange } from './space.ts'

/** Reductions of fewer elements than this run inside one lane. */
const COOPERATIVE_REDUCTION = 64
/** Evaluations of one value of full price at different places of a kernel, above which it gets a buffer. */
const REPEAT_LIMIT = 4
/** Work (in adds) of a value that may be done again for every reader. */
const RECOMPUTE_LIMIT = 16
/** Operands of a concatenation that a reader chooses among; more are written in place. */
const INLINE_CONCAT = 4

/** What is decided: kernels to be, and who owns which buffer. */
export interface Partition {
  readonly groups: readonly Group[]
  readonly storers: ReadonlyMap<Value, readonly Group[]>
  readonly producers: ReadonlyMap<Value, AnyOp>
  /** Where each value is evaluated. */
  readonly uses: ReadonlyMap<Value, readonly Use[]>
  /** The buffer of each output of the graph. */
  readonly owners: readonly Value[]
}

/** Divides a graph into kernels. Values in `forced` get buffers. */
export function partition(graph: Graph, namer: Namer, forced: ReadonlySet<Value>): Partition {
  const state = createPartitionState(graph, namer, forced)
  const owners = placeOutputs(state)
  for (const op of [...graph.ops].reverse()) decide(state, op)
  return { groups: state.groups, storers: state.storers, producers: state.producers, uses: state.uses, owners }
}

/** Names the buffer of each output; one that is an input, or that another output returns too, is a copy. */
function placeOutputs(state: PartitionState): readonly Value[] {
  const seen = new Set<Value>()
  return state.graph.outputs.map(({ value }, index) => {
    const isOwn = state.outputs.has(value) && !seen.has(value)
    seen.add(value)
    if (isOwn) return value
    const owner: Value = { id: -1 - index, type: value.type }
    state.targets.set(value, [...(state.targets.get(value) ?? []), { owner }])
    if (!state.producers.has(value)) createGroup(state, value, [])
    return owner
  })
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
  if (producer === undefined || !isComputed(producer) || isPlacedInParts(state, producer) || state.outputs.has(input) || state.targets.has(input))
    return false
  state.targets.set(input, [{ owner: op.result }])
  return true
}

/** Returns why a value needs a buffer of its own, or undefined where its readers' kernels compute it. */
function whyBuffer(state: PartitionState, op: AnyOp, uses: readonly Use[]): string | undefined {
  const cls = classOf(op)
  if (cls === 'source') return undefined
  const groups = [...new Set(uses.map((u) => u.group))]
  const group = groups[0]
  if (group === undefined) return undefined
  const tuples = tuplesOf(uses)
  if (isPlacedInParts(state, op))
    return 'its parts are written where they belong'
  if (cls === 'movement') return undefined // what it shows decides for itself
  if (groups.length > 1) {
    const isCheap = state.heavy.has(op.result) ? readsSmaller(state, op) : workOf(state, op) <= RECOMPUTE_LIMIT
    return isCheap ? undefined : 'several kernels read it, and it is not cheap to compute again'
  }
  if (isHeavy(op)) return whyHeavyBuffer(state, op, group, uses)
  if (!state.heavy.has(op.result)) return whyLightBuffer(state, op, group, uses)
  if (group.grid === undefined && isEpilogue(group, op.result, uses)) return undefined
  if (group.grid !== undefined) {
    if (fitsRows(state, group, op.result, uses)) return undefined
    return tuples.length === 1 && !uses.some((u) => u.operand) ? undefined : 'a reduction behind it does not fit a row'
  }
  group.grid = proposeGrid(state, group, op.result, uses)
  return group.grid === undefined ? 'each of its values would be computed several times' : undefined
}

function whyLightBuffer(state: PartitionState, op: AnyOp, group: Group, uses: readonly Use[]): string | undefined {
  if (tuplesOf(uses).length * workOf(state, op) > REPEAT_LIMIT * RECOMPUTE_LIMIT) return 'read at too many places of one kernel'
  const isTileOperand = group.primary !== undefined && group.grid === undefined && uses.some((u) => u.operand)
  return isTileOperand && workOf(state, op) > RECOMPUTE_LIMIT
    ? 'every tile of the contraction would compute it again'
    : undefined
}

function whyHeavyBuffer(state: PartitionState, op: AnyOp, group: Group, uses: readonly Use[]): string | undefined {
  const tuples = tuplesOf(uses)
  if (group.grid !== undefined) {
    if (!acceptsRow(state, group, group.grid, op.result, tuples)) return 'it does not fit a row of the kernel that reads it'
    stage(group, group.grid, op, tuples)
    return undefined
  }
  if (isEpilogue(group, op.result, uses)) return startHeavy(group, op)
  group.grid = proposeGrid(state, group, op.result, uses)
  if (group.grid === undefined) return 'each of its values would be computed several times'
  stage(group, group.grid, op, tuples)
  group.reasons.add('a reduction and what is broadcast from it stay in one group of lanes')
  return undefined
}

/** A reduction or contraction over exactly the ranges of the group: the rest of the group is its epilogue. */
function startHeavy(group: Group, op: AnyOp): string | undefined {
  if (op.kind === 'contract') {
    const isFirst = group.primary === undefined && ![...group.members].some((m) => isHeavy(m))
    if (!isFirst) return 'the kernel that reads it has a reduction of its own'
    if (isDotProducts(op)) group.grid = allRanges(group)
    else group.primary = op
    group.reasons.add('elementwise ops over the result of a contraction are its epilogue')
    return undefined
  }
  if (group.primary !== undefined) return 'the kernel that reads it is tiled for a contraction'
  if (isCooperative(op)) group.grid = allRanges(group)
  group.reasons.add('elementwise ops over the result of a reduction are its epilogue')
  return undefined
}

/** Long reductions over the last axis, or with few results, are shared by the lanes of a group. */
function isCooperative(op: AnyOp): boolean {
  const input = op.inputs[0]
  if (op.kind !== 'reduce' || input === undefined) return false
  const extent = atMost(dims.product(op.params.axes.map((axis) => input.type.shape[axis] ?? 1)))
  const isLast = op.params.axes.includes(input.type.shape.length - 1)
  return extent >= COOPERATIVE_REDUCTION && (isLast || atMost(dims.product(op.result.type.shape)) <= 1024)
}

/** A matrix times few vectors: tiles would be mostly empty, so the lanes share each sum instead. */
function isDotProducts(op: AnyOp): boolean {
  if (op.kind !== 'contract') return false
  const { rows, columns, summed, sizes } = contractLabels(op)
  const most = (labels: readonly string[]): number => atMost(dims.product(labels.map((l) => sizes.get(l) ?? 1)))
  return Math.min(most(rows), most(columns)) <= 4 && most(summed) >= COOPERATIVE_REDUCTION
}

function allRanges(group: Group): ReadonlySet<string> {
  return new Set([...group.ranges.values()].filter((r) => typeof r.index !== 'number').map((r) => r.name))
}

function stage(group: Group, grid: ReadonlySet<string>, op: AnyOp, tuples: readonly Tuple[]): void {
  const split = splitRow(group, grid, op.result, tuples)
  if (split === undefined || split.innerAxes.length === 0) return
  group.staged += atMost(dims.product(split.innerAxes.map((a) => op.result.type.shape[a] ?? 1)))
}

function isEpilogue(group: Group, value: Value, uses: readonly Use[]): boolean {
  const [tuple, ...others] = tuplesOf(uses)
  if (tuple === undefined || others.length > 0 || uses.some((u) => u.operand)) return false
  return coversAll(group, value, tuple)
}

function coversAll(group: Group, value: Value, tuple: Tuple): boolean {
  const covered = coverage(tuple, value.type.shape, group.ranges)
  return covered?.length === [...group.ranges.values()].filter((r) => typeof r.index !== 'number').length
}

/** A concatenation that nobody computes: its operands are written where they belong. */
function isPlacedInParts(state: PartitionState, op: AnyOp): boolean {
  return op.kind === 'concat' && (state.heavy.has(op.result) || op.inputs.length > INLINE_CONCAT)
}

/** Gives a value a buffer: as one more output of a kernel that computes it anyway, or in a kernel of its own. */
function place(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  if (isPlacedInParts(state, op)) return placeParts(state, op, uses)
  const group = realise(state, op.result, uses)
  const own = group.stores.find((s) => s.value === op.result)
  if (own === undefined) return
  const joined = group.root !== op.result
  const ownUses = joined ? uses.filter((u) => u.group === group) : [{ group, tuple: own.tuple, operand: false }]
  if (isHeavy(op) && !joined) startHeavy(group, op)
  if (isHeavy(op) && joined && whyHeavyBuffer(state, op, group, ownUses) !== undefined) {
    // the kernel that was to store it on the way cannot compute it: a kernel of its own after all
    group.stores.splice(group.stores.indexOf(own), 1)
    state.storers.set(op.result, (state.storers.get(op.result) ?? []).filter((g) => g !== group))
    return placeAlone(state, op, uses)
  }
  inheritAll(state, op, ownUses)
}

function placeAlone(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  const group = createGroup(state, op.result, uses)
  startHeavy(group, op)
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
  if (group.grid !== undefined) {
    return uses.length > 0 && splitRow(group, group.grid, value, tuplesOf(uses)) !== undefined && fitsRows(state, group, value, uses)
  }
  if (isEpilogue(group, value, uses)) return true
  if (!state.heavy.has(value)) return false
  const grid = group.stores.length > 0 ? proposeGrid(state, group, value, uses) : undefined
  if (grid !== undefined) group.grid = grid
  return grid !== undefined
}

function createGroup(state: PartitionState, value: Value, uses: readonly Use[]): Group {
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

/** The op is computed where it is used: its operands are used there too. */
function inheritAll(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  const rows = new Set<Group>()
  for (const use of uses) {
    use.group.members.add(op)
    // a staged row is computed once, whatever the number of its readers
    if (isHeavy(op) && use.group.grid !== undefined) {
      if (rows.has(use.group)) continue
      rows.add(use.group)
    }
    inherit(state, op, use)
  }
}

function inherit(state: PartitionState, op: AnyOp, use: Use): void {
  const { group, operand } = use
  if (op.kind === 'reduce') {
    const { axes } = op.params
    const shape = op.inputs[0]?.type.shape ?? []
    const rest = [...stagedTuple(state, op, use)]
    const tuple = shape.map((size, axis) => (axes.includes(axis) ? state.namer.range('r', size).index : (rest.shift() ?? 0)))
    for (const input of op.inputs) addUse(state, input, { group, tuple, operand: true })
  } else if (op.kind === 'contract') {
    const { a, b, out } = op.params
    const at = stagedTuple(state, op, use)
    const indices = new Map<string, Dim>(out.map((label, axis) => [label, at[axis] ?? 0]))
    ;[a, b].forEach((labels, side) => {
      const input = op.inputs[side]
      if (input === undefined) return
      const tuple = labels.map((label, axis) => {
        const index = indices.get(label) ?? state.namer.range('r', input.type.shape[axis] ?? 1).index
        indices.set(label, index)
        return index
      })
      addUse(state, input, { group, tuple, operand: true })
    })
  } else if (op.kind === 'gather' || op.kind === 'gatherElements') inheritGather(state, op, use)
  else
    for (const index of mapIndex(op, use.tuple)) {
      const input = op.inputs[index.operand]
      if (input !== undefined) addUse(state, input, { group, tuple: index.tuple, operand })
    }
}

function inheritGather(state: PartitionState, op: AnyOp, use: Use): void {
  if (op.kind !== 'gather' && op.kind !== 'gatherElements') return
  const [x, indices] = op.inputs
  if (x === undefined || indices === undefined) return
  const { axis } = op.params
  const size = x.type.shape[axis] ?? 1
  const found = state.namer.range('x', size).index // known when the kernel runs
  const count = op.kind === 'gather' ? indices.type.shape.length : 1
  const whole = op.kind === 'gatherElements'
  const tuple = [...use.tuple.slice(0, axis), found, ...use.tuple.slice(axis + count)]
  addUse(state, x, { ...use, tuple })
  addUse(state, indices, { ...use, tuple: whole ? use.tuple : use.tuple.slice(axis, axis + count) })
}

/** In a row kernel a heavy value is computed over its own inner ranges, not at its readers' places. */
function stagedTuple(state: PartitionState, op: AnyOp, use: Use): Tuple {
  const { grid } = use.group
  if (grid === undefined) return use.tuple
  const split = splitRow(use.group, grid, op.result, [use.tuple])
  if (split === undefined) return use.tuple
  return use.tuple.map((e, axis) =>
    split.innerAxes.includes(axis) ? state.namer.range('j', op.result.type.shape[axis] ?? 1).index : e,
  )
}

/**
 * An elementwise value over much smaller results of reductions (x - mean): a buffer for those is cheaper than one for
 * the value, which every reader computes again.
 */
function readsSmaller(state: PartitionState, op: AnyOp): boolean {
  if (classOf(op) !== 'elementwise') return false
  const size = atMost(dims.product(op.result.type.shape))
  const behind = op.inputs.filter((v) => state.heavy.has(v)).map((v) => shown(state, v))
  return behind.every((v) => atMost(dims.product(v.type.shape)) * 8 <= size)
}

/** The value that views show. */
function shown(state: PartitionState, value: Value): Value {
  const op = state.producers.get(value)
  const input = op?.inputs[0]
  return op !== undefined && input !== undefined && classOf(op) === 'movement' && op.kind !== 'concat' ? shown(state, input) : value
}

/** Work to compute one element again, in adds; loads count too. */
function workOf(state: PartitionState, op: AnyOp): number {
  let work = 0
  const seen = new Set<AnyOp>()
  const visit = (o: AnyOp): void => {
    if (seen.has(o) || work > RECOMPUTE_LIMIT) return
    seen.add(o)
    const cls = classOf(o)
    work += cls === 'elementwise' ? (expensive.has(o.kind) ? 8 : 1) : cls === 'indexed' ? 4 : 0
    for (const input of o.inputs) {
      const producer = state.producers.get(input)
      if (producer === undefined) work += 1
      else visit(producer)
    }
  }
  visit(op)
  return work
}

const expensive: ReadonlySet<string> = new Set([
  'exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'erf', 'pow', 'atan2',
])
