// loop-tile: what the parts of a kernel that is tiled for a contraction share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, ScalarType } from '../../ir/kernel/kernel.ts'
import type { Block, KernelContext } from '../kernel-context.ts'
import { delinearise } from '../space.ts'
import type { ContractShape } from './contract-shape.ts'
import type { IndexTables } from './index-table.ts'

/** Results of a group along each axis. */
export const BLOCK = 64

/** A kernel that is being tiled. */
export interface TileContext {
  readonly context: KernelContext
  readonly shape: ContractShape
  readonly type: ScalarType
  /** Indices of the batch labels and of the outer column labels of this group. */
  readonly fixed: ReadonlyMap<string, Dim>
  /** The labels that a column counts through: all of them, or the last where vectors run along it. */
  readonly columnLabels: readonly string[]
  readonly rowCount: Dim
  readonly columnCount: Dim
  readonly tables: IndexTables
  /** The sums of a few rows, `BLOCK` columns each. */
  readonly sums: string
}

/** The rows of a tile, and the columns of its group. */
export interface TileRows {
  readonly rows: readonly Dim[]
  readonly start: Dim
  readonly count: Dim
}

/** Returns the index of every label but the summed ones, for a row and a column. */
export function labelsAt(t: TileContext, row: Dim, column: Dim): Map<string, Dim> {
  const { labels } = t.shape
  const at = new Map(t.fixed)
  const set = (names: readonly string[], index: Dim): void => {
    const values = delinearise(
      index,
      names.map((label) => labels.sizes.get(label) ?? 1),
    )
    names.forEach((label, i) => at.set(label, values[i] ?? 0))
  }
  set(t.shape.rows, row)
  set(t.columnLabels, column)
  return at
}

/** Keeps the sum of a row (of those of the tile) and column for the epilogue. */
export function keepSum(t: TileContext, block: Block, row: number, column: Dim, value: Expr): void {
  block.stmts.push({ kind: 'groupStore', array: t.sums, index: dims.add(row * BLOCK, column), value })
}

/** How the sums of a few rows are computed. */
export interface Tile {
  /** Rows at a time. */
  readonly rows: number
  /** Adds the statements that compute and keep the sums of a tile's rows, over the columns of the group. */
  compute(t: TileContext, block: Block, tile: TileRows): void
}
