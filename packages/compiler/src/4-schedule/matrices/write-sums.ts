// write-sums: the sums of the warps -> the epilogue of a tile and its stores
//
// They go through group memory, so that the epilogue is written once and lanes side by side store neighbours, four at a time
// where vectors are whole; as many rows at a time as there is room for, or of four warps as many columns.

import { dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { sharedBytes } from '../../ir/kernel/scalar-type.ts'
import { substituteStmts } from '../../ir/kernel/substitute.ts'
import { type Block, allOf, createBlock, indexExpr, testIndex } from '../kernel-context.ts'
import { type Tuple, isMultiple } from '../space.ts'
import { laneOf, tileIndex } from '../tile-context.ts'
import { hasWholeVectors } from '../whole-vectors.ts'
import { resultTuple, storeResults } from '../write-tile.ts'
import { type Fragments, unitsOf } from './multiply-slices.ts'
import type { MatrixContext } from './slice.ts'

/** Elements left free after each row: lanes of neighbouring rows then use different banks. */
const PADDING = 8

/** Writes the results of a tile. */
export function writeSums(t: MatrixContext, block: Block, sums: Fragments, used: Tuple): void {
  const { context, tile } = t
  const size = partSize(t, sums.length)
  const stride = size.width + PADDING
  const array = context.namer.name('a')
  const rows = tile.warpRows * tile.unit.rows * size.height
  context.arrays.push({ name: array, type: 'f32', width: 1, length: rows * stride, place: 0 })
  for (let first = 0; first < sums.length; first += size.height)
    for (let left = 0; left < tile.columns; left += size.width) {
      const part = { ...size, array, stride, first, left }
      if (first + left > 0) block.stmts.push({ kind: 'barrier', memory: 'group' })
      spread(t, block, part, sums.slice(first, first + size.height))
      block.stmts.push({ kind: 'barrier', memory: 'group' })
      writePart(t, block, { ...part, used })
    }
}

/** Returns how many rows of units of each warp, and columns of the tile, there is room for. */
function partSize({ context, tile }: MatrixContext, all: number): { readonly height: number; readonly width: number } {
  const room = sharedBytes(context.arrays)
  const { columns, unit, warpRows } = tile
  const heights = [all, all / 2, all / 4].filter((units) => Number.isInteger(units))
  // the part of four warps is as wide as the tile, so that any of its columns are columns of the tile
  const widths = unit.warps === 1 ? [columns] : [columns, columns / 2, columns / 4, columns / 8]
  const sizes = widths.flatMap((width) => heights.map((height) => ({ height, width })))
  const fits = sizes.find(
    ({ height, width }) => 4 * warpRows * unit.rows * height * (width + PADDING) <= room && width % PADDING === 0,
  )
  return fits ?? { height: 1, width: columns }
}

/** Some rows of units of each warp, and columns of the tile, in group memory: rows of one warp after those of another. */
interface Part {
  readonly array: string
  readonly stride: number
  readonly height: number
  readonly width: number
  /** The first row of units, and column. */
  readonly first: number
  readonly left: number
}

function spread(t: MatrixContext, block: Block, { array, stride, height, width, left }: Part, rows: Fragments): void {
  const { unit, warpRows, warpColumns } = t.tile
  const part = width === t.tile.columns ? {} : { columns: { first: left, count: width } }
  const [wm, wn] = [dims.symbol('wm', { min: 0, below: warpRows }), dims.symbol('wn', { min: 0, below: warpColumns })]
  rows.forEach((names, i) =>
    names.forEach((name, j) => {
      const row = dims.add(dims.mul(wm, height * unit.rows), i * unit.rows)
      const column = dims.add(dims.mul(wn, unitsOf(t, 'columns') * unit.columns), j * unit.columns)
      const index = dims.add(dims.mul(row, stride), column)
      block.stmts.push({ kind: 'storeFragment', name, array, index, stride, ...part })
    }),
  )
}

interface WrittenPart extends Part {
  readonly used: Tuple
}

function writePart(t: MatrixContext, block: Block, part: WrittenPart): void {
  const { context, sizes } = t
  if (isMultiple(sizes.columns, 4)) {
    const { flops } = context
    const body = writeRounds(t, block, part, 4)
    if (hasWholeVectors([body])) {
      block.stmts.push(body)
      return
    }
    context.flops = flops
  }
  block.stmts.push(writeRounds(t, block, part, 1))
}

/** The loop of each lane over its results, `width` neighbours at a time. */
function writeRounds(t: MatrixContext, block: Block, part: WrittenPart, width: 1 | 4): Stmt {
  const { context, tile, sizes } = t
  const { unit } = tile
  const { array, stride, height, first, left, used } = part
  const perRow = part.width / width
  const rounds = context.namer.range('k', (tile.warpRows * unit.rows * height * perRow) / tile.lanes)
  const place = dims.add(dims.mul(rounds.index, tile.lanes), laneOf(t))
  const [row, column] = [dims.floorDiv(place, perRow), dims.mul(dims.mod(place, perRow), width)]
  const ofWarp = height * unit.rows
  const within = dims.add(
    dims.mul(dims.floorDiv(row, ofWarp), tile.rows / tile.warpRows),
    dims.add(dims.mod(row, ofWarp), first * unit.rows),
  )
  const results = dims.floorDiv(block.times, (unitsOf(t, 'rows') / height) * (tile.columns / part.width))
  const inner = createBlock(block, results)
  const name = (value: dims.Dim): string => {
    const own = context.namer.name('n')
    inner.stmts.push({ kind: 'let', name: own, value: indexExpr(value) })
    return own
  }
  const m = name(dims.add(dims.mul(tileIndex(t, 'rows'), tile.rows), within))
  const n = name(dims.add(dims.mul(tileIndex(t, 'columns'), tile.columns), dims.add(column, left)))
  const tests = [
    ...(isWhole(t, 'rows') ? [] : [testIndex(dims.symbol(m, { min: 0 }), '<', sizes.rows)]),
    ...(isWhole(t, 'columns') ? [] : [testIndex(dims.symbol(n, { min: 0 }), '<', sizes.columns)]),
  ]
  const then = createBlock(inner, results)
  const sum = context.namer.name('v')
  const index = dims.add(dims.mul(row, stride), column)
  then.stmts.push({ kind: 'let', name: sum, value: { kind: 'groupLoad', type: 'f32', width, array, index } })
  context.computed.set(t.op.result, () => ({ kind: 'local', type: 'f32', width, name: sum }))
  const i = dims.symbol(m, { min: 0, below: sizes.rows })
  const stored = width === 1 ? storeOne(t, then, i, n, used) : storeFour(t, then, i, n, used)
  const condition = allOf(tests)
  inner.stmts.push(
    ...(condition === undefined ? stored : [{ kind: 'if', condition, then: stored, otherwise: [] } as const]),
  )
  return { kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: inner.stmts }
}

/** Whether every tile is whole along an axis. */
function isWhole({ sizes, tile }: MatrixContext, axis: 'rows' | 'columns'): boolean {
  return isMultiple(sizes[axis], tile[axis])
}

function storeOne(t: MatrixContext, then: Block, i: dims.Dim, n: string, used: Tuple): readonly Stmt[] {
  storeResults(t, then, resultTuple(t, i, dims.symbol(n, { min: 0, below: t.sizes.columns })), used)
  return then.stmts
}

/** Four neighbours, which are one symbol while they are evaluated. */
function storeFour(t: MatrixContext, then: Block, i: dims.Dim, n: string, used: Tuple): readonly Stmt[] {
  const { context, sizes } = t
  const vector = context.namer.name('v')
  context.vector = vector
  storeResults(t, then, resultTuple(t, i, dims.symbol(vector, { min: 0, below: sizes.columns })), used)
  context.vector = undefined
  const start = dims.symbol(n, { min: 0, below: sizes.columns, multipleOf: 4 })
  return substituteStmts(then.stmts, new Map([[vector, start]]))
}
