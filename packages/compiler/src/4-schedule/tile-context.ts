// tile-context: what the parts of a tiled kernel share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Op } from '../ir/graph/graph.ts'
import type { ScalarType } from '../ir/kernel/kernel.ts'
import type { Tile } from './choose-tiles.ts'
import { type ContractLabels, contractLabels, sizesOf } from './contract-labels.ts'
import { type Block, type KernelContext, indexExpr, scalarOf } from './kernel-context.ts'
import { type LaunchSpace, launchSpace } from './launch-space.ts'
import { type Tuple, delinearise } from './space.ts'

/** How large a tile is, whatever computes it. */
export type TileSize = Pick<Tile, 'rows' | 'columns' | 'depth' | 'lanes'>

/** The sizes of a contraction. */
export interface ContractSizes {
  readonly rows: Dim
  readonly columns: Dim
  readonly depth: Dim
  readonly batch: Dim
}

/** A group that is tiled for its contraction. */
export interface TileContext<T extends TileSize = Tile> {
  readonly context: KernelContext
  readonly op: Op<'contract'>
  readonly labels: ContractLabels
  readonly tile: T
  readonly sizes: ContractSizes
  readonly type: ScalarType
  readonly space: LaunchSpace
  /** Indices of the batch labels of this tile. */
  readonly batch: Tuple
}

/** Returns the lane within its group. */
export function laneOf({ tile }: Pick<TileContext<TileSize>, 'tile'>): Dim {
  return dims.symbol('l0', { min: 0, below: tile.lanes })
}

/** Returns where the blocks of a lane begin: its place among the lanes along an axis. */
export function laneAlong({ tile }: TileContext, axis: 'rows' | 'columns'): Dim {
  const { lanes, laneColumns } = tile
  return axis === 'rows'
    ? dims.symbol('lm', { min: 0, below: lanes / laneColumns })
    : dims.symbol('ln', { min: 0, below: laneColumns })
}

/** Which tile of rows or columns a group of lanes computes. */
export function tileIndex(t: TileContext<TileSize>, side: 'rows' | 'columns'): Dim {
  const count = dims.ceilDiv(t.sizes[side], t.tile[side])
  return dims.symbol(side === 'rows' ? 'tm' : 'tn', { min: 0, below: count })
}

/** Returns the sizes of a contraction. */
export function contractSizes(labels: ContractLabels): ContractSizes {
  const product = (names: readonly string[]): Dim => dims.product(sizesOf(labels, names))
  return {
    rows: product(labels.rows),
    columns: product(labels.columns),
    depth: product(labels.summed),
    batch: product(labels.batch),
  }
}

/** Returns a group with a tile and its launch. */
export function createTiles<T extends TileSize>(context: KernelContext, op: Op<'contract'>, tile: T): TileContext<T> {
  const labels = contractLabels(op)
  const sizes = contractSizes(labels)
  const across = dims.ceilDiv(sizes.columns, tile.columns)
  const down = dims.ceilDiv(sizes.rows, tile.rows)
  const space = launchSpace(dims.product([across, down, sizes.batch]))
  const batchIndex = dims.symbol('tb', { min: 0, below: sizes.batch })
  const batch = delinearise(batchIndex, sizesOf(labels, labels.batch))
  return { context, op, labels, tile, sizes, type: scalarOf(op.result.type.dtype), space, batch }
}

/** Counts the products of a contraction as work of its kernel. */
export function countProducts({ context, sizes: { rows, columns, depth, batch } }: TileContext<TileSize>): void {
  context.flops = dims.add(context.flops, dims.mul(2, dims.product([rows, columns, depth, batch])))
}

/** Names which tile this is (`tn`, `tm`, `tb`). */
export function nameTile(t: TileContext<TileSize>, block: Block): void {
  const across = dims.ceilDiv(t.sizes.columns, t.tile.columns)
  const down = dims.ceilDiv(t.sizes.rows, t.tile.rows)
  const { index } = t.space
  nameIndex(block, 'tn', across, dims.mod(index, across))
  nameIndex(block, 'tm', down, dims.mod(dims.floorDiv(index, across), down))
  nameIndex(block, 'tb', t.sizes.batch, dims.floorDiv(index, dims.mul(across, down)))
}

/** Names an index, unless it can only be 0. */
export function nameIndex(block: Block, name: string, below: Dim, value: Dim): void {
  if (typeof dims.symbol(name, { min: 0, below }) !== 'number')
    block.stmts.push({ kind: 'let', name, value: indexExpr(value) })
}
