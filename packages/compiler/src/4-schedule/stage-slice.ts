// stage-slice: a slice of an operand of a tiled contraction -> group memory

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../ir/kernel/kernel.ts'
import { PER_BLOCK, type Tile } from './choose-tiles.ts'
import { type Block, createBlock, indexExpr, testIndex } from './kernel-context.ts'
import { loopOver } from './serial-loop.ts'
import { type TileContext, type TileSize, laneOf, tileIndex } from './tile-context.ts'
import { depthIsContiguous, operandElement } from './tile-operand.ts'

/** A tile whose slices lie in group memory, with some vectors left free after each step of the depth. */
export type SlicedTile = TileSize & Pick<Tile, 'padding'>

/** Vectors of a staged slice for each step of the depth. */
export function strideOf(t: TileContext<SlicedTile>, side: 0 | 1): number {
  const { tile } = t
  return (side === 0 ? tile.rows : tile.columns) / PER_BLOCK + (depthIsContiguous(t, side) ? tile.padding : 0)
}

/** Stages a slice of one operand: `depth` by rows (or columns), four neighbours of an outer axis to a vector. */
export function stageSlice(t: TileContext<SlicedTile>, block: Block, side: 0 | 1, array: string, step: Dim): void {
  const { context, tile } = t
  const axis = side === 0 ? 'rows' : 'columns'
  const vectors = tile[axis] / 4
  const total = tile.depth * vectors
  const rounds = context.namer.range('k', dims.ceilDiv(total, tile.lanes))
  const element = dims.add(dims.mul(rounds.index, tile.lanes), laneOf(t))
  // consecutive lanes read consecutive summed elements where those are neighbours in memory
  const isDepthFirst = depthIsContiguous(t, side)
  const kk = isDepthFirst ? dims.mod(element, tile.depth) : dims.floorDiv(element, vectors)
  const vv = isDepthFirst ? dims.floorDiv(element, tile.depth) : dims.mod(element, vectors)
  const inner = createBlock(block, dims.mul(block.times, rounds.extent))
  const k = context.namer.name('k')
  const v = context.namer.name('k')
  inner.stmts.push({ kind: 'let', name: k, value: indexExpr(dims.add(dims.mul(step, tile.depth), kk)) })
  inner.stmts.push({ kind: 'let', name: v, value: indexExpr(vv) })
  const vector = dims.symbol(v, { min: 0, below: vectors })
  const args = Array.from({ length: 4 }, (_, u) => {
    const outer = dims.add(dims.add(dims.mul(tileIndex(t, axis), tile[axis]), dims.mul(vector, 4)), u)
    return operandElement(t, inner, side, k, outer)
  })
  const within = dims.sub(dims.symbol(k, { min: 0 }), dims.mul(step, tile.depth))
  const slot = dims.add(dims.mul(within, strideOf(t, side)), vector)
  const value: Expr = { kind: 'pack', type: t.type, width: 4, args }
  inner.stmts.push({ kind: 'groupStore', array, index: slot, value })
  const guarded: readonly Stmt[] =
    total % tile.lanes === 0
      ? inner.stmts
      : [{ kind: 'if', condition: testIndex(element, '<', total), then: inner.stmts, otherwise: [] }]
  block.stmts.push(...loopOver(rounds, guarded))
}
