// packed-tile: many rows by vectors of columns that are copied side by side first
//
// Eight columns of the operand that has them are copied into a panel, wherever views and padding lead, and serve all rows
// of the group: the innermost loop has two loads of neighbours, however far apart the elements were. Panels are as deep
// as the first cache can hold; of deeper contractions the sums are added up slice by slice.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { type Block, apply, constant, groupArray, multiplyAdd, testIndex, widen } from '../kernel-context.ts'
import { atMost } from '../partition-state.ts'
import { delinearise, linearise } from '../space.ts'
import { DEPTH, operandAt } from './contract-shape.ts'
import {
  type Area,
  BLOCK,
  ROWS,
  type TileContext,
  broadcast,
  keepSum,
  labelsAt,
  named,
  overTiles,
  placeOfSum,
} from './loop-tile.ts'
import { outer, scalarLoop, vectorLoop } from './nest.ts'
import { isEven, rowSide, summedLabels, summedSizes } from './packing.ts'
import { overSummed } from './panel-tile.ts'

/** Columns of a tile. */
const COLUMNS = 8

/** The part of the summed elements that panels hold at a time: whole steps of the first summed label. */
interface Slice {
  /** Where it begins along the first label. */
  readonly begin: Dim
  /** Sizes of the summed labels inside it. */
  readonly sizes: readonly Dim[]
  readonly depth: Dim
}

/** What tiles are computed from. */
interface Packed {
  readonly panel: string
  /** The rows of the group, copied four side by side, where their own memory is not even. */
  readonly strips: string | undefined
  /** Summed elements for which there is room. */
  readonly room: number
  /** Whether sums go on from slice to slice. */
  readonly isSliced: boolean
}

/** Computes an area from panels. */
export function computePacked(t: TileContext, block: Block, area: Area): void {
  const { context, type } = t
  const [first = 1, ...others] = summedSizes(t.shape)
  const inner = Number(dims.product(others))
  const step = Math.max(1, Math.floor(DEPTH / inner))
  const isSliced = !(atMost(first) <= step)
  const room = inner * Math.min(step, atMost(first))
  const packed: Packed = {
    panel: groupArray(context, type, 1, COLUMNS * room),
    strips: isEven(t) ? undefined : groupArray(context, type, 1, stripRows(t) * room),
    room,
    isSliced,
  }
  if (isSliced) clearSums(t, block, area)
  const run = (at: Block, begin: Dim, count: Dim): void =>
    computeSlice(t, at, area, packed, { begin, sizes: [count, ...others], depth: dims.mul(count, inner) })
  if (!isSliced) return run(block, 0, first)
  scalarLoop(context, block, dims.ceilDiv(first, step), (at, index) => {
    const begin = dims.mul(index, step)
    const count = named(at, context.namer.name('q'), dims.min(step, dims.sub(first, begin)), step + 1)
    run(at, begin, count)
  })
}

function computeSlice(t: TileContext, block: Block, area: Area, packed: Packed, slice: Slice): void {
  const { context } = t
  const { start, count } = area.columns
  if (packed.strips !== undefined) packRows(t, block, area, packed, slice)
  vectorLoop(
    context,
    block,
    count,
    COLUMNS,
    (inner, column) => {
      overSlice(t, inner, slice, (at, summed, place) => {
        for (let v = 0; v < COLUMNS; v += 4) {
          const value = widen(operandOf(t, at, t.shape.columnSide, 0, dims.add(column, v), summed), 4)
          at.stmts.push({
            kind: 'groupStore',
            array: packed.panel,
            index: dims.add(dims.mul(place, COLUMNS), v),
            value,
          })
        }
      })
      const { vector } = context
      context.vector = undefined
      computeTiles(t, inner, area, packed, slice, dims.sub(column, start), COLUMNS)
      context.vector = vector
    },
    { start, below: t.columnCount },
  )
  // the last columns are a tile of their own, whose other lanes nobody reads
  const width = typeof t.columnCount === 'number' ? t.columnCount % COLUMNS : COLUMNS - 1
  if (width === 0) return
  const done = dims.mul(dims.floorDiv(count, COLUMNS), COLUMNS)
  const left = dims.sub(count, done)
  const next = dims.add(start, done)
  scalarLoop(context, block, dims.min(1, left), (inner) => {
    scalarLoop(
      context,
      inner,
      left,
      (lane, column) =>
        overSlice(t, lane, slice, (at, summed, place) => {
          const value = operandOf(t, at, t.shape.columnSide, 0, column, summed)
          const index = dims.add(dims.mul(place, COLUMNS), dims.sub(column, next))
          at.stmts.push({ kind: 'groupStore', array: packed.panel, index, value })
        }),
      { start: next, below: t.columnCount },
    )
    computeTiles(t, inner, area, packed, slice, done, width <= 4 ? 4 : COLUMNS)
  })
}

