// multiply-slices: the product of a slice of each operand, added to the sums of the warps

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { GroupMatrix, GroupProduct } from '../../ir/kernel/matrix-unit.ts'
import type { Block } from '../kernel-context.ts'
import { type MatrixContext, type Slices } from './slice.ts'

/** The names of the sums of a warp: by row of units, one for each column. */
export type Fragments = readonly (readonly string[])[]

/** Returns how many units the part of a warp has along an axis. */
export function unitsOf({ tile }: MatrixContext, axis: 'rows' | 'columns'): number {
  const warps = axis === 'rows' ? tile.warpRows : tile.warpColumns
  return tile[axis] / warps / tile.unit[axis]
}

/** Declares the sums, all 0. */
export function declareSums(t: MatrixContext, block: Block): Fragments {
  return Array.from({ length: unitsOf(t, 'rows') }, () =>
    Array.from({ length: unitsOf(t, 'columns') }, () => {
      const name = t.context.namer.name('c')
      block.stmts.push({ kind: 'fragment', name, unit: t.tile.unit })
      return name
    }),
  )
}

/** What is multiplied: the slices at a slot. */
interface Operands {
  readonly sums: Fragments
  readonly slices: readonly Slices[]
  readonly slot: Dim
}

/** Starts to multiply slices where they are. */
export function startSlices(t: MatrixContext, block: Block, { sums, slices, slot }: Operands): void {
  const { depth, unit } = t.tile
  const products: GroupProduct[] = []
  for (let k = 0; k < depth; k += unit.depth)
    sums.forEach((names, i) =>
      names.forEach((name, j) => {
        const [left, right] = slices.map((each) => matrixIn(t, each, { slot, k, at: each.side === 0 ? i : j }))
        if (left !== undefined && right !== undefined) products.push({ name, left, right })
      }),
    )
  block.stmts.push({ kind: 'startProducts', products })
}

/** Multiplies slices by way of registers. */
export function multiplySlices(t: MatrixContext, block: Block, { sums, slices, slot }: Operands): void {
  const { depth, unit } = t.tile
  const [left, right] = slices
  if (left === undefined || right === undefined) return
  for (let k = 0; k < depth; k += unit.depth) {
    const rows = sums.map((_, i) => load(t, block, left, { slot, k, at: i }))
    for (let j = 0; j < unitsOf(t, 'columns'); j++) {
      const column = load(t, block, right, { slot, k, at: j })
      sums.forEach((names, i) =>
        block.stmts.push({ kind: 'multiplyFragments', name: names[j] ?? '', left: rows[i] ?? '', right: column }),
      )
    }
  }
}

/** Which operand: of one row or column of units, at an element of the depth. */
interface Operand {
  readonly slot: Dim
  readonly k: number
  readonly at: number
}

/** Loads an operand. */
function load(t: MatrixContext, block: Block, slices: Slices, operand: Operand): string {
  const name = t.context.namer.name('v')
  const { array, index, stride, isAcross } = matrixIn(t, slices, operand)
  block.stmts.push({ kind: 'loadFragment', name, unit: t.tile.unit, side: slices.side, array, index, stride, isAcross })
  return name
}

/** Returns where an operand is in group memory. */
function matrixIn(
  t: MatrixContext,
  { array, side, isAcross, row, lines }: Slices,
  { slot, k, at }: Operand,
): GroupMatrix {
  const { unit, warpRows, warpColumns, depth } = t.tile
  const axis = side === 0 ? 'rows' : 'columns'
  const warp =
    side === 0 ? dims.symbol('wm', { min: 0, below: warpRows }) : dims.symbol('wn', { min: 0, below: warpColumns })
  const units = dims.add(dims.mul(warp, unitsOf(t, axis)), at)
  // along the depth each row (column) is a run; across, where runs have not all rows (columns), a unit has whole panels
  const perRow = !isAcross ? row : lines === depth ? 1 : depth
  const inside = dims.add(dims.mul(units, unit[axis] * perRow), isAcross ? k * row : k)
  const index = dims.add(dims.mul(slot, row * lines), inside)
  return { array, index, stride: row, isAcross, panel: depth * row }
}
