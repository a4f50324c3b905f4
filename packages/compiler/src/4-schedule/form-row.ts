// form-row: group -> kernel, one row a group of lanes
//
// Stages in the order of the graph, all in one launch: a reduction to one number of the row is a tree over the lanes;
// a value with axes inside the row is staged in group memory; the last stage stores. Barriers separate them.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import type { Expr, Stmt } from '../ir/kernel/kernel.ts'
import { contractLabels } from './contract-labels.ts'
import { combine, evaluate, identityOf } from './evaluate.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { mapIndex } from './index-maps.ts'
import {
  type Block,
  type KernelContext,
  constant,
  createBlock,
  groupArray,
  indexExpr,
  scalarOf,
  storeValue,
  testIndex,
} from './kernel-context.ts'
import { launchSpace } from './launch-space.ts'
import { type Store, type Use, atMost, classOf, isHeavy, tuplesOf } from './partition-state.ts'
import { type RowSplit, splitRow } from './row-fusion.ts'
import { type Range, type Tuple, delinearise, linearise } from './space.ts'

/** Elements of group memory (of 4 bytes) that rows may take. */
const STAGED_LIMIT = 3584

interface RowContext {
  readonly context: KernelContext
  readonly grid: ReadonlySet<string>
  readonly lanes: number
  readonly rows: Dim
  readonly block: Block
  staged: number
}

/** Returns the kernel of a group whose grid is set. `uses` says where each value is read. */
export function formRow(context: KernelContext, uses: ReadonlyMap<Value, readonly Use[]>): FormedKernel {
  const { group } = context
  const grid = group.grid ?? internalError('a row kernel has a grid')
  const gridRanges = [...group.ranges.values()].filter((r) => grid.has(r.name))
  const rows = dims.product(gridRanges.map((r) => r.extent))
  const heavies = [...group.members].filter(isHeavy).sort((a, b) => a.result.id - b.result.id)
  const lanes = chooseLanes(context, grid, heavies, uses)
  const row: RowContext = { context, grid, lanes, rows, block: createBlock(undefined, dims.mul(rows, lanes)), staged: 0 }
  const space = launchSpace(rows)
  nameRows(row.block, gridRanges, space.index)
  for (const op of heavies) stageOp(row, op, tuplesIn(context, uses, op.result))
  storeRows(row)
  return { lanes: [lanes, 1, 1], groups: space.groups, body: space.wrap(row.block.stmts) }
}

