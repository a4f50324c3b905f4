// form-columns: a contraction with few columns -> kernel
//
// Each lane has some rows, and sums all of a block of columns for them in registers. What it reads of its rows no other lane
// needs, so that comes straight from memory, where lanes side by side read neighbours (a convolution: places of an image).
// The columns are staged in group memory, of which all lanes read the same element at a time.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Op } from '../../ir/graph/graph.ts'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { sizesOf } from '../contract-labels.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import {
  type Block,
  type KernelContext,
  allOf,
  constant,
  createBlock,
  groupArray,
  indexExpr,
  multiplyAdd,
  testIndex,
  widen,
} from '../kernel-context.ts'
import { loopOver } from '../serial-loop.ts'
import { type Tuple, delinearise, isMultiple } from '../space.ts'
import { stageSlice, strideOf } from '../stage-slice.ts'
import { type TileContext, countProducts, createTiles, laneOf, nameTile, tileIndex } from '../tile-context.ts'
import { operandOf } from '../tile-operand.ts'
import { storeResults } from '../write-tile.ts'
import type { ColumnsTile } from './choose-columns.ts'

type ColumnsContext = TileContext<ColumnsTile>

/** A row of a lane. */
interface Row {
  /** The names of its sums, vectors of columns. */
  readonly sums: readonly string[]
  /** The index of each label of the rows; beyond the last row those of the last. */
  readonly at: ReadonlyMap<string, Dim>
  /** Whether there is such a row; undefined where there always is. */
  readonly isThere: Expr | undefined
}

/** Returns the kernel of a group whose contraction has few columns, and is used at `used`. */
export function formColumns(context: KernelContext, op: Op<'contract'>, tile: ColumnsTile, used: Tuple): FormedKernel {
  const t = createTiles(context, op, tile)
  const block = createBlock(undefined, dims.product(op.result.type.shape))
  nameTile(t, block)
  const rows = Array.from({ length: tile.rowsOfLane }, (_, r) => declareRow(t, block, r))
  accumulate(t, block, rows)
  for (const row of rows) writeRow(t, block, row, used)
  countProducts(t)
  return { lanes: [tile.lanes, 1, 1], groups: t.space.groups, body: t.space.wrap(block.stmts) }
}

/** The axis of a tile that has the rows, and the one that has the columns. */
function axesOf({ tile }: ColumnsContext): readonly ['rows' | 'columns', 'rows' | 'columns'] {
  return tile.rowSide === 0 ? ['rows', 'columns'] : ['columns', 'rows']
}

function declareRow(t: ColumnsContext, block: Block, r: number): Row {
  const { context, tile, sizes, labels, type } = t
  const [axis] = axesOf(t)
  const named = (value: Dim, below?: Dim): Dim => {
    const name = context.namer.name('n')
    block.stmts.push({ kind: 'let', name, value: indexExpr(value) })
    return dims.symbol(name, { min: 0, ...(below !== undefined && { below }) })
  }
  const place = dims.add(dims.mul(tileIndex(t, axis), tile[axis]), dims.add(laneOf(t), r * tile.lanes))
  const isWhole = isMultiple(sizes[axis], tile[axis])
  const row = isWhole ? named(place, sizes[axis]) : named(place)
  const kept = isWhole ? row : named(dims.min(row, dims.sub(sizes[axis], 1)), sizes[axis])
  const shape = sizesOf(labels, labels[axis])
  const indices = delinearise(kept, shape).map((index, i) =>
    labels[axis].length === 1 ? index : named(index, shape[i]),
  )
  const sums = Array.from({ length: tile.columnsOfLane / 4 }, () => {
    const name = context.namer.name('c')
    block.stmts.push({ kind: 'var', name, type, width: 4, init: widen(constant(type, 0), 4) })
    return name
  })
  return {
    sums,
    at: new Map(labels[axis].map((label, i) => [label, indices[i] ?? 0])),
    isThere: isWhole ? undefined : testIndex(row, '<', sizes[axis]),
  }
}

