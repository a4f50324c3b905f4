// dot-tile: two rows by four columns, or one by eight, each sum a vector along the summed axis

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, apply, constant, createBlock, multiplyAdd, widen } from '../kernel-context.ts'
import { operandAt } from './contract-shape.ts'
import { type Area, type TileContext, keepSum, labelsAt, named } from './loop-tile.ts'
import { outer, scalarLoop, vectorLoop } from './nest.ts'
import { isMultiple } from '../space.ts'

/** Sums at a time: enough not to wait for each other, and few enough to leave registers for the operands. */
const SUMS = 8

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
    overColumns(t, block, columns, 2, (inner, column, width) => {
      scalarLoop(context, inner, whole, (at, index) => sumBlock(t, at, strip(at, dims.mul(index, 2), 2), column, width))
    })
  } else {
    scalarLoop(context, block, whole, (inner, index) => computeStrip(t, inner, strip(inner, dims.mul(index, 2), 2)))
  }
  scalarLoop(context, block, dims.sub(rows.count, done), (inner, index) =>
    computeStrip(t, inner, strip(inner, dims.add(done, index), 1)),
  )
}

function computeStrip(t: TileContext, block: Block, strip: Strip): void {
  overColumns(t, block, strip.columns, strip.rows.length, (inner, column, width) =>
    sumBlock(t, inner, strip, column, width),
  )
}

/** Adds loops over columns, as many at a time as leave `SUMS` sums for so many rows, then over those that are left. */
function overColumns(
  { context }: TileContext,
  block: Block,
  { count }: Area['columns'],
  height: number,
  body: (inner: Block, column: Dim, width: number) => void,
): void {
  const width = SUMS / height
  const whole = dims.floorDiv(count, width)
  scalarLoop(context, block, whole, (inner, index) => body(inner, dims.mul(index, width), width))
  const done = dims.mul(whole, width)
  scalarLoop(context, block, dims.sub(count, done), (inner, index) => body(inner, dims.add(done, index), 1))
}

/** Sums `width` columns from `column` (counted in the group) of every row of the strip. */
function sumBlock(
  t: TileContext,
  outerBlock: Block,
  { rows, first, columns: span }: Strip,
  column: Dim,
  width: number,
): void {
  const { context, shape, type } = t
  const block = createBlock(outerBlock, outerBlock.times)
  const columns = Array.from({ length: width }, (_, c) => c)
  const vectors = rows.map(() => columns.map(() => variable(t, block, 4)))
  const innermost = shape.labels.sizes.get(shape.summed.at(-1) ?? '') ?? 1
  const hasTail = !isMultiple(innermost, 4)
  const scalars = hasTail ? rows.map(() => columns.map(() => variable(t, block, 1))) : []
  const step = (inner: Block, summed: readonly Dim[], sums: readonly (readonly string[])[], lanes: 1 | 4): void => {
    const operand = (side: 0 | 1, row: Dim, column: Dim): Expr => {
      const at = labelsAt(t, row, column)
      shape.summed.forEach((label, i) => at.set(label, summed[i] ?? 0))
      return evaluate(context, inner, ...operandAt(shape, side, at))
    }
    const rowSide = shape.columnSide === 1 ? 0 : 1
    const anyColumn = dims.add(span.start, column)
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
  rows.forEach((_, r) => {
    const keep = (c: number, value: Expr): void => keepSum(t, block, dims.add(first, r), dims.add(column, c), value)
    keepTotals(t, vectors[r] ?? [], scalars[r] ?? [], keep)
  })
  outerBlock.stmts.push(...block.stmts)
}

/** Adds up the sums of a row across their lanes, with those of the elements that were left over. */
function keepTotals(
  t: TileContext,
  vectors: readonly string[],
  scalars: readonly string[],
  keep: (column: number, value: Expr) => void,
): void {
  const { type } = t
  const rests = scalars.map((name): Expr => ({ kind: 'local', type, width: 1, name }))
  const [only, ...others] = vectors
  if (only !== undefined && others.length === 0) {
    const total = across(t, only)
    return keep(0, rests[0] === undefined ? total : apply('add', type, total, rests[0]))
  }
  for (let at = 0; at < vectors.length; at += 4) {
    const [a, b, c, d] = vectors.slice(at, at + 4).map((name): Expr => ({ kind: 'local', type, width: 4, name }))
    if (a === undefined || b === undefined || c === undefined || d === undefined) return
    const total: Expr = { kind: 'sums', type, width: 4, args: [a, b, c, d] }
    const rest: Expr = { kind: 'pack', type, width: 4, args: rests.slice(at, at + 4) }
    keep(at, rests.length === 0 ? total : apply('add', type, total, rest))
  }
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
