// panel-tile: a few rows by vectors of columns, read from where they lie
//
// For few rows, of which every column is read once or twice; see packed-tile for many.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { sizesOf } from '../contract-labels.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { atMost } from '../partition-state.ts'
import { delinearise } from '../space.ts'
import { type ContractShape, operandAt } from './contract-shape.ts'
import { TABLE_LIMIT, withTables } from './index-table.ts'
import { type Area, ROWS, type TileContext, broadcast, keepSum, labelsAt, overTiles } from './loop-tile.ts'
import { type Body, outer, scalarLoop, vectorLoop } from './nest.ts'
import { isScattered, summedLabels } from './packing.ts'

/** Vectors of columns in a tile, by its rows: as many sums as leave registers for the operands. */
const VECTORS = [4, 4, 4, 3, 2, 2, 2]

/** Steps of the innermost loop under which nested loops cost more than a table. */
const SHORT = 32

/** Summed elements that are no loop at all. */
const UNROLLED = 9

/** Rows of a tile. */
interface Strip {
  readonly rows: readonly Dim[]
  /** The first row, counted in the group. */
  readonly first: Dim
}

/** Computes an area by tiles of a few rows. */
export function computePanels(t: TileContext, block: Block, area: Area): void {
  const { context, rowCount } = t
  const { start, count } = area.columns
  const height = typeof rowCount === 'number' && rowCount < VECTORS.length ? rowCount : ROWS
  const strips = (inner: Block, column: Dim, vectors: number): void => {
    if (height === rowCount) return sumColumns(t, inner, area, { rows: range(height), first: 0 }, column, vectors)
    overTiles(t, inner, area, (at, rows, first) => sumColumns(t, at, area, { rows, first }, column, vectors))
  }
  const bound = { below: t.columnCount }
  const vectors = isScattered(t) ? 1 : (VECTORS[height] ?? 1)
  const wide = 4 * vectors
  vectorLoop(context, block, count, wide, (inner, column) => strips(inner, column, vectors), { start, ...bound })
  const done = dims.mul(dims.floorDiv(count, wide), wide)
  const left = dims.sub(count, done)
  const next = dims.add(start, done)
  vectorLoop(context, block, left, 4, (inner, column) => strips(inner, column, 1), { start: next, ...bound })
  const last = dims.mul(dims.floorDiv(left, 4), 4)
  scalarLoop(context, block, dims.sub(left, last), (inner, column) => strips(inner, column, 1), {
    start: dims.add(next, last),
    ...bound,
  })
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Sums the columns from `column` on: vectors of four where the loop around runs over vectors, else one. */
function sumColumns(
  t: TileContext,
  outerBlock: Block,
  { columns }: Area,
  strip: Strip,
  column: Dim,
  vectors: number,
): void {
  const { context, shape, type } = t
  const width = context.vector === undefined ? 1 : 4
  const block = createBlock(outerBlock, outerBlock.times)
  const sums = strip.rows.map(() =>
    Array.from({ length: vectors }, () => {
      const name = context.namer.name('c')
      block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, 0), width) })
      return name
    }),
  )
  const order = walkOrder(shape)
  const sizes = sizesOf(shape.labels, order)
  overSummed(t, block, sizes, (inner, summed) => {
    const operand = (side: 0 | 1, row: Dim, at: Dim): Expr => {
      const labels = labelsAt(t, row, at)
      order.forEach((label, i) => labels.set(label, summed[i] ?? 0))
      return evaluate(context, inner, ...operandAt(shape, side, labels))
    }
    const rights = Array.from({ length: vectors }, (_, v) =>
      operand(shape.columnSide, strip.rows[0] ?? 0, dims.add(column, 4 * v)),
    )
    strip.rows.forEach((row, r) => {
      const scalar = operand(shape.columnSide === 1 ? 0 : 1, row, column)
      const left = width === 1 ? scalar : broadcast(t, inner, scalar)
      rights.forEach((right, v) => {
        const name = sums[r]?.[v] ?? ''
        const local: Expr = { kind: 'local', type, width, name }
        inner.stmts.push({ kind: 'set', name, value: widen(multiplyAdd(type, left, right, local), width) })
      })
    })
  })
  sums.forEach((names, r) =>
    names.forEach((name, v) =>
      keepSum(t, block, dims.add(strip.first, r), dims.add(dims.sub(column, columns.start), 4 * v), {
        kind: 'local',
        type,
        width,
        name,
      }),
    ),
  )
  outerBlock.stmts.push(...block.stmts)
}

/**
 * Returns the summed labels as they are walked: where that is one loop, in the order of the operand with the rows, which
 * is then most often one run of memory and needs no table.
 */
function walkOrder(shape: ContractShape): readonly string[] {
  return takesTable(sizesOf(shape.labels, shape.summed)) ? summedLabels({ ...shape, paired: undefined }) : shape.summed
}

/** Whether one loop with tables of offsets runs over these sizes. */
function takesTable(sizes: readonly Dim[]): boolean {
  const count = dims.product(sizes)
  const isShort = atMost(sizes.at(-1) ?? 1) < SHORT
  return sizes.length > 1 && isShort && typeof count === 'number' && count <= TABLE_LIMIT
}

/**
 * Adds what runs over the summed elements: no loop where they are a handful, one loop with tables of offsets where there
 * are some more, nested loops otherwise.
 */
export function overSummed(t: TileContext, block: Block, sizes: readonly Dim[], body: Body): void {
  const { context } = t
  const count = dims.product(sizes)
  if (typeof count === 'number' && count <= UNROLLED && !isScattered(t)) {
    for (let index = 0; index < count; index++) body(block, delinearise(index, sizes))
    return
  }
  if (typeof count !== 'number' || !takesTable(sizes)) return outer(context, block, sizes, [], body)
  const loop = createBlock(block, block.times)
  let variable: Dim = 0
  scalarLoop(context, loop, count, (inner, index) => {
    variable = index
    body(inner, delinearise(index, sizes))
  })
  for (const stmt of loop.stmts) {
    const isLoop = stmt.kind === 'for' && dims.symbolsOf(variable).some((s) => s.name === stmt.name)
    // names of what stands still go before the loop, which is added when they are known
    const inner = isLoop ? withTables(context, t.tables, block, { variable, count }, stmt.body) : []
    block.stmts.push(isLoop ? { ...stmt, body: inner } : stmt)
  }
}
