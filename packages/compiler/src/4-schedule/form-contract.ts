// form-contract: group -> tiled kernel
//
// Each group of lanes computes one tile of results. Slices of both operands are staged in group memory through whatever
// index maps and elementwise ops lead to them (a convolution is this with a window as index map); each lane sums a
// 4x4 block in registers; the tile then goes through group memory once more, so that the epilogue is written once
// and stores are contiguous across lanes.

import { dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Expr, Stmt } from '../ir/kernel/kernel.ts'
import { PER_BLOCK, chooseTile } from './choose-tiles.ts'
import { contractLabels } from './contract-labels.ts'
import type { FormedKernel } from './formed-kernel.ts'
import { type Block, type KernelContext, createBlock, groupArray } from './kernel-context.ts'
import type { Machine } from './machine.ts'
import { chooseColumns } from './columns/choose-columns.ts'
import { formColumns } from './columns/form-columns.ts'
import { chooseMatrixTile, matrixUnitFor } from './matrices/choose-unit.ts'
import { formMatrices } from './matrices/form-matrices.ts'
import { loopOver } from './serial-loop.ts'
import type { Tuple } from './space.ts'
import { stageSlice, strideOf } from './stage-slice.ts'
import {
  type TileContext,
  contractSizes,
  countProducts,
  createTiles,
  laneAlong,
  laneOf,
  nameIndex,
  nameTile,
} from './tile-context.ts'
import { writeTile } from './write-tile.ts'

/**
 * Returns the kernel of a group that is tiled for its contraction, which is used at `used`. `assumed`: what dimensions
 * are; default: what is usual.
 */
export function formContract(context: KernelContext, machine: Machine, used: Tuple, assumed?: number): FormedKernel {
  const op = context.group.primary ?? internalError('a tiled kernel has a contraction')
  const unit = matrixUnitFor(context, machine, op)
  const matrixTile = unit && chooseMatrixTile(machine, unit, contractSizes(contractLabels(op)), assumed)
  if (matrixTile !== undefined) return formMatrices(createTiles(context, op, matrixTile), used)
  const columns = chooseColumns(context, machine, op, assumed)
  if (columns !== undefined) return formColumns(context, op, columns, used)
  const tiles = createTiles(context, op, chooseTile(machine, contractSizes(contractLabels(op)), assumed))
  const { tile, space } = tiles
  const block = createBlock(undefined, dims.product(op.result.type.shape))
  nameTile(tiles, block)
  nameLane(tiles, block)
  const sums = accumulate(tiles, block)
  writeTile(tiles, block, sums, used)
  countProducts(tiles)
  return { lanes: [tile.lanes, 1, 1], groups: space.groups, body: space.wrap(block.stmts) }
}

/** Names which lane of the tile this is (`ln`, `lm`). */
function nameLane(t: TileContext, block: Block): void {
  const lane = laneOf(t)
  nameIndex(block, 'ln', t.tile.laneColumns, dims.mod(lane, t.tile.laneColumns))
  nameIndex(block, 'lm', t.tile.lanes / t.tile.laneColumns, dims.floorDiv(lane, t.tile.laneColumns))
}

/** The loop over the summed elements; returns the names of the sums: by row of the lane, vectors of columns. */
function accumulate(t: TileContext, block: Block): readonly (readonly string[])[] {
  const { context, tile, type } = t
  const sums = Array.from({ length: tile.rowBlocks * PER_BLOCK }, () =>
    Array.from({ length: tile.columnBlocks }, () => context.namer.name('c')),
  )
  for (const name of sums.flat())
    block.stmts.push({ kind: 'var', name, type, width: 4, init: { kind: 'const', type, width: 4, value: 0 } })
  const [left = '', right = ''] = ([0, 1] as const).map((side) =>
    groupArray(context, type, 4, tile.depth * strideOf(t, side)),
  )
  const steps = context.namer.range('k', dims.ceilDiv(t.sizes.depth, tile.depth))
  const body = createBlock(block, dims.mul(block.times, steps.extent))
  stageSlice(t, body, 0, left, steps.index)
  stageSlice(t, body, 1, right, steps.index)
  body.stmts.push({ kind: 'barrier', memory: 'group' }, multiply(t, sums, left, right), {
    kind: 'barrier',
    memory: 'group',
  })
  block.stmts.push(...loopOver(steps, body.stmts))
  return sums
}

function multiply(t: TileContext, sums: readonly (readonly string[])[], left: string, right: string): Stmt {
  const { context, tile, type } = t
  const k = context.namer.range('k', tile.depth)
  const body: Stmt[] = []
  const local = (name: string): Expr => ({ kind: 'local', type, width: 4, name })
  /** The vectors of a lane's blocks. */
  const blocks = (side: 0 | 1, array: string, count: number): readonly Expr[] => {
    const axis = side === 0 ? 'rows' : 'columns'
    const first = dims.add(dims.mul(k.index, strideOf(t, side)), laneAlong(t, axis))
    return Array.from({ length: count }, (_, i) => {
      const index = dims.add(first, (i * tile[axis]) / (PER_BLOCK * count))
      const name = context.namer.name('v')
      body.push({ kind: 'let', name, value: { kind: 'groupLoad', type, width: 4, array, index } })
      return local(name)
    })
  }
  const rows = blocks(0, left, tile.rowBlocks)
  const columns = blocks(1, right, tile.columnBlocks)
  sums.forEach((names, row) =>
    names.forEach((name, column) => {
      const arg = rows[Math.floor(row / PER_BLOCK)] ?? internalError('a block of rows')
      const own: Expr = { kind: 'component', type, width: 1, arg, at: row % PER_BLOCK }
      const other = columns[column] ?? internalError('a block of columns')
      const args = [{ kind: 'splat', type, width: 4, arg: own }, other, local(name)] as const
      body.push({ kind: 'set', name, value: { kind: 'multiplyAdd', type, width: 4, args } })
    }),
  )
  return { kind: 'for', name: k.name, count: tile.depth, unroll: false, body }
}