/** All rows of the group by `width` columns from `column`, counted in the group. */
function computeTiles(
  t: TileContext,
  block: Block,
  area: Area,
  packed: Packed,
  slice: Slice,
  column: Dim,
  width: number,
): void {
  const { context, type } = t
  overTiles(t, block, area, (inner, own, first) => {
    const places = Array.from({ length: ROWS * (width / 4) }, (_, i) => ({
      row: Math.floor(i / (width / 4)),
      at: 4 * (i % (width / 4)),
      name: context.namer.name('c'),
    }))
    const sumAt = (row: number, at: number): Dim => placeOfSum(t, dims.add(first, row), dims.add(column, at))
    for (const { row, at, name } of places) {
      const index = sumAt(row, at)
      const init: Expr = packed.isSliced
        ? { kind: 'groupLoad', type, width: 4, array: t.sums, index }
        : widen(constant(type, 0), 4)
      inner.stmts.push({ kind: 'var', name, type, width: 4, init })
    }
    scalarLoop(context, inner, slice.depth, (at, place) => {
      const panels = Array.from({ length: width / 4 }, (_, v): Expr => {
        const index = dims.add(dims.mul(place, COLUMNS), 4 * v)
        return letOf(t, at, { kind: 'groupLoad', type, width: 4, array: packed.panel, index })
      })
      for (let row = 0; row < ROWS; row++) {
        const left = broadcast(
          t,
          at,
          letOf(t, at, rowElement(t, at, packed, slice, { row: own[row] ?? 0, first, r: row, place })),
        )
        for (const sum of places.filter((p) => p.row === row)) {
          const local: Expr = { kind: 'local', type, width: 4, name: sum.name }
          const args = [left, panels[sum.at / 4] ?? local, local] as const
          const value: Expr =
            t.shape.paired === undefined
              ? multiplyAdd(type, ...args)
              : { kind: 'multiplyAddHalves', type, width: 4, args }
          at.stmts.push({ kind: 'set', name: sum.name, value })
        }
      }
    })
    for (const { row, at, name } of places) {
      const value: Expr = { kind: 'local', type, width: 4, name }
      keepSum(t, inner, dims.add(first, row), dims.add(column, at), value)
    }
  })
}

/** An element of one of the tile's rows. */
function rowElement(
  t: TileContext,
  block: Block,
  { strips, room }: Packed,
  slice: Slice,
  { row, first, r, place }: { row: Dim; first: Dim; r: number; place: Dim },
): Expr {
  if (strips === undefined) {
    const [begin = 0, ...others] = delinearise(place, slice.sizes)
    return operandOf(t, block, rowSide(t.shape), row, 0, [dims.add(slice.begin, begin), ...others])
  }
  return { kind: 'groupLoad', type: t.type, width: 1, array: strips, index: placeInStrips(first, r, place, room) }
}

function placeInStrips(first: Dim, row: number, place: Dim, room: number): Dim {
  return dims.add(dims.add(dims.mul(first, room), dims.mul(ROWS, place)), row)
}

/** Copies the rows of the group, four side by side. */
function packRows(t: TileContext, block: Block, area: Area, { strips = '', room }: Packed, slice: Slice): void {
  overTiles(t, block, area, (inner, own, first) => {
    outer(t.context, inner, slice.sizes, [], (at, [begin = 0, ...rest]) => {
      const summed = [dims.add(slice.begin, begin), ...rest]
      const place = linearise([begin, ...rest], slice.sizes)
      own.forEach((row, r) => {
        const value = operandOf(t, at, rowSide(t.shape), row, 0, summed)
        at.stmts.push({ kind: 'groupStore', array: strips, index: placeInStrips(first, r, place, room), value })
      })
    })
  })
}

/** Loops over a slice; `place` is the position in it. */
function overSlice(
  t: TileContext,
  block: Block,
  { begin, sizes }: Slice,
  body: (inner: Block, summed: readonly Dim[], place: Dim) => void,
): void {
  overSummed(t, block, sizes, (inner, indices) => {
    const [first = 0, ...others] = indices
    body(inner, [dims.add(begin, first), ...others], linearise(indices, sizes))
  })
}

function operandOf(t: TileContext, block: Block, side: 0 | 1, row: Dim, column: Dim, summed: readonly Dim[]): Expr {
  const labels = labelsAt(t, row, column)
  summedLabels(t.shape).forEach((label, i) => labels.set(label, summed[i] ?? 0))
  const value = (): Expr => evaluate(t.context, block, ...operandAt(t.shape, side, labels))
  const { paired } = t.shape
  if (paired === undefined) return value()
  const first = dims.mul(labels.get(paired) ?? 0, 2)
  const last = dims.sub(t.shape.labels.sizes.get(paired) ?? 1, 1)
  const second = dims.add(first, 1)
  labels.set(paired, first)
  const low = value()
  const isThere = dims.compare(second, '<=', last) === 'yes'
  labels.set(paired, isThere ? second : dims.min(second, last))
  const high = value()
  const { type } = t
  // nothing stands beside the last of an odd number
  const there = isThere ? high : apply('where', type, testIndex(first, '<', last), high, constant(type, 0))
  const upper = apply('shiftLeft', type, there, constant(type, 16))
  return apply('or', type, apply('and', type, low, constant(type, 0xffff)), upper)
}

function clearSums(t: TileContext, block: Block, { rows }: Area): void {
  const { context, type } = t
  const length = dims.mul(t.width / 4, dims.mul(ROWS, dims.ceilDiv(rows.count, ROWS)))
  scalarLoop(context, block, length, (inner, index) =>
    inner.stmts.push({
      kind: 'groupStore',
      array: t.sums,
      index: dims.mul(4, index),
      value: widen(constant(type, 0), 4),
    }),
  )
}

function stripRows({ rowCount }: TileContext): number {
  return Math.min(BLOCK, ROWS * Math.ceil(atMost(rowCount) / ROWS))
}

function letOf({ context }: TileContext, block: Block, value: Expr): Expr {
  if (value.kind === 'local' || value.kind === 'const') return value
  const name = context.namer.name('v')
  block.stmts.push({ kind: 'let', name, value })
  return { kind: 'local', type: value.type, width: value.width, name }
}
