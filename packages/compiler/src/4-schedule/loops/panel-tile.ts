// panel-tile: four rows by eight columns, each sum a vector of columns

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { operandAt } from './contract-shape.ts'
import { type Tile, type TileContext, type TileRows, keepSum, labelsAt } from './loop-tile.ts'
import { outer, scalarLoop, vectorLoop } from './nest.ts'

/** Columns of a tile, in vectors of four. */
const VECTORS = 2

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
  outer(context, block, sizes, [], (inner, summed) => {
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
