// form-matrices: a tiled contraction on matrix units -> kernel
//
// Slices of both operands go through group memory, some of them on their way while one is multiplied: each turn waits for
// its own slice, starts the one that takes the place of the last, and multiplies. Each warp sums a part of the tile in
// fragments; in the end these take the place of the slices in group memory. Units of four warps multiply while slices are
// started: where there are places enough, the product of one turn may take until the end of the next.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { lanesOf } from '../../ir/kernel/matrix-unit.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import { type Block, createBlock, testIndex } from '../kernel-context.ts'
import { loopOver } from '../serial-loop.ts'
import type { Tuple } from '../space.ts'
import { countProducts, laneOf, nameIndex, nameTile } from '../tile-context.ts'
import { computeSlices, computedLayout } from './computed-slices.ts'
import { copiedLayout, copySlices } from './copied-slices.ts'
import { type Fragments, declareSums, multiplySlices, startSlices } from './multiply-slices.ts'
import { type MatrixContext, type Slices, sliceArray, sliceBytes } from './slice.ts'
import { writeSums } from './write-sums.ts'

/** Returns the kernel of a group that is tiled for a matrix unit, and uses its contraction at `used`. */
export function formMatrices(t: MatrixContext, used: Tuple): FormedKernel {
  const { tile, space, op } = t
  const block = createBlock(undefined, dims.product(op.result.type.shape))
  nameTile(t, block)
  nameWarp(t, block)
  const sums = declareSums(t, block)
  accumulate(t, block, sums)
  writeSums(t, block, sums, used)
  countProducts(t)
  return { lanes: [tile.lanes, 1, 1], groups: space.groups, body: space.wrap(block.stmts) }
}

/** Names which part of the tile is this warp's, or these four warps' (`wm`, `wn`). */
function nameWarp(t: MatrixContext, block: Block): void {
  const { warpRows, warpColumns, unit } = t.tile
  const warp = dims.floorDiv(laneOf(t), lanesOf(unit))
  nameIndex(block, 'wm', warpRows, dims.floorDiv(warp, warpColumns))
  nameIndex(block, 'wn', warpColumns, dims.mod(warp, warpColumns))
}

/** The loop over the slices. */
function accumulate(t: MatrixContext, block: Block, sums: Fragments): void {
  const { context, tile } = t
  const steps = context.namer.range('k', dims.ceilDiv(t.sizes.depth, tile.depth))
  const { slices, slots } = createSlices(t, block)
  const isCopied = slices.some((each) => each.isCopied)
  const isAhead = tile.unit.warps > 1
  // products that may still read their slices when new ones are started
  const open = isAhead && slots > 3 ? 1 : 0
  const distance = slots - 1 - open
  const stageAll = (into: Block, step: Dim): void => {
    const slot = dims.mod(step, slots)
    const then = createBlock(into, into.times)
    for (const each of slices) each.stage(then, step, slot)
    into.stmts.push(...onlyIf(step, steps.extent, then.stmts))
    if (isCopied) into.stmts.push({ kind: 'commitCopies' })
  }
  for (let step = 0; step < distance; step++) stageAll(block, step)
  const body = createBlock(block, dims.mul(block.times, steps.extent))
  const operands = { sums, slices, slot: dims.mod(steps.index, slots) }
  if (isCopied) body.stmts.push({ kind: 'awaitCopies', pending: distance - 1 })
  body.stmts.push({ kind: 'barrier', memory: 'group' })
  if (isAhead) startSlices(t, body, operands)
  stageAll(body, dims.add(steps.index, distance))
  if (isAhead) body.stmts.push({ kind: 'awaitProducts', pending: open })
  else multiplySlices(t, body, operands)
  block.stmts.push(...loopOver(steps, body.stmts))
  if (open > 0) block.stmts.push({ kind: 'awaitProducts', pending: 0 })
  // the sums will take the place of the slices
  block.stmts.push({ kind: 'barrier', memory: 'group' })
}

/** Places in group memory for the slices of both operands. */
function createSlices(t: MatrixContext, before: Block): { readonly slices: readonly Slices[]; readonly slots: number } {
  const layouts = ([0, 1] as const).map((side) => {
    const copied = copiedLayout(t, side)
    return { layout: copied ?? computedLayout(t, side), isCopied: copied !== undefined }
  })
  // what lanes compute is there at the next barrier
  const slots = layouts.some(({ isCopied }) => isCopied) ? t.tile.slots : 2
  let place = 0
  const slices = layouts.map(({ layout, isCopied }) => {
    const array = sliceArray(t, layout, slots, place)
    place += slots * sliceBytes(t.tile.unit, layout)
    return isCopied ? copySlices(t, before, layout, array) : computeSlices(t, layout, array)
  })
  return { slices, slots }
}

/** Statements for steps that there are. */
function onlyIf(step: Dim, steps: Dim, then: readonly Stmt[]): readonly Stmt[] {
  const decision = dims.compare(step, '<', steps)
  if (decision === 'no') return []
  return decision === 'yes' ? then : [{ kind: 'if', condition: testIndex(step, '<', steps), then, otherwise: [] }]
}
