// form-row: group -> kernel, one row a group of lanes
//
// Stages in the order of the graph, all in one launch: a reduction to one number of the row is combined over the lanes;
// a value with axes inside the row is staged in group memory; the last stage stores. Barriers separate them.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import type { CombineOp, Expr } from '../ir/kernel/kernel.ts'
import { contractLabels, sizesOf } from './contract-labels.ts'
import { evaluate } from './evaluate.ts'
import { combine, combiningOp, identityOf } from './reductions.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { contractOperands, reduceOperand, summedShape } from './heavy-operands.ts'
import { mapIndex } from './index-maps.ts'
import {
  type Block,
  type KernelContext,
  constant,
  groupArray,
  indexExpr,
  multiplyAdd,
  scalarOf,
  widen,
} from './kernel-context.ts'
import { launchSpace } from './launch-space.ts'
import type { Machine } from './machine.ts'
import { type Use, atMost, classOf, isHeavy, tuplesOf } from './partition-state.ts'
import { type LanesRow, createLanesRow } from './row-context.ts'
import { type RowSplit, splitRow } from './row-fusion.ts'
import { type Range, type Tuple, delinearise, linearise } from './space.ts'
import { isSameRow, placeInner, storeRows } from './store-rows.ts'
import { atIndex, filled } from './vectors.ts'

/** Elements of group memory that the trees of reductions may take besides rows. */
const TREE_ELEMENTS = 512

/** Returns the kernel of a group whose grid is set. `uses` says where each value is read. */
export function formRow(
  context: KernelContext,
  machine: Machine,
  uses: ReadonlyMap<Value, readonly Use[]>,
): FormedKernel {
  const { group } = context
  const grid = group.grid ?? internalError('a row kernel has a grid')
  const gridRanges = [...group.ranges.values()].filter((r) => grid.has(r.name))
  const rows = dims.product(gridRanges.map((r) => r.extent))
  const heavies = [...group.members].filter(isHeavy).sort((a, b) => a.result.id - b.result.id)
  const lanes = chooseLanes(context, grid, heavies, uses)
  const row = createLanesRow(context, machine, grid, rows, lanes)
  const space = launchSpace(rows)
  nameRows(row.block, gridRanges, space.index)
  for (const op of heavies) stageOp(row, op, tuplesIn(context, uses, op.result))
  storeRows(row)
  return { lanes: [lanes, 1, 1], groups: space.groups, body: space.wrap(row.block.stmts) }
}

/** The places at which a group evaluates a value. */
export function tuplesIn(
  context: KernelContext,
  uses: ReadonlyMap<Value, readonly Use[]>,
  value: Value,
): readonly Tuple[] {
  const { group } = context
  const own = (uses.get(value) ?? []).filter((u) => u.group === group)
  const stored = group.stores.filter((s) => s.value === value).map((s) => s.tuple)
  return own.length > 0 ? tuplesOf(own) : stored
}

function chooseLanes(
  context: KernelContext,
  grid: ReadonlySet<string>,
  heavies: readonly AnyOp[],
  uses: ReadonlyMap<Value, readonly Use[]>,
): number {
  const inner = (value: Value, tuples: readonly Tuple[]): number => {
    const split = splitRow(context.group, grid, value, tuples)
    return atMost(dims.product((split?.innerAxes ?? []).map((a) => value.type.shape[a] ?? 1)))
  }
  const widths = context.group.stores.map((s) => inner(s.value, [s.tuple]))
  for (const op of heavies) {
    const width = inner(op.result, tuplesIn(context, uses, op.result))
    widths.push(width > 1 ? width : atMost(dims.product(summedShape(op))))
  }
  const widest = Math.max(...widths)
  return widest > 128 ? 256 : widest > 64 ? 128 : widest > 32 ? 64 : 32
}

/** Names the ranges of the grid for this group. */
export function nameRows(block: Block, ranges: readonly Range[], index: Dim): void {
  const indices = delinearise(
    index,
    ranges.map((r) => r.extent),
  )
  ranges.forEach((range, axis) => {
    if (typeof range.index !== 'number')
      block.stmts.push({ kind: 'let', name: range.name, value: indexExpr(indices[axis] ?? 0) })
  })
}

function stageOp(row: LanesRow, op: AnyOp, tuples: readonly Tuple[]): void {
  const value = op.result
  const split = splitRow(row.context.group, row.grid, value, tuples)
  const tuple = tuples[0]
  if (split === undefined || tuple === undefined) return // computed where it is read
  if (split.innerAxes.length === 0) return reduceRow(row, op, tuple)
  if (op.kind === 'contract') stageOperands(row, op, tuple)
  stageArray(row, value, split, tuple)
}

