// slice: what all that handles a slice of an operand knows of it

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { MatrixUnit } from '../../ir/kernel/kernel.ts'
import { depthRun, storedFor } from '../../ir/kernel/matrix-unit.ts'
import { elementBytes } from '../../ir/kernel/scalar-type.ts'
import type { Block } from '../kernel-context.ts'
import type { TileContext } from '../tile-context.ts'
import type { MatrixTile } from './choose-unit.ts'

/** A contraction that is tiled for a matrix unit. */
export type MatrixContext = TileContext<MatrixTile>

/** How slices of an operand lie in group memory. */
export interface SliceLayout {
  readonly side: 0 | 1
  /** Runs go along rows (columns) of the tile; else along the depth. */
  readonly isAcross: boolean
  /** Elements of a run, and how many runs there are: where a run has not all rows (columns), those of the next ones follow. */
  readonly row: number
  readonly lines: number
}

/** Slices of an operand in group memory. */
export interface Slices extends SliceLayout {
  readonly array: string
  /** Whether they are copied while the lanes do something else. */
  readonly isCopied: boolean
  /** Brings slice `step` to the place `slot`. */
  stage(block: Block, step: Dim, slot: Dim): void
}

/** Returns how slices lie whose runs go along the rows (columns) of the tile, or along the depth. */
export function layoutOf({ tile }: MatrixContext, side: 0 | 1, isAcross: boolean): SliceLayout {
  const outer = side === 0 ? tile.rows : tile.columns
  if (!isAcross) return { side, isAcross, row: tile.depth, lines: outer }
  // four warps read rows of 128 bytes
  const row = tile.unit.warps === 1 ? outer : Math.min(outer, 8 * depthRun(tile.unit))
  return { side, isAcross, row, lines: (outer / row) * tile.depth }
}

/** Returns the element of the depth and the row (column) of the tile that element `at` of a run is. */
export function placeInSlice(
  { tile }: MatrixContext,
  { isAcross, row, lines }: SliceLayout,
  line: Dim,
  at: Dim,
): { readonly depth: Dim; readonly outer: Dim } {
  if (!isAcross) return { depth: at, outer: line }
  if (lines === tile.depth) return { depth: line, outer: at }
  const panel = dims.floorDiv(line, tile.depth)
  return { depth: dims.mod(line, tile.depth), outer: dims.add(dims.mul(panel, row), at) }
}

/** Adds an array for some slices to a kernel, at a byte of the memory that the tile has; returns its name. */
export function sliceArray(
  { context, tile }: MatrixContext,
  { row, lines, isAcross }: SliceLayout,
  slots: number,
  place: number,
): string {
  const name = context.namer.name('a')
  const stored = storedFor(tile.unit)
  const kept = stored === undefined ? {} : { stored }
  // matrices of words are not read across: each lane reads its own
  const rows = { length: row, read: isAcross && stored === undefined ? 'words' : 'runs' } as const
  context.arrays.push({ name, type: 'f32', width: 1, length: slots * row * lines, ...kept, rows, place })
  return name
}

/** Returns the bytes of a slice. */
export function sliceBytes(unit: MatrixUnit, { row, lines }: SliceLayout): number {
  return row * lines * elementBytes({ stored: storedFor(unit) })
}

/** Returns the elements that are copied at once. */
export function runOf({ tile }: MatrixContext): number {
  return depthRun(tile.unit)
}
