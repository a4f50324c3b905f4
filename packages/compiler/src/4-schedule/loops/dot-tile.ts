// dot-tile: eight vectors along the summed axis, for two rows or one by some columns

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { sizesOf } from '../contract-labels.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { type Tuple, isMultiple } from '../space.ts'
import { operandAt } from './contract-shape.ts'
import { keepTotals } from './dot-totals.ts'
import { type Area, type TileContext, keepSum, labelsAt, named } from './loop-tile.ts'
import { outer, scalarLoop, vectorLoop } from './nest.ts'

/** Vectors that are summed at a time: enough not to wait for each other, and few enough to leave registers for the operands. */
const SUMS = 8

/** Summed elements from which on the columns of a tile may lie apart, and each have two vectors. */
const LONG = 64

/** Rows from which on there is more to compute of a column than to fetch. */
const MANY_ROWS = 8

/** Rows of a tile, and the columns of its group. */
interface Strip {
  readonly rows: readonly Dim[]
  /** The first row, counted in the group. */
  readonly first: Dim
  readonly columns: Area['columns']
}

/**
 * Computes an area by pairs of rows, and the last of an odd number by itself. The side with fewer elements is walked
 * inside: it stays in the first cache, and the other is read from beyond it once.
 */
export function computeDots(t: TileContext, block: Block, { rows, columns }: Area): void {
  const { context, rowCount } = t
  const strip = (inner: Block, first: Dim, height: number): Strip => {
    const own = Array.from({ length: height }, (_, r) =>
      named(inner, context.namer.name('m'), dims.add(dims.add(rows.start, first), r), rowCount),
    )
    return { rows: own, first, columns }
  }
  const whole = dims.floorDiv(rows.count, 2)
  const done = dims.mul(whole, 2)
  if (dims.compare(rows.count, '<', columns.count) === 'yes') {
    overColumns(t, block, columns, 2, (inner, chosen) => {
      scalarLoop(context, inner, whole, (at, index) => sumBlock(t, at, strip(at, dims.mul(index, 2), 2), chosen))
    })
  } else {
    scalarLoop(context, block, whole, (inner, index) => computeStrip(t, inner, strip(inner, dims.mul(index, 2), 2)))
  }
  scalarLoop(context, block, dims.sub(rows.count, done), (inner, index) =>
    computeStrip(t, inner, strip(inner, dims.add(done, index), 1)),
  )
}

function computeStrip(t: TileContext, block: Block, strip: Strip): void {
  overColumns(t, block, strip.columns, strip.rows.length, (inner, chosen) => sumBlock(t, inner, strip, chosen))
}

/**
 * Adds loops over columns, some at a time, then over those that are left. Those of a time lie apart where fetching them
 * is what takes long: a processor fetches ahead where memory is read in order, and takes neighbouring rows of weights,
 * which share a page, for disorder. Four streams in pages of their own are four orders.
 */
function overColumns(
  t: TileContext,
  block: Block,
  { count }: Area['columns'],
  height: number,
  body: (inner: Block, columns: readonly Dim[]) => void,
): void {
  const { context, rowCount } = t
  const width = isLong(t) ? 4 : SUMS / height
  const whole = dims.floorDiv(count, width)
  const isApart = isLong(t) && dims.compare(rowCount, '>=', MANY_ROWS) !== 'yes'
  const [step, distance] = isApart ? [1, whole] : [width, 1]
  const chosen = (index: Dim): readonly Dim[] =>
    Array.from({ length: width }, (_, c) => dims.add(dims.mul(index, step), dims.mul(distance, c)))
  scalarLoop(context, block, whole, (inner, index) => body(inner, chosen(index)))
  const done = dims.mul(whole, width)
  scalarLoop(context, block, dims.sub(count, done), (inner, index) => body(inner, [dims.add(done, index)]))
}

function isLong({ shape }: TileContext): boolean {
  return dims.compare(sizesOf(shape.labels, shape.summed).at(-1) ?? 1, '>=', LONG) === 'yes'
}

