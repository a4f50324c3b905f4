// write-tile: the sums of a tile -> its epilogue and stores

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Expr } from '../ir/kernel/kernel.ts'
import { PER_BLOCK } from './choose-tiles.ts'
import { sizesOf } from './contract-labels.ts'
import { evaluate } from './evaluate.ts'
import { type Block, allOf, createBlock, groupArray, indexExpr, storeValue, testIndex } from './kernel-context.ts'
import { type Tuple, coverage, delinearise, linearise } from './space.ts'
import { type TileContext, type TileSize, laneAlong, laneOf, tileIndex } from './tile-context.ts'

/** Spreads the sums over group memory, then computes the epilogue and stores, one element a lane at a time; in parts. */
export function writeTile(t: TileContext, block: Block, sums: readonly (readonly string[])[], used: Tuple): void {
  const { context, tile, type } = t
  const laneRows = tile.lanes / tile.laneColumns
  // rows of a block that fit at a time
  const height = [4, 2, 1].find((rows) => laneRows * rows * tile.columns <= tile.written) ?? 1
  const part: TilePart = {
    height,
    array: groupArray(context, type, 1, laneRows * height * tile.columns),
    times: dims.floorDiv(block.times, sums.length / height),
  }
  for (let first = 0; first < sums.length; first += height) {
    if (first > 0) block.stmts.push({ kind: 'barrier', memory: 'group' })
    spread(t, block, part, sums.slice(first, first + height))
    block.stmts.push({ kind: 'barrier', memory: 'group' })
    writePart(t, block, part, first, used)
  }
}

/** Some rows of each lane's blocks, in group memory. */
interface TilePart {
  readonly height: number
  readonly array: string
  /** How many results one of them has, in all. */
  readonly times: Dim
}

function spread(t: TileContext, block: Block, { array, height }: TilePart, rows: readonly (readonly string[])[]): void {
  const { tile, type } = t
  rows.forEach((names, u) =>
    names.forEach((name, j) => {
      for (let v = 0; v < PER_BLOCK; v++) {
        const row = dims.add(dims.mul(laneAlong(t, 'rows'), height), u)
        const column = dims.add(
          dims.mul(laneAlong(t, 'columns'), PER_BLOCK),
          (j * tile.columns) / tile.columnBlocks + v,
        )
        const index = dims.add(dims.mul(row, tile.columns), column)
        const value: Expr = { kind: 'component', type, width: 1, arg: { kind: 'local', type, width: 4, name }, at: v }
        block.stmts.push({ kind: 'groupStore', array, index, value })
      }
    }),
  )
}

/** Writes the results of one part, of which the first row of a lane is its row `first`. */
function writePart(t: TileContext, block: Block, { array, height, times }: TilePart, first: number, used: Tuple): void {
  const { context, tile, type } = t
  const laneRows = tile.lanes / tile.laneColumns
  const rounds = context.namer.range('k', (laneRows * height * tile.columns) / tile.lanes)
  const place = dims.add(dims.mul(rounds.index, tile.lanes), laneOf(t))
  const inner = createBlock(block, times)
  const name = (value: Dim): string => {
    const n = context.namer.name('n')
    inner.stmts.push({ kind: 'let', name: n, value: indexExpr(value) })
    return n
  }
  const start = Math.floor(first / PER_BLOCK) * laneRows * PER_BLOCK + (first % PER_BLOCK)
  const row = dims.add(blockRow(dims.floorDiv(place, tile.columns), height), start)
  const m = name(dims.add(dims.mul(tileIndex(t, 'rows'), tile.rows), row))
  const n = name(dims.add(dims.mul(tileIndex(t, 'columns'), tile.columns), dims.mod(place, tile.columns)))
  const tests = [
    testIndex(dims.symbol(m, { min: 0 }), '<', t.sizes.rows),
    testIndex(dims.symbol(n, { min: 0 }), '<', t.sizes.columns),
  ]
  const then = createBlock(inner, times)
  const sum = context.namer.name('v')
  then.stmts.push({ kind: 'let', name: sum, value: { kind: 'groupLoad', type, width: 1, array, index: place } })
  context.computed.set(t.op.result, () => ({ kind: 'local', type, width: 1, name: sum }))
  const [i, j] = [dims.symbol(m, { min: 0, below: t.sizes.rows }), dims.symbol(n, { min: 0, below: t.sizes.columns })]
  storeResults(t, then, resultTuple(t, i, j), used)
  inner.stmts.push({ kind: 'if', condition: allOf(tests) ?? internalError('tests'), then: then.stmts, otherwise: [] })
  block.stmts.push({ kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: inner.stmts })
}

/** The row within a block of all lanes, of a row among those that are written at a time. */
function blockRow(row: Dim, height: number): Dim {
  if (height === PER_BLOCK) return row
  return dims.add(dims.mul(dims.floorDiv(row, height), PER_BLOCK), dims.mod(row, height))
}

/** Returns the index of a result for row m and column n of this tile's batch. */
export function resultTuple(t: TileContext<TileSize>, m: Dim, n: Dim): Tuple {
  const { labels } = t
  const at = new Map<string, Dim>()
  const set = (names: readonly string[], index: Dim): void => {
    const values = delinearise(index, sizesOf(labels, names))
    names.forEach((l, i) => at.set(l, values[i] ?? 0))
  }
  labels.batch.forEach((l, i) => at.set(l, t.batch[i] ?? 0))
  set(labels.rows, m)
  set(labels.columns, n)
  return t.op.params.out.map((l) => at.get(l) ?? 0)
}

/** Stores what a group has at a result: its ranges, over which the stores are written, become functions of the result's place. */
export function storeResults(t: TileContext<TileSize>, block: Block, result: Tuple, used: Tuple): void {
  const { context, op } = t
  const { shape } = op.result.type
  const covered = coverage(used, shape, context.group.ranges) ?? internalError('an epilogue covers its contraction')
  const flat = linearise(result, shape)
  const places = new Map<string, Dim>(
    covered.map(({ range, stride }) => [range.name, dims.mod(dims.floorDiv(flat, stride), range.extent)]),
  )
  for (const store of context.group.stores) {
    const tuple = store.tuple.map((e) => dims.substitute(e, places))
    storeValue(context, block, store, tuple, evaluate(context, block, store.value, tuple))
  }
}
