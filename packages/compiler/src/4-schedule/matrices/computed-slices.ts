// computed-slices: slices of an operand that the lanes compute, through whatever leads there, four neighbours at a time

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { type Block, createBlock, indexExpr, testIndex } from '../kernel-context.ts'
import { loopOver } from '../serial-loop.ts'
import { laneOf, tileIndex } from '../tile-context.ts'
import { depthIsContiguous, operandElement } from '../tile-operand.ts'
import { type MatrixContext, type SliceLayout, type Slices, layoutOf, placeInSlice } from './slice.ts'

/** Returns how slices lie that lanes compute: so that those side by side read neighbours where they can. */
export function computedLayout(t: MatrixContext, side: 0 | 1): SliceLayout {
  return layoutOf(t, side, !depthIsContiguous(t, side))
}

/** Returns the slices of an operand that lanes compute into an array. */
export function computeSlices(t: MatrixContext, layout: SliceLayout, array: string): Slices {
  return {
    ...layout,
    array,
    isCopied: false,
    stage: (block, step, slot) => compute(t, layout, array, { block, step, slot }),
  }
}

function compute(
  t: MatrixContext,
  layout: SliceLayout,
  array: string,
  { block, step, slot }: { readonly block: Block; readonly step: Dim; readonly slot: Dim },
): void {
  const { context, tile } = t
  const { side, isAcross, row, lines } = layout
  const axis = side === 0 ? 'rows' : 'columns'
  const total = (row / 4) * lines
  const rounds = context.namer.range('k', dims.ceilDiv(total, tile.lanes))
  const vector = dims.add(dims.mul(rounds.index, tile.lanes), laneOf(t))
  const [line, first] = [dims.floorDiv(vector, row / 4), dims.mul(dims.mod(vector, row / 4), 4)]
  const inner = createBlock(block, dims.mul(block.times, rounds.extent))
  const { depth: fromDepth, outer: fromOuter } = placeInSlice(t, layout, line, first)
  const start = dims.add(dims.mul(tileIndex(t, axis), tile[axis]), fromOuter)
  const args = [0, 1, 2, 3].map((u) => {
    const k = context.namer.name('k')
    const at = dims.add(dims.mul(step, tile.depth), isAcross ? fromDepth : dims.add(fromDepth, u))
    inner.stmts.push({ kind: 'let', name: k, value: indexExpr(at) })
    return operandElement(t, inner, side, k, isAcross ? dims.add(start, u) : start)
  })
  const value: Expr = { kind: 'pack', type: 'f32', width: 4, args }
  const index = dims.add(dims.mul(slot, row * lines), dims.mul(vector, 4))
  inner.stmts.push({ kind: 'groupStore', array, index, value })
  const guarded: readonly Stmt[] =
    total % tile.lanes === 0
      ? inner.stmts
      : [{ kind: 'if', condition: testIndex(vector, '<', total), then: inner.stmts, otherwise: [] }]
  block.stmts.push(...loopOver(rounds, guarded))
}
