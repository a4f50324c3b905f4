// choose-unit: contraction -> the matrix unit that multiplies its operands, and a tile for it
//
// Products of halves are exact in f32, so a unit for halves changes nothing but the order of the sums. f32 is rounded to tf32
// where the machine has a unit for that, which is the user's choice.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Op } from '../../ir/graph/graph.ts'
import type { MatrixUnit } from '../../ir/kernel/kernel.ts'
import { WARP, depthRun, lanesOf } from '../../ir/kernel/matrix-unit.ts'
import type { KernelContext } from '../kernel-context.ts'
import type { Machine, MatrixTileShape, MatrixUnits } from '../machine.ts'
import { atMost } from '../partition-state.ts'
import type { ContractSizes, TileSize } from '../tile-context.ts'
import { usually } from '../usual-size.ts'
import { elementsOf } from './operand-source.ts'

/** A tile for a matrix unit. */
export interface MatrixTile extends TileSize, Pick<MatrixTileShape, 'warpRows' | 'warpColumns' | 'slots'> {
  readonly unit: MatrixUnit
}

const floats: ReadonlySet<string> = new Set(['f32', 'f16', 'bf16'])

/** Returns the unit that multiplies the operands of a contraction as they are; undefined where there is none. */
export function matrixUnitFor(
  context: KernelContext,
  { matrices }: Pick<Machine, 'matrices'>,
  op: Op<'contract'>,
): MatrixUnit | undefined {
  const [left, right] = op.inputs.map((value) => elementsOf(context, value))
  if (matrices === undefined || left === undefined || right === undefined) return undefined
  const own = matrices.units.find(({ elements }) => elements === left && elements === right)
  // an f32 with ten bits of mantissa holds every half
  const rounded = matrices.units.find(({ elements }) => elements === 'tf32')
  return own ?? (floats.has(left) && floats.has(right) ? rounded : undefined)
}

/** Returns the tile for a contraction where dimensions are what is assumed; undefined where every tile would be mostly empty. */
export function chooseMatrixTile(
  { matrices }: Pick<Machine, 'matrices'>,
  unit: MatrixUnit,
  sizes: ContractSizes,
  assumed?: number,
): MatrixTile | undefined {
  const at = (size: Dim): number => usually(size, [], assumed)
  const [rows, columns, batch] = [at(sizes.rows), at(sizes.columns), at(sizes.batch)]
  if (matrices === undefined || at(sizes.depth) < unit.depth) return undefined
  const tilesOf = (shape: MatrixTileShape): number => Math.ceil(rows / shape.rows) * Math.ceil(columns / shape.columns)
  const filled = (shape: MatrixTileShape): number => (rows * columns) / (tilesOf(shape) * shape.rows * shape.columns)
  const shape = matrices.tiles.find(
    (each) => batch * tilesOf(each) >= each.leastTiles && filled(each) >= each.leastFilled,
  )
  if (shape === undefined) return undefined
  const { rows: height, columns: width, warpRows, warpColumns, slots } = shape
  const whole = (matrices.depthBytes / 16) * depthRun(unit)
  const needed = 2 ** Math.ceil(Math.log2(Math.max(unit.depth, Math.min(whole, atMost(dims.max(sizes.depth, 1))))))
  const lanes = WARP * warpRows * warpColumns
  const tile = { rows: height, columns: width, depth: needed, lanes, warpRows, warpColumns, slots, unit }
  return forFourWarps(tile, matrices) ?? tile
}

/** Returns the same tile for a unit of four warps, each four of which have whole rows of it; undefined where there is none. */
function forFourWarps(tile: MatrixTile, { fourWarps }: MatrixUnits): MatrixTile | undefined {
  // what reads words in group memory would cut them off, not round them
  if (fourWarps === undefined || tile.unit.elements === 'tf32' || tile.columns < fourWarps.leastColumns)
    return undefined
  const columns = Math.min(tile.columns, fourWarps.mostColumns)
  const unit = { ...tile.unit, rows: fourWarps.rows, columns, warps: 4 } as const
  const warpRows = tile.lanes / lanesOf(unit)
  const isWhole = Number.isInteger(warpRows) && tile.rows % (warpRows * unit.rows) === 0
  return isWhole ? { ...tile, unit, warpRows, warpColumns: 1 } : undefined
}
