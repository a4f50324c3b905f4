// why-buffer: may the kernels that read a value compute it themselves, or does it need a buffer?

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import { contractLabels } from './contract-labels.ts'
import { mapIndex } from './index-maps.ts'
import type { Machine } from './machine.ts'
import { type Group, type PartitionState, type Use, atMost, classOf, isHeavy, tuplesOf } from './partition-state.ts'
import { readsSmaller, RECOMPUTE_LIMIT, workOf } from './recompute-cost.ts'
import { acceptsRow, fitsRows, proposeGrid, splitRow } from './row-fusion.ts'
import { type Tuple, coverage } from './space.ts'
import { contractSizes } from './tile-context.ts'

/** Evaluations of one value of full price at different places of a kernel, above which it gets a buffer. */
const REPEAT_LIMIT = 4

/** Operands of a concatenation that a reader chooses among; more are written in place. */
const INLINE_CONCAT = 4

/** Returns why a value needs a buffer of its own, or undefined where its readers' kernels compute it. */
export function whyBuffer(state: PartitionState, op: AnyOp, uses: readonly Use[]): string | undefined {
  const cls = classOf(op)
  if (cls === 'source') return undefined
  const groups = [...new Set(uses.map((u) => u.group))]
  const group = groups[0]
  if (group === undefined) return undefined
  const tuples = tuplesOf(uses)
  if (isPlacedInParts(state, op)) return 'its parts are written where they belong'
  if (isDividedOperand(state, op, group, uses)) return 'every tile of the contraction would divide by sizes to find it'
  if (cls === 'movement' && !isGuardedOperand(state, op, group, uses)) return undefined // what it shows decides for itself
  if (group.members.size >= state.machine.opsPerKernel) return 'the kernel that reads it has enough to do'
  if (groups.length > 1) {
    const isCheap = state.heavy.has(op.result) ? readsSmaller(state, op) : workOf(state, op) <= RECOMPUTE_LIMIT
    return isCheap ? undefined : 'several kernels read it, and it is not cheap to compute again'
  }
  if (state.machine.severalPlaces && state.heavy.has(op.result) && isComputedOnce(group, op.result, uses)) {
    group.reasons.add('what is summed is read in parts by one kernel')
    return undefined
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

/** Whether a load gives the value anyhow: bytes as integers of 32 bits. */
function isWidened(op: AnyOp): boolean {
  if (op.kind !== 'cast') return false
  const [from, to] = [op.inputs[0]?.type.dtype, op.result.type.dtype]
  return (from === 'i8' || from === 'u8') && (to === 'i32' || to === 'u32')
}

function whyLightBuffer(state: PartitionState, op: AnyOp, group: Group, uses: readonly Use[]): string | undefined {
  if (tuplesOf(uses).length * workOf(state, op) > REPEAT_LIMIT * RECOMPUTE_LIMIT)
    return 'read at too many places of one kernel'
  const isTileOperand = group.primary !== undefined && group.grid === undefined && uses.some((u) => u.operand)
  return isTileOperand && !isWidened(op) && workOf(state, op) > state.machine.operandWork
    ? 'every tile of the contraction would compute it again'
    : undefined
}

/** An operand of a tiled contraction that is defined in parts: loops would test at every element which part it is. */
function isGuardedOperand(state: PartitionState, op: AnyOp, group: Group, uses: readonly Use[]): boolean {
  if (state.machine.kind === 'lanes' || group.primary === undefined || !uses.some((u) => u.operand)) return false
  return op.kind === 'pad' || op.kind === 'concat'
}

/** An operand of a tiled contraction whose elements are found by dividing by sizes that are known at the call only. */
function isDividedOperand(state: PartitionState, op: AnyOp, group: Group, uses: readonly Use[]): boolean {
  if (state.machine.kind === 'lanes' || group.primary === undefined || op.kind !== 'reshape') return false
  const operands = uses.filter((use) => use.operand)
  return operands.some(({ tuple }) => mapIndex(op, tuple).some((index) => index.tuple.some(dividesBySize)))
}

function dividesBySize(index: Dim): boolean {
  if (typeof index === 'number') return false
  return index.terms.some(({ atoms }) =>
    atoms.some((atom) => (atom.kind === 'floorDiv' || atom.kind === 'mod') && dims.symbolsOf(atom.right).length > 0),
  )
}

/** The same for a reduction or contraction; takes it into the group where it fits. */
export function whyHeavyBuffer(
  state: PartitionState,
  op: AnyOp,
  group: Group,
  uses: readonly Use[],
): string | undefined {
  const tuples = tuplesOf(uses)
  if (group.grid !== undefined) {
    if (!acceptsRow(state, group, group.grid, op.result, tuples))
      return 'it does not fit a row of the kernel that reads it'
    stage(group, group.grid, op, tuples)
    return undefined
  }
  if (isEpilogue(group, op.result, uses)) return startHeavy(state, group, op)
  group.grid = proposeGrid(state, group, op.result, uses)
  if (group.grid === undefined) return 'each of its values would be computed several times'
  stage(group, group.grid, op, tuples)
  group.reasons.add('a reduction and what is broadcast from it stay in one group of lanes')
  return undefined
}

/** A reduction or contraction over exactly the ranges of the group: the rest of the group is its epilogue. */
export function startHeavy(state: PartitionState, group: Group, op: AnyOp): string | undefined {
  if (op.kind === 'contract') {
    const isFirst = group.primary === undefined && ![...group.members].some((m) => isHeavy(m))
    if (!isFirst) return 'the kernel that reads it has a reduction of its own'
    if (isDotProducts(state.machine, op)) group.grid = allRanges(group)
    else if (!isSmall(state.machine, op)) group.primary = op
    group.reasons.add('elementwise ops over the result of a contraction are its epilogue')
    return undefined
  }
  if (group.primary !== undefined) return 'the kernel that reads it is tiled for a contraction'
  if (isCooperative(state.machine, op)) group.grid = allRanges(group)
  group.reasons.add('elementwise ops over the result of a reduction are its epilogue')
  return undefined
}

/** Long reductions over the last axis, or with few results, are shared by the lanes of a group. */
function isCooperative(machine: Machine, op: AnyOp): boolean {
  const input = op.inputs[0]
  if (op.kind !== 'reduce' || input === undefined || !machine.cooperates) return false
  const extent = atMost(dims.product(op.params.axes.map((axis) => input.type.shape[axis] ?? 1)))
  const isLast = op.params.axes.includes(input.type.shape.length - 1)
  return extent >= machine.cooperativeReduction && (isLast || atMost(dims.product(op.result.type.shape)) <= 1024)
}

/** A matrix times few vectors: tiles would be mostly empty, so the lanes share each sum instead. */
function isDotProducts(machine: Machine, op: AnyOp): boolean {
  if (op.kind !== 'contract' || !machine.dotProducts) return false
  const { rows, columns, depth } = contractSizes(contractLabels(op))
  return Math.min(atMost(rows), atMost(columns)) <= 4 && atMost(depth) >= machine.cooperativeReduction
}

/** So little that a tile would cost more, to compile and to fill, than the sums of each lane by itself. */
function isSmall(machine: Machine, op: Op<'contract'>): boolean {
  const { depth, ...others } = contractSizes(contractLabels(op))
  const work = atMost(dims.product([depth, ...Object.values(others)]))
  return atMost(depth) <= machine.cooperativeReduction && work <= machine.smallContraction
}

function allRanges(group: Group): ReadonlySet<string> {
  return new Set([...group.ranges.values()].filter((r) => typeof r.index !== 'number').map((r) => r.name))
}

function stage(group: Group, grid: ReadonlySet<string>, op: AnyOp, tuples: readonly Tuple[]): void {
  const split = splitRow(group, grid, op.result, tuples)
  if (split === undefined || split.innerAxes.length === 0) return
  group.staged += atMost(dims.product(split.innerAxes.map((a) => op.result.type.shape[a] ?? 1)))
}

/** Whether the group computes no more elements than the value has: each at one of several places, if it takes parts of it. */
function isComputedOnce({ ranges }: Group, value: Value, uses: readonly Use[]): boolean {
  if (uses.some((use) => use.operand)) return false
  const elements = dims.product([...ranges.values()].map(({ extent }) => extent))
  const evaluated = dims.mul(elements, tuplesOf(uses).length)
  return dims.compare(evaluated, '<=', dims.product(value.type.shape)) === 'yes'
}

/** Whether the group computes every element of a value once, in one place. */
export function isEpilogue(group: Group, value: Value, uses: readonly Use[]): boolean {
  const [tuple, ...others] = tuplesOf(uses)
  if (tuple === undefined || others.length > 0 || uses.some((u) => u.operand)) return false
  return coversAll(group, value, tuple)
}

function coversAll(group: Group, value: Value, tuple: Tuple): boolean {
  const covered = coverage(tuple, value.type.shape, group.ranges)
  return covered?.length === [...group.ranges.values()].filter((r) => typeof r.index !== 'number').length
}

/** A concatenation that nobody computes: its operands are written where they belong. */
export function isPlacedInParts(state: PartitionState, op: AnyOp): boolean {
  return op.kind === 'concat' && (state.heavy.has(op.result) || op.inputs.length > INLINE_CONCAT)
}
