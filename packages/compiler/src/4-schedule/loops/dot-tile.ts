// dot-tile: two rows by four columns, each sum a vector along the summed axis

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, apply, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { operandAt } from './contract-shape.ts'
import { type Tile, type TileContext, type TileRows, keepSum, labelsAt } from './loop-tile.ts'
import { outer, scalarLoop, vectorLoop } from './nest.ts'

/** Columns of a tile: with two rows eight sums, which leave registers for the operands. */
const COLUMNS = 4

/** The tile. */
export const dotTile: Tile = { rows: 2, compute: computeDot }

function computeDot(t: TileContext, block: Block, tile: TileRows): void {
  const { context } = t
  const whole = dims.floorDiv(tile.count, COLUMNS)
  scalarLoop(context, block, whole, (inner, index) => sumBlock(t, inner, tile, dims.mul(index, COLUMNS), COLUMNS))
  const done = dims.mul(whole, COLUMNS)
  scalarLoop(context, block, dims.sub(tile.count, done), (inner, index) =>
    sumBlock(t, inner, tile, dims.add(done, index), 1),
  )
}

/** Sums `width` columns from `first` (counted in the group) of every row of the tile. */
function sumBlock(t: TileContext, outerBlock: Block, { rows, start }: TileRows, first: Dim, width: number): void {
  const { context, shape, type } = t
  const block = createBlock(outerBlock, outerBlock.times)
  const columns = Array.from({ length: width }, (_, c) => c)
  const vectors = rows.map(() => columns.map(() => variable(t, block, 4)))
  const innermost = shape.labels.sizes.get(shape.summed.at(-1) ?? '') ?? 1
  const hasTail = dims.compare(dims.mod(innermost, 4), '==', 0) !== 'yes'
  const scalars = hasTail ? rows.map(() => columns.map(() => variable(t, block, 1))) : []
  const step = (inner: Block, summed: readonly Dim[], sums: readonly (readonly string[])[], lanes: 1 | 4): void => {
    const operand = (side: 0 | 1, row: Dim, column: Dim): Expr => {
      const at = labelsAt(t, row, column)
      shape.summed.forEach((label, i) => at.set(label, summed[i] ?? 0))
      return evaluate(context, inner, ...operandAt(shape, side, at))
    }
    const rowSide = shape.columnSide === 1 ? 0 : 1
    const anyColumn = dims.add(start, first)
    const lefts = rows.map((row) => operand(rowSide, row, anyColumn))
    for (const c of columns) {
      const right = operand(shape.columnSide, rows[0] ?? 0, dims.add(anyColumn, c))
      lefts.forEach((left, r) => {
        const name = sums[r]?.[c] ?? ''
        const local: Expr = { kind: 'local', type, width: lanes, name }
        inner.stmts.push({ kind: 'set', name, value: widen(multiplyAdd(type, left, right, local), lanes) })
      })
    }
  }
  const sizes = shape.summed.slice(0, -1).map((label) => shape.labels.sizes.get(label) ?? 1)
  outer(context, block, sizes, [], (inner, indices) => {
    vectorLoop(context, inner, innermost, 4, (at, k) => step(at, [...indices, k], vectors, 4))
    if (!hasTail) return
    const done = dims.mul(dims.floorDiv(innermost, 4), 4)
    scalarLoop(context, inner, dims.sub(innermost, done), (at, k) =>
      step(at, [...indices, dims.add(done, k)], scalars, 1),
    )
  })
  const local = (name: string | undefined, lanes: 1 | 4): Expr => ({
    kind: 'local',
    type,
    width: lanes,
    name: name ?? '',
  })
  rows.forEach((_, r) => {
    const own = vectors[r] ?? []
    const rests = (scalars[r] ?? []).map((name) => local(name, 1))
    if (width === COLUMNS) {
      const [a, b, c, d] = own.map((name) => local(name, 4))
      if (a === undefined || b === undefined || c === undefined || d === undefined) return
      const total: Expr = { kind: 'sums', type, width: 4, args: [a, b, c, d] }
      const rest: Expr = { kind: 'pack', type, width: 4, args: rests }
      keepSum(t, block, r, first, rests.length === 0 ? total : apply('add', type, total, rest))
    } else {
      const total = across(t, own[0] ?? '')
      const [rest] = rests
      keepSum(t, block, r, first, rest === undefined ? total : apply('add', type, total, rest))
    }
  })
  outerBlock.stmts.push(...block.stmts)
}

function variable({ context, type }: TileContext, block: Block, width: 1 | 4): string {
  const name = context.namer.name('c')
  block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, 0), width) })
  return name
}

function across({ type }: TileContext, name: string): Expr {
  const lane = (at: number): Expr => ({
    kind: 'component',
    type,
    width: 1,
    arg: { kind: 'local', type, width: 4, name },
    at,
  })
  return apply('add', type, apply('add', type, lane(0), lane(1)), apply('add', type, lane(2), lane(3)))
}
