// panel-tile: four rows by eight columns, each sum a vector of columns

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { atMost } from '../partition-state.ts'
import { delinearise } from '../space.ts'
import { operandAt } from './contract-shape.ts'
import { type Tile, type TileContext, type TileRows, keepSum, labelsAt } from './loop-tile.ts'
import { type Body, outer, scalarLoop, vectorLoop } from './nest.ts'
import { TABLE_LIMIT, withTables } from './index-table.ts'

/** Columns of a tile, in vectors of four. */
const VECTORS = 2

/** Steps of the innermost loop under which nested loops cost more than a table. */
const SHORT = 32

/** The tile. */
export const panelTile: Tile = { rows: 4, compute: computePanel }

function computePanel(t: TileContext, block: Block, tile: TileRows): void {
  const { context } = t
  const { start, count } = tile
  const bound = { below: t.columnCount }
  const wide = 4 * VECTORS
  vectorLoop(context, block, count, wide, (inner, column) => sumColumns(t, inner, tile, column, VECTORS), {
    start,
    ...bound,
  })
  const done = dims.mul(dims.floorDiv(count, wide), wide)
  const left = dims.sub(count, done)
  const next = dims.add(start, done)
  vectorLoop(context, block, left, 4, (inner, column) => sumColumns(t, inner, tile, column, 1), {
    start: next,
    ...bound,
  })
  const last = dims.mul(dims.floorDiv(left, 4), 4)
  scalarLoop(context, block, dims.sub(left, last), (inner, column) => sumColumns(t, inner, tile, column, 1), {
    start: dims.add(next, last),
    ...bound,
  })
}

/** Sums the columns from `column` on: vectors of four where the loop around runs over vectors, else one. */
function sumColumns(t: TileContext, outerBlock: Block, tile: TileRows, column: Dim, vectors: number): void {
  const { context, shape, type } = t
  const width = context.vector === undefined ? 1 : 4
  const block = createBlock(outerBlock, outerBlock.times)
  const sums = tile.rows.map(() =>
    Array.from({ length: vectors }, () => {
      const name = context.namer.name('c')
      block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, 0), width) })
      return name
    }),
  )
  const sizes = shape.summed.map((label) => shape.labels.sizes.get(label) ?? 1)
  overSummed(t, block, sizes, (inner, summed) => {
    const operand = (side: 0 | 1, row: Dim, at: Dim): Expr => {
      const labels = labelsAt(t, row, at)
      shape.summed.forEach((label, i) => labels.set(label, summed[i] ?? 0))
      return evaluate(context, inner, ...operandAt(shape, side, labels))
    }
    const rights = Array.from({ length: vectors }, (_, v) =>
      operand(shape.columnSide, tile.rows[0] ?? 0, dims.add(column, 4 * v)),
    )
    tile.rows.forEach((row, r) => {
      const left = widen(operand(shape.columnSide === 1 ? 0 : 1, row, column), width)
      rights.forEach((right, v) => {
        const name = sums[r]?.[v] ?? ''
        const local: Expr = { kind: 'local', type, width, name }
        inner.stmts.push({ kind: 'set', name, value: widen(multiplyAdd(type, left, right, local), width) })
      })
    })
  })
  sums.forEach((names, r) =>
    names.forEach((name, v) =>
      keepSum(t, block, r, dims.add(dims.sub(column, tile.start), 4 * v), { kind: 'local', type, width, name }),
    ),
  )
  outerBlock.stmts.push(...block.stmts)
}

/** Loops over the summed elements: one loop with tables of offsets where there are few, nested loops otherwise. */
function overSummed(t: TileContext, block: Block, sizes: readonly Dim[], body: Body): void {
  const { context } = t
  const count = dims.product(sizes)
  const isShort = atMost(sizes.at(-1) ?? 1) < SHORT
  if (sizes.length < 2 || !isShort || typeof count !== 'number' || count > TABLE_LIMIT) {
    return outer(context, block, sizes, [], body)
  }
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
