// write-tile: the sums of a tile -> its epilogue and stores

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Expr } from '../ir/kernel/kernel.ts'
import { PER_LANE } from './choose-tiles.ts'
import { evaluate } from './evaluate.ts'
import { type Block, allOf, createBlock, groupArray, indexExpr, storeValue, testIndex } from './kernel-context.ts'
import { type Tuple, coverage, delinearise, linearise } from './space.ts'
import { type TileContext, lane, tileIndex } from './tile-context.ts'

/** Spreads the sums over group memory, then computes the epilogue and stores, one element a lane at a time. */
export function writeTile(t: TileContext, block: Block, sums: readonly string[], used: Tuple): void {
  const { context, tile, type } = t
  const array = groupArray(context, type, 1, tile.rows * tile.columns)
  const lm = dims.symbol('lm', { min: 0, below: tile.lanes / tile.laneColumns })
  const ln = dims.symbol('ln', { min: 0, below: tile.laneColumns })
  sums.forEach((name, u) => {
    for (let v = 0; v < PER_LANE; v++) {
      const row = dims.add(dims.mul(lm, PER_LANE), u)
      const index = dims.add(dims.mul(row, tile.columns), dims.add(dims.mul(ln, PER_LANE), v))
      const value: Expr = { kind: 'component', type, width: 1, arg: { kind: 'local', type, width: 4, name }, at: v }
      block.stmts.push({ kind: 'groupStore', array, index, value })
    }
  })
  block.stmts.push({ kind: 'barrier', memory: 'group' })
  const rounds = context.namer.range('k', (tile.rows * tile.columns) / tile.lanes)
  const place = dims.add(dims.mul(rounds.index, tile.lanes), lane)
  const inner = createBlock(block, block.times)
  const name = (value: Dim): string => {
    const n = context.namer.name('n')
    inner.stmts.push({ kind: 'let', name: n, value: indexExpr(value) })
    return n
  }
  const m = name(dims.add(dims.mul(tileIndex(t, 'rows'), tile.rows), dims.floorDiv(place, tile.columns)))
  const n = name(dims.add(dims.mul(tileIndex(t, 'columns'), tile.columns), dims.mod(place, tile.columns)))
  const tests = [
    testIndex(dims.symbol(m, { min: 0 }), '<', t.sizes.rows),
    testIndex(dims.symbol(n, { min: 0 }), '<', t.sizes.columns),
  ]
  const then = createBlock(inner, block.times)
  const sum = context.namer.name('v')
  then.stmts.push({ kind: 'let', name: sum, value: { kind: 'groupLoad', type, width: 1, array, index: place } })
  context.computed.set(t.op.result, () => ({ kind: 'local', type, width: 1, name: sum }))
  storeResults(t, then, resultTuple(t, m, n), used)
  inner.stmts.push({ kind: 'if', condition: allOf(tests) ?? internalError('tests'), then: then.stmts, otherwise: [] })
  block.stmts.push({ kind: 'for', name: rounds.name, count: rounds.extent, unroll: false, body: inner.stmts })
}

/** The index of a result for row m and column n of this tile's batch. */
function resultTuple(t: TileContext, m: string, n: string): Tuple {
  const { labels } = t
  const at = new Map<string, Dim>()
  const set = (names: readonly string[], index: Dim): void => {
    const values = delinearise(
      index,
      names.map((l) => labels.sizes.get(l) ?? 1),
    )
    names.forEach((l, i) => at.set(l, values[i] ?? 0))
  }
  labels.batch.forEach((l, i) => at.set(l, t.batch[i] ?? 0))
  set(labels.rows, dims.symbol(m, { min: 0, below: t.sizes.rows }))
  set(labels.columns, dims.symbol(n, { min: 0, below: t.sizes.columns }))
  return t.op.params.out.map((l) => at.get(l) ?? 0)
}

/** Rewrites the group's ranges, over which the stores are written, as functions of the result's place. */
function storeResults(t: TileContext, block: Block, result: Tuple, used: Tuple): void {
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