/** One number a row: each lane takes every n-th element, or four; then the lanes combine theirs. */
function reduceRow(row: LanesRow, op: AnyOp, tuple: Tuple): void {
  const { context, block } = row
  const type = scalarOf(op.result.type.dtype)
  const fn = op.kind === 'reduce' ? op.params.fn : 'sum'
  const acc = context.namer.name('r')
  const first = constant(type, identityOf(fn, type))
  block.stmts.push({ kind: 'var', name: acc, type, width: 1, init: first })
  const local = { kind: 'local', type, width: 1, name: acc } as const
  let fours: string | undefined
  const four = (): Extract<Expr, { kind: 'local' }> => {
    fours ??= context.namer.name('r')
    return { kind: 'local', type, width: 4, name: fours }
  }
  const start = block.stmts.length
  const isByFours = row.walk(summedShape(op), (inner, indices) => {
    const sum = context.vector === undefined ? local : four()
    const add = (value: Expr): void => void inner.stmts.push({ kind: 'set', name: sum.name, value })
    if (op.kind === 'reduce') {
      const value = evaluate(context, inner, op.inputs[0] ?? internalError('reduce'), reduceOperand(op, tuple, indices))
      add(combine(fn, type, sum, value))
    } else if (op.kind === 'contract') {
      const [a, b] = contractOperands(op, tuple, indices).map(([v, at]) => evaluate(context, inner, v, at))
      if (a === undefined || b === undefined) return
      add(multiplyAdd(type, a, b, sum))
    }
    context.flops = dims.add(context.flops, dims.mul(inner.times, op.kind === 'contract' ? 2 : 1))
  })
  if (isByFours) {
    const arg = four()
    block.stmts.splice(start, 0, { kind: 'var', name: arg.name, type, width: 4, init: widen(first, 4) })
    const components = [0, 1, 2, 3].map((at): Expr => ({ kind: 'component', type, width: 1, arg, at }))
    block.stmts.push({ kind: 'set', name: acc, value: components.reduce((a, b) => combine(fn, type, a, b)) })
  }
  const total = combineLanes(row, local, combiningOp(fn, type))
  context.computed.set(op.result, () => total)
}

function combineLanes(row: LanesRow, own: Expr, op: CombineOp): Expr {
  const { context, block, lanes } = row
  const array = groupArray(context, own.type, 1, lanes)
  row.staged += lanes
  const name = context.namer.name('v')
  block.stmts.push({ kind: 'combine', name, array, op, value: own })
  return { kind: 'local', type: own.type, width: 1, name }
}

/** An operand that is more than a load is computed once a row, not once for every result. */
function stageOperands(row: LanesRow, op: Op<'contract'>, tuple: Tuple): void {
  const { context } = row
  const labels = contractLabels(op)
  const summed = sizesOf(labels, labels.summed).map((size) => context.namer.range('c', size).index)
  for (const [operand, at] of contractOperands(op, tuple, summed)) {
    const [value, place] = throughViews(context, operand, at)
    const producer = context.producers.get(value)
    const isWork = producer !== undefined && context.group.members.has(producer) && classOf(producer) === 'elementwise'
    if (!isWork || context.computed.has(value)) continue
    const split = splitRow(context.group, row.grid, value, [place])
    const dependsOnResult = place.some((e) => hasInner(row, e))
    if (split === undefined || split.innerAxes.length === 0 || dependsOnResult) continue
    stageArray(row, value, split, place)
  }
}

function hasInner(row: LanesRow, index: Dim): boolean {
  const { ranges } = row.context.group
  return dims.symbolsOf(index).some((s) => ranges.has(s.name) && !row.grid.has(s.name))
}

function throughViews(context: KernelContext, value: Value, tuple: Tuple): readonly [Value, Tuple] {
  const op = context.producers.get(value)
  if (op === undefined || !context.group.members.has(op) || classOf(op) !== 'movement') return [value, tuple]
  const [index, ...others] = mapIndex(op, tuple)
  const input = index === undefined ? undefined : op.inputs[index.operand]
  if (index === undefined || input === undefined || others.length > 0 || index.guards.length > 0) return [value, tuple]
  return throughViews(context, input, index.tuple)
}

/** A value with axes inside the row: computed by the lanes into group memory. */
function stageArray(row: LanesRow, value: Value, split: RowSplit, tuple: Tuple): void {
  const { context } = row
  const sizes = split.innerAxes.map((axis) => value.type.shape[axis] ?? 1)
  const length = atMost(dims.product(sizes))
  if (row.staged + length > row.machine.stagedElements + TREE_ELEMENTS) return // computed where it is read
  row.staged += length
  const type = scalarOf(value.type.dtype)
  const array = groupArray(context, type, 1, length)
  row.walk(sizes, (inner, indices) => {
    const at = placeInner(split, tuple, indices)
    const stored = evaluate(context, inner, value, at)
    inner.stmts.push({ kind: 'groupStore', array, index: linearise(indices, sizes), value: filled(context, stored) })
  })
  row.block.stmts.push({ kind: 'barrier', memory: 'group' })
  context.computed.set(value, (at) => {
    if (!isSameRow(split, at, tuple)) return undefined // a product of a value with itself reads other rows of it
    const index = linearise(
      split.innerAxes.map((axis) => at[axis] ?? 0),
      sizes,
    )
    return atIndex(context, index, (place, width) => ({ kind: 'groupLoad', type, width, array, index: place }))
  })
}
