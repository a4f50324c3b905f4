// choose-tiles: the sizes of a contraction -> tiles
//
// 64 lanes, 4x4 results a lane; the tile is stretched along the axis that has the work (a convolution has many rows and
// few columns). Group memory: k*(rows+columns) + rows*columns elements, at most 3,328 of the default 4,096.

import type { Dim } from '@tsjit/dsl/compiler'
import { atMost } from './partition-state.ts'

/** A tile of results for one group of lanes. */
export interface Tile {
  readonly rows: number
  readonly columns: number
  /** Summed elements staged at a time. */
  readonly depth: number
  readonly lanes: number
  /** Lanes along the columns; each lane has 4 by 4 results. */
  readonly laneColumns: number
}

/** Results of one lane along each axis. */
export const PER_LANE = 4

/** Returns the tile for a contraction of `rows` by `columns` results over `depth` products each. */
export function chooseTile(rows: Dim, columns: Dim, depth: Dim): Tile {
  const width = columnsOf(atMost(rows), atMost(columns))
  const laneColumns = width / PER_LANE
  const k = atMost(depth)
  return {
    rows: (64 / laneColumns) * PER_LANE,
    columns: width,
    depth: k <= 4 ? 4 : k <= 8 ? 8 : 16,
    lanes: 64,
    laneColumns,
  }
}

function columnsOf(rows: number, columns: number): number {
  if (columns <= 8) return 8
  if (columns <= 16) return 16
  if (rows <= 8) return 128
  return rows <= 16 ? 64 : 32
}