/** The loops over the slices of the columns, and over the steps of a slice. */
function accumulate(t: ColumnsContext, block: Block, rows: readonly Row[]): void {
  const { context, tile, sizes, type } = t
  const columnSide = tile.rowSide === 0 ? 1 : 0
  const array = groupArray(context, type, 4, tile.depth * strideOf(t, columnSide))
  const slices = context.namer.range('k', dims.ceilDiv(sizes.depth, tile.depth))
  const steps = context.namer.range('k', tile.depth / tile.unrolled)
  const body = createBlock(block, dims.mul(block.times, slices.extent))
  stageSlice(t, body, columnSide, array, slices.index)
  body.stmts.push({ kind: 'barrier', memory: 'group' })
  const inner = createBlock(body, dims.mul(body.times, steps.extent))
  for (let u = 0; u < tile.unrolled; u++) {
    const within = dims.add(dims.mul(steps.index, tile.unrolled), u)
    addStep(t, inner, rows, { array, within, k: dims.add(dims.mul(slices.index, tile.depth), within) })
  }
  body.stmts.push(...loopOver(steps, inner.stmts))
  if (typeof slices.index !== 'number') body.stmts.push({ kind: 'barrier', memory: 'group' })
  block.stmts.push(...loopOver(slices, body.stmts))
}

/** Adds the products of one summed element. */
function addStep(
  t: ColumnsContext,
  block: Block,
  rows: readonly Row[],
  { array, within, k }: { readonly array: string; readonly within: Dim; readonly k: Dim },
): void {
  const { context, tile, labels, type } = t
  const first = dims.mul(within, strideOf(t, tile.rowSide === 0 ? 1 : 0))
  const columns = Array.from({ length: tile.columnsOfLane / 4 }, (_, j): Expr => {
    const name = context.namer.name('v')
    const value: Expr = { kind: 'groupLoad', type, width: 4, array, index: dims.add(first, j) }
    block.stmts.push({ kind: 'let', name, value })
    return { kind: 'local', type, width: 4, name }
  })
  const summed = delinearise(k, sizesOf(labels, labels.summed))
  for (const { sums, at } of rows) {
    const places = new Map([...at, ...fixedIn(t), ...labels.summed.map((label, i) => [label, summed[i] ?? 0] as const)])
    const value = evaluate(context, block, operandOf(t, tile.rowSide), tupleOf(t, tile.rowSide, places))
    sums.forEach((name, j) => {
      const local: Expr = { kind: 'local', type, width: 4, name }
      block.stmts.push({ kind: 'set', name, value: multiplyAdd(type, value, columns[j] ?? local, local) })
    })
  }
}

/** The labels of the batch, with their indices. */
function fixedIn({ labels, batch }: ColumnsContext): readonly (readonly [string, Dim])[] {
  return labels.batch.map((label, i) => [label, batch[i] ?? 0])
}

function tupleOf({ op }: ColumnsContext, side: 0 | 1, at: ReadonlyMap<string, Dim>): Tuple {
  return (side === 0 ? op.params.a : op.params.b).map((label) => at.get(label) ?? 0)
}

/** Computes what becomes of the sums of a row, and stores it. */
function writeRow(t: ColumnsContext, block: Block, { sums, at, isThere }: Row, used: Tuple): void {
  const { context, tile, sizes, labels, op, type } = t
  const [, axis] = axesOf(t)
  const then = createBlock(block, dims.floorDiv(block.times, tile.rowsOfLane))
  for (let column = 0; column < tile.columnsOfLane; column++) {
    const own = dims.add(dims.mul(tileIndex(t, axis), tile[axis]), column)
    const decision = dims.compare(own, '<', sizes[axis])
    if (decision === 'no') break
    const inner = createBlock(then, dims.floorDiv(then.times, tile.columnsOfLane))
    const name = sums[Math.floor(column / 4)] ?? ''
    const arg: Expr = { kind: 'local', type, width: 4, name }
    context.computed.set(op.result, () => ({ kind: 'component', type, width: 1, arg, at: column % 4 }))
    const indices = delinearise(own, sizesOf(labels, labels[axis]))
    const places = new Map([...at, ...fixedIn(t), ...labels[axis].map((label, i) => [label, indices[i] ?? 0] as const)])
    storeResults(
      t,
      inner,
      op.params.out.map((label) => places.get(label) ?? 0),
      used,
    )
    then.stmts.push(...onlyIf(decision === 'yes' ? [] : [testIndex(own, '<', sizes[axis])], inner.stmts))
  }
  block.stmts.push(...onlyIf(isThere === undefined ? [] : [isThere], then.stmts))
}

function onlyIf(tests: readonly Expr[], then: readonly Stmt[]): readonly Stmt[] {
  const condition = allOf(tests)
  return condition === undefined ? then : [{ kind: 'if', condition, then, otherwise: [] }]
}