function tuplesIn(context: KernelContext, uses: ReadonlyMap<Value, readonly Use[]>, value: Value): readonly Tuple[] {
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

function summedShape(op: AnyOp): readonly Dim[] {
  if (op.kind === 'reduce') return op.params.axes.map((axis) => op.inputs[0]?.type.shape[axis] ?? 1)
  if (op.kind !== 'contract') return []
  const labels = contractLabels(op)
  return labels.summed.map((l) => labels.sizes.get(l) ?? 1)
}

/** Names the ranges of the grid for this group of lanes. */
function nameRows(block: Block, ranges: readonly Range[], index: Dim): void {
  const indices = delinearise(
    index,
    ranges.map((r) => r.extent),
  )
  ranges.forEach((range, axis) => {
    if (typeof range.index !== 'number') block.stmts.push({ kind: 'let', name: range.name, value: indexExpr(indices[axis] ?? 0) })
  })
}

function stageOp(row: RowContext, op: AnyOp, tuples: readonly Tuple[]): void {
  const value = op.result
  const split = splitRow(row.context.group, row.grid, value, tuples)
  const tuple = tuples[0]
  if (split === undefined || tuple === undefined) return // computed where it is read
  if (split.innerAxes.length === 0) return reduceRow(row, op, tuple)
  if (op.kind === 'contract') stageOperands(row, op, tuple)
  stageArray(row, value, split, tuple)
}

/** One number a row: each lane takes every n-th element, then a tree. */
function reduceRow(row: RowContext, op: AnyOp, tuple: Tuple): void {
  const { context, block } = row
  const type = scalarOf(op.result.type.dtype)
  const fn = op.kind === 'reduce' ? op.params.fn : 'sum'
  const acc = context.namer.name('r')
  block.stmts.push({ kind: 'var', name: acc, type, width: 1, init: constant(type, identityOf(fn, type)) })
  const local: Expr = { kind: 'local', type, width: 1, name: acc }
  overLanes(row, summedShape(op), (inner, indices) => {
    if (op.kind === 'reduce') {
      const value = evaluate(context, inner, op.inputs[0] ?? internalError('reduce'), reduceOperand(op, tuple, indices))
      inner.stmts.push({ kind: 'set', name: acc, value: combine(fn, type, local, value) })
    } else if (op.kind === 'contract') {
      const [a, b] = contractOperands(op, tuple, indices).map(([v, at]) => evaluate(context, inner, v, at))
      if (a === undefined || b === undefined) return
      inner.stmts.push({ kind: 'set', name: acc, value: { kind: 'multiplyAdd', type, width: 1, args: [a, b, local] } })
    }
    context.flops = dims.add(context.flops, dims.mul(inner.times, op.kind === 'contract' ? 2 : 1))
  })
  const total = tree(row, local, (x, y) => combine(fn, type, x, y))
  context.computed.set(op.result, () => total)
}

function tree(row: RowContext, own: Expr, join: (a: Expr, b: Expr) => Expr): Expr {
  const { context, block, lanes } = row
  const array = groupArray(context, own.type, 1, lanes)
  row.staged += lanes
  const lane = dims.symbol('l0', { min: 0, below: lanes })
  const at = (index: Dim): Expr => ({ kind: 'groupLoad', type: own.type, width: 1, array, index })
  block.stmts.push({ kind: 'groupStore', array, index: lane, value: own }, { kind: 'barrier' })
  for (let half = lanes / 2; half >= 1; half /= 2) {
    const then: readonly Stmt[] = [
      { kind: 'groupStore', array, index: lane, value: join(at(lane), at(dims.add(lane, half))) },
    ]
    block.stmts.push({ kind: 'if', condition: testIndex(lane, '<', half), then, otherwise: [] }, { kind: 'barrier' })
  }
  const name = context.namer.name('v')
  block.stmts.push({ kind: 'let', name, value: at(0) })
  return { kind: 'local', type: own.type, width: 1, name }
}

function reduceOperand(op: Op<'reduce'>, tuple: Tuple, indices: Tuple): Tuple {
  const { axes } = op.params
  const rest = [...tuple]
  return (op.inputs[0]?.type.shape ?? []).map((_, axis) => {
    const place = axes.indexOf(axis)
    return place < 0 ? (rest.shift() ?? 0) : (indices[place] ?? 0)
  })
}

function contractOperands(op: Op<'contract'>, tuple: Tuple, summed: Tuple): readonly (readonly [Value, Tuple])[] {
  const labels = contractLabels(op)
  const at = new Map<string, Dim>(op.params.out.map((l, axis) => [l, tuple[axis] ?? 0]))
  labels.summed.forEach((l, i) => at.set(l, summed[i] ?? 0))
  return [op.params.a, op.params.b].map((names, side) => [
    op.inputs[side] ?? internalError('contract lacks an operand'),
    names.map((l) => at.get(l) ?? 0),
  ])
}

/** An operand that is more than a load is computed once a row, not once for every result. */
function stageOperands(row: RowContext, op: Op<'contract'>, tuple: Tuple): void {
  const { context } = row
  const labels = contractLabels(op)
  const summed = labels.summed.map((l) => context.namer.range('c', labels.sizes.get(l) ?? 1).index)
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

function hasInner(row: RowContext, index: Dim): boolean {
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
function stageArray(row: RowContext, value: Value, split: RowSplit, tuple: Tuple): void {
  const { context } = row
  const sizes = split.innerAxes.map((axis) => value.type.shape[axis] ?? 1)
  const length = atMost(dims.product(sizes))
  if (row.staged + length > STAGED_LIMIT) return // computed where it is read
  row.staged += length
  const type = scalarOf(value.type.dtype)
  const array = groupArray(context, type, 1, length)
  overLanes(row, sizes, (inner, indices) => {
    const at = placeInner(split, tuple, indices)
    const stored = evaluate(context, inner, value, at)
    inner.stmts.push({ kind: 'groupStore', array, index: linearise(indices, sizes), value: stored })
  })
  row.block.stmts.push({ kind: 'barrier' })
  context.computed.set(value, (at) => ({
    kind: 'groupLoad',
    type,
    width: 1,
    array,
    index: linearise(
      split.innerAxes.map((axis) => at[axis] ?? 0),
      sizes,
    ),
  }))
}

function placeInner(split: RowSplit, tuple: Tuple, indices: Tuple): Tuple {
  return tuple.map((e, axis) => {
    const place = split.innerAxes.indexOf(axis)
    return place < 0 ? e : (indices[place] ?? 0)
  })
}

/** Runs a body for every element of `sizes`, the lanes side by side. */
function overLanes(row: RowContext, sizes: readonly Dim[], body: (inner: Block, indices: Tuple) => void): void {
  const { context, lanes, block, rows } = row
  const count = dims.product(sizes)
  const inner = createBlock(block, dims.mul(rows, count))
  const lane = dims.symbol('l0', { min: 0, below: lanes })
  const rounds = context.namer.range('k', dims.ceilDiv(count, lanes))
  const element = context.namer.name('e')
  const index = dims.symbol(element, { min: 0, below: count })
  body(inner, delinearise(index, sizes))
  const position = dims.add(dims.mul(rounds.index, lanes), lane)
  const isExact = dims.compare(dims.mod(count, lanes), '==', 0) === 'yes'
  const condition = testIndex(typeof index === 'number' ? position : index, '<', count)
  const named: readonly Stmt[] = typeof index === 'number' ? [] : [{ kind: 'let', name: element, value: indexExpr(position) }]
  const guarded: readonly Stmt[] = isExact ? inner.stmts : [{ kind: 'if', condition, then: inner.stmts, otherwise: [] }]
  const stmts = [...named, ...guarded]
  if (typeof rounds.index === 'number') block.stmts.push(...stmts)
  else block.stmts.push({ kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: stmts })
}

/** The last stage: every stored value over its own inner axes; those with equal axes share a loop. */
function storeRows(row: RowContext): void {
  const { context, block } = row
  const { group } = context
  const loops = new Map<string, { readonly sizes: readonly Dim[]; readonly stores: { store: Store; split: RowSplit }[] }>()
  for (const store of group.stores) {
    const split = splitRow(group, row.grid, store.value, [store.tuple]) ?? internalError('a stored value lies in rows')
    const sizes = split.innerAxes.map((axis) => store.value.type.shape[axis] ?? 1)
    const key = sizes.map(dims.printDim).join(',')
    const known = loops.get(key) ?? { sizes, stores: [] }
    known.stores.push({ store, split })
    loops.set(key, known)
  }
  for (const { sizes, stores } of loops.values()) {
    const write = (inner: Block, indices: Tuple): void => {
      for (const { store, split } of stores) {
        const at = placeInner(split, store.tuple, indices)
        storeValue(context, inner, store, at, evaluate(context, inner, store.value, at))
      }
    }
    if (sizes.length > 0) overLanes(row, sizes, write)
    else {
      const inner = createBlock(block, row.rows)
      write(inner, [])
      const condition = testIndex(dims.symbol('l0', { min: 0, below: row.lanes }), '<', 1)
      block.stmts.push({ kind: 'if', condition, then: inner.stmts, otherwise: [] })
    }
  }
}
