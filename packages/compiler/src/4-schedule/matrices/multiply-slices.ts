// multiply-slices: the product of a slice of each operand, added to the sums of the warps

import { type Dim, dims } from '@tsjit/dsl/compiler'
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

/** Multiplies the slices at a slot. */
export function multiplySlices(
  t: MatrixContext,
  block: Block,
  { sums, slices, slot }: { readonly sums: Fragments; readonly slices: readonly Slices[]; readonly slot: Dim },
): void {
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

/** Loads the operand of one row or column of units. */
function load(
  t: MatrixContext,
  block: Block,
  { array, side, isAcross, row, lines }: Slices,
  { slot, k, at }: { readonly slot: Dim; readonly k: number; readonly at: number },
): string {
  const { unit, warpRows, warpColumns } = t.tile
  const axis = side === 0 ? 'rows' : 'columns'
  const warp =
    side === 0 ? dims.symbol('wm', { min: 0, below: warpRows }) : dims.symbol('wn', { min: 0, below: warpColumns })
  const outer = dims.add(dims.mul(warp, unitsOf(t, axis) * unit[axis]), at * unit[axis])
  const inside = isAcross ? dims.add(outer, k * row) : dims.add(dims.mul(outer, row), k)
  const name = t.context.namer.name('v')
  const index = dims.add(dims.mul(slot, row * lines), inside)
  block.stmts.push({ kind: 'loadFragment', name, unit, side, array, index, stride: row, isAcross })
  return name
}