/** Sums some columns (counted in the group) of every row of the strip. */
function sumBlock(
  t: TileContext,
  outerBlock: Block,
  { rows, first, columns: { start } }: Strip,
  columns: readonly Dim[],
): void {
  const { context, shape } = t
  const block = createBlock(outerBlock, outerBlock.times)
  const tile = { rows, columns: columns.map((column) => dims.add(start, column)) }
  const depth = isLong(t) ? SUMS / 4 / rows.length : 1
  const vectors = variables(t, block, tile, 4, depth)
  const sizes = sizesOf(shape.labels, shape.summed)
  const innermost = sizes.at(-1) ?? 1
  const scalars = isMultiple(innermost, 4) ? undefined : variables(t, block, tile, 1, 1)
  outer(context, block, sizes.slice(0, -1), [], (inner, indices) => {
    const summed = (k: Dim): Tuple => [...indices, k]
    const wholesOf = (step: number): Dim => dims.mul(dims.floorDiv(innermost, step), step)
    const [deep, whole] = [wholesOf(4 * depth), wholesOf(4)]
    vectorLoop(context, inner, innermost, 4 * depth, (at, k) => addProducts(t, at, tile, vectors, summed(k)))
    if (depth > 1) {
      const one = vectors.map((row) => row.map((names) => names.slice(0, 1)))
      const left = dims.sub(innermost, deep)
      vectorLoop(context, inner, left, 4, (at, k) => addProducts(t, at, tile, one, summed(k)), { start: deep })
    }
    if (scalars === undefined) return
    const left = dims.sub(innermost, whole)
    scalarLoop(context, inner, left, (at, k) => addProducts(t, at, tile, scalars, summed(k)), { start: whole })
  })
  rows.forEach((_, r) => {
    const keep = (c: number, value: Expr): void => keepSum(t, block, dims.add(first, r), columns[c] ?? 0, value)
    const isRun = columns.every((column, c) => dims.isSame(dims.add(columns[0] ?? 0, c), column))
    const rests = scalars?.[r]?.flat()
    keepTotals(t, block, { vectors: vectors[r] ?? [], rests, isRun }, keep)
  })
  outerBlock.stmts.push(...block.stmts)
}

/** Rows and columns that are computed together. */
interface Tile {
  readonly rows: readonly Dim[]
  readonly columns: readonly Dim[]
}

/** The names of what is summed for a row and a column of a tile; what lies next to each other is next to each other. */
type Sums = readonly (readonly (readonly string[])[])[]

/** Adds to every sum of a tile its product at `summed`, and to those beside it what follows there. */
function addProducts(t: TileContext, block: Block, { rows, columns }: Tile, sums: Sums, summed: Tuple): void {
  const { context, shape, type } = t
  const width = context.vector === undefined ? 1 : 4
  const operand = (side: 0 | 1, row: Dim, column: Dim, ahead: number): Expr => {
    const at = labelsAt(t, row, column)
    const last = shape.summed.length - 1
    shape.summed.forEach((label, i) => at.set(label, dims.add(summed[i] ?? 0, i === last ? ahead : 0)))
    return evaluate(context, block, ...operandAt(shape, side, at))
  }
  const rowSide = shape.columnSide === 1 ? 0 : 1
  const count = sums[0]?.[0]?.length ?? 0
  const steps = Array.from({ length: count }, (_, step) => step)
  const lefts = rows.map((row) => steps.map((step) => operand(rowSide, row, columns[0] ?? 0, 4 * step)))
  columns.forEach((column, c) => {
    const rights = steps.map((step) => operand(shape.columnSide, rows[0] ?? 0, column, 4 * step))
    lefts.forEach((left, r) =>
      sums[r]?.[c]?.forEach((name, step) => {
        const local: Expr = { kind: 'local', type, width, name }
        const [a, b] = [left[step] ?? local, rights[step] ?? local]
        block.stmts.push({ kind: 'set', name, value: widen(multiplyAdd(type, a, b, local), width) })
      }),
    )
  })
}

function variables(
  { context, type }: TileContext,
  block: Block,
  { rows, columns }: Tile,
  width: 1 | 4,
  count: number,
): Sums {
  const variable = (): string => {
    const name = context.namer.name('c')
    block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, 0), width) })
    return name
  }
  return rows.map(() => columns.map(() => Array.from({ length: count }, variable)))
}
