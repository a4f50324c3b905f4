// tile-context: what the parts of a tiled kernel share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Op } from '../ir/graph/graph.ts'
import type { ScalarType } from '../ir/kernel/kernel.ts'
import { type Tile, chooseTile } from './choose-tiles.ts'
import { type ContractLabels, contractLabels } from './contract-labels.ts'
import { type KernelContext, scalarOf } from './kernel-context.ts'
import { type LaunchSpace, launchSpace } from './launch-space.ts'
import type { Machine } from './machine.ts'
import { type Tuple, delinearise } from './space.ts'

/** A group that is tiled for its contraction. */
export interface TileContext {
  readonly context: KernelContext
  readonly op: Op<'contract'>
  readonly labels: ContractLabels
  readonly tile: Tile
  readonly sizes: { readonly rows: Dim; readonly columns: Dim; readonly depth: Dim; readonly batch: Dim }
  readonly type: ScalarType
  readonly space: LaunchSpace
  /** Indices of the batch labels of this tile. */
  readonly batch: Tuple
}

/** Returns the lane within its group. */
export function laneOf({ tile }: Pick<TileContext, 'tile'>): Dim {
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
export function tileIndex(t: TileContext, side: 'rows' | 'columns'): Dim {
  const count = dims.ceilDiv(t.sizes[side], t.tile[side])
  return dims.symbol(side === 'rows' ? 'tm' : 'tn', { min: 0, below: count })
}

/** Chooses the tile and its launch. */
export function createTiles(context: KernelContext, machine: Machine, op: Op<'contract'>): TileContext {
  const labels = contractLabels(op)
  const product = (names: readonly string[]): Dim => dims.product(names.map((l) => labels.sizes.get(l) ?? 1))
  const sizes = {
    rows: product(labels.rows),
    columns: product(labels.columns),
    depth: product(labels.summed),
    batch: product(labels.batch),
  }
  const tile = chooseTile(machine, sizes)
  const across = dims.ceilDiv(sizes.columns, tile.columns)
  const down = dims.ceilDiv(sizes.rows, tile.rows)
  const space = launchSpace(dims.product([across, down, sizes.batch]))
  const batchIndex = dims.symbol('tb', { min: 0, below: sizes.batch })
  const batch = delinearise(
    batchIndex,
    labels.batch.map((l) => labels.sizes.get(l) ?? 1),
  )
  return { context, op, labels, tile, sizes, type: scalarOf(op.result.type.dtype), space, batch }
}
