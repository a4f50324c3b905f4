// choose-tiles: the sizes of a contraction -> tiles
//
// Each lane has blocks of 4 by 4 results; the tile is stretched along the axis that has the work (a convolution has many
// rows and few columns). A machine has tile shapes from large to small: large ones read less memory for each product,
// and want enough work for as many groups as run at once.

import type { Dim } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Machine, TileShape } from './machine.ts'
import { atMost } from './partition-state.ts'
import { usually } from './usual-size.ts'

/** A tile of results for one group of lanes. */
export interface Tile {
  readonly rows: number
  readonly columns: number
  /** Summed elements staged at a time. */
  readonly depth: number
  readonly lanes: number
  /** Lanes along the columns. */
  readonly laneColumns: number
  /** Blocks of 4 by 4 results of one lane, along each axis; those of one lane are as far apart as lanes have blocks. */
  readonly rowBlocks: number
  readonly columnBlocks: number
  /** Vectors of group memory left free after each step of the depth, so that lanes do not meet in one bank. */
  readonly padding: number
  /** Elements of group memory by way of which results are written. */
  readonly written: number
}

/** Results of one block along each axis. */
export const PER_BLOCK = 4

/**
 * Returns the tile for a contraction of `rows` by `columns` results over `depth` products each, `batch` times, where
 * dimensions are what is assumed.
 */
export function chooseTile(
  { tiles }: Pick<Machine, 'tiles'>,
  {
    rows,
    columns,
    depth,
    batch,
  }: { readonly rows: Dim; readonly columns: Dim; readonly depth: Dim; readonly batch: Dim },
  assumed?: number,
): Tile {
  const at = (size: Dim): number => usually(size, [], assumed)
  const usual = { rows: at(rows), columns: at(columns), batch: at(batch) }
  const fits = (shape: TileShape): boolean => {
    const side = sideOf(shape)
    const count = usual.batch * Math.ceil(usual.rows / side) * Math.ceil(usual.columns / side)
    return count >= shape.leastTiles && Math.min(usual.rows, usual.columns) > side / 4
  }
  const shape = tiles.find(fits) ?? tiles.at(-1) ?? internalError('a machine has tiles')
  const { lanes, rowBlocks, columnBlocks, padding, written } = shape
  const width = columnsOf(atMost(rows), atMost(columns), sideOf(shape))
  const laneColumns = width / (PER_BLOCK * columnBlocks)
  const k = atMost(depth)
  return {
    rows: (lanes / laneColumns) * PER_BLOCK * rowBlocks,
    columns: width,
    depth: k <= 4 ? 4 : k <= 8 ? 8 : 16,
    lanes,
    laneColumns,
    rowBlocks,
    columnBlocks,
    padding,
    written,
  }
}

/** The rows and columns of a tile that is not stretched. */
function sideOf({ lanes, rowBlocks, columnBlocks }: TileShape): number {
  return Math.sqrt(lanes * rowBlocks * columnBlocks) * PER_BLOCK
}

function columnsOf(rows: number, columns: number, side: number): number {
  if (columns <= side / 4) return side / 4
  if (columns <= side / 2) return side / 2
  if (rows <= side / 4) return side * 4
  return rows <= side / 2 ? side * 2 : side
}
