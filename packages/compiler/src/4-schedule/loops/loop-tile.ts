// loop-tile: what the parts of a kernel that is tiled for a contraction share

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, ScalarType } from '../../ir/kernel/kernel.ts'
import { sizesOf } from '../contract-labels.ts'
import { type Block, type KernelContext, indexExpr, widen } from '../kernel-context.ts'
import { delinearise, isMultiple } from '../space.ts'
import type { ContractShape } from './contract-shape.ts'
import type { IndexTables } from './index-table.ts'
import { scalarLoop } from './nest.ts'

/** Rows of a group at most, and columns where there are so many rows. */
export const BLOCK = 64

/** Rows of a tile of many. */
export const ROWS = 4

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
  /** The sums of the group, row by row. */
  readonly sums: string
  /** Columns of a group: more than `BLOCK` where there are few rows. */
  readonly width: number
}

/** Rows or columns: where they start, and how many there are. */
export interface Span {
  readonly start: Dim
  readonly count: Dim
}

/** The results of one group. */
export interface Area {
  readonly rows: Span
  readonly columns: Span
}

/** Returns the index of every label but the summed ones, for a row and a column. */
export function labelsAt(t: TileContext, row: Dim, column: Dim): Map<string, Dim> {
  const { labels } = t.shape
  const at = new Map(t.fixed)
  const set = (names: readonly string[], index: Dim): void => {
    const values = delinearise(index, sizesOf(labels, names))
    names.forEach((label, i) => at.set(label, values[i] ?? 0))
  }
  set(t.shape.rows, row)
  set(t.columnLabels, column)
  return at
}

/** Returns where the sum of a row and column, both counted in the group, is kept. */
export function placeOfSum({ width }: TileContext, row: Dim, column: Dim): Dim {
  return dims.add(dims.mul(row, width), column)
}

/** Keeps the sum of a row and column for the epilogue. */
export function keepSum(t: TileContext, block: Block, row: Dim, column: Dim, value: Expr): void {
  block.stmts.push({ kind: 'groupStore', array: t.sums, index: placeOfSum(t, row, column), value })
}

/** Names an index, unless it is a number anyway. */
export function named(block: Block, name: string, value: Dim, below: Dim): Dim {
  const symbol = dims.symbol(name, { min: 0, below })
  if (typeof symbol === 'number' || typeof value === 'number') return typeof value === 'number' ? value : symbol
  block.stmts.push({ kind: 'let', name, value: indexExpr(value) })
  return symbol
}

/** Names the rows of a tile; those beyond the last are the last again, and nobody reads their sums. */
export function nameRows({ context, rowCount }: TileContext, block: Block, first: Dim): readonly Dim[] {
  const name = (row: Dim, below: Dim): Dim => named(block, context.namer.name('m'), row, below)
  if (isMultiple(rowCount, ROWS)) {
    const base = name(first, dims.sub(rowCount, ROWS - 1))
    return Array.from({ length: ROWS }, (_, r) => dims.add(base, r))
  }
  const last = dims.sub(rowCount, 1)
  return Array.from({ length: ROWS }, (_, r) => name(dims.min(dims.add(first, r), last), rowCount))
}

/** Adds a loop over the tiles of an area's rows; `first` is counted in the group. */
export function overTiles(
  t: TileContext,
  block: Block,
  { rows }: Area,
  body: (inner: Block, rows: readonly Dim[], first: Dim) => void,
): void {
  scalarLoop(t.context, block, dims.ceilDiv(rows.count, ROWS), (inner, tile) => {
    const first = dims.mul(tile, ROWS)
    body(inner, nameRows(t, inner, dims.add(rows.start, first)), first)
  })
}

/**
 * Returns a scalar in every component. Where it has just been loaded it is loaded like that, which is one instruction.
 */
export function broadcast({ context }: TileContext, block: Block, value: Expr): Expr {
  if (value.kind === 'component' && value.arg.kind === 'local' && value.arg.name.startsWith('w')) return value.arg
  const last = block.stmts.at(-1)
  const isLoaded = last?.kind === 'let' && last.value.kind.toLowerCase().endsWith('load') && last.value.type !== 'bool'
  if (!isLoaded || value.kind !== 'local' || value.name !== last.name) return widen(value, 4)
  const { type } = value
  const name = context.namer.name('w')
  const wide: Expr = { kind: 'local', type, width: 4, name }
  block.stmts.splice(-1, 1, { kind: 'let', name, value: widen(last.value, 4) })
  const first: Expr = { kind: 'component', type, width: 1, arg: wide, at: 0 }
  for (const [key, known] of block.memo) if (known === value) block.memo.set(key, first)
  return wide
}
