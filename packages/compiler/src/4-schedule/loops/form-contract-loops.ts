// form-contract-loops: group -> kernel tiled for its contraction
//
// A group computes a block of at most 64 by 64 results: sums of a few rows at a time in registers, then through a small
// array into the epilogue, which runs over vectors of columns. The body of the innermost loop is one step: unrolled,
// engines spill what they could keep in registers.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import {
  type Block,
  type KernelContext,
  createBlock,
  groupArray,
  indexExpr,
  scalarOf,
  storeValue,
} from '../kernel-context.ts'
import { classOf } from '../partition-state.ts'
import { type Tuple, coverage, delinearise, linearise } from '../space.ts'
import { atIndex } from '../vectors.ts'
import { contractShape } from './contract-shape.ts'
import { dotTile } from './dot-tile.ts'
import { BLOCK, type TileContext, type TileRows, labelsAt } from './loop-tile.ts'
import type { IndexTables } from './index-table.ts'
import { overElements, scalarLoop } from './nest.ts'
import { panelTile } from './panel-tile.ts'

/** Returns the kernel of a group that is tiled for its contraction, which is used at `used`. */
export function formContractLoops(context: KernelContext, used: Tuple): FormedKernel {
  const op = context.group.primary ?? internalError('a tiled kernel has a contraction')
  const shape = contractShape(context, op)
  const isDot = shape.form === 'dot'
  const columnLabels = isDot ? shape.columns : shape.columns.slice(-1)
  const outerLabels = [...shape.labels.batch, ...(isDot ? [] : shape.columns.slice(0, -1))]
  const sizeOf = (label: string): Dim => shape.labels.sizes.get(label) ?? 1
  const rowCount = dims.product(shape.rows.map(sizeOf))
  const columnCount = dims.product(columnLabels.map(sizeOf))
  const [down, across] = [dims.ceilDiv(rowCount, BLOCK), dims.ceilDiv(columnCount, BLOCK)]
  const outerCount = dims.product(outerLabels.map(sizeOf))
  const groups = dims.product([outerCount, down, across])
  const block = createBlock(undefined, 1)
  const g0 = dims.symbol('g0', { min: 0, below: groups })
  const tn = named(block, 'tn', dims.mod(g0, across), across)
  const tm = named(block, 'tm', dims.mod(dims.floorDiv(g0, across), down), down)
  const to = named(block, 'to', dims.floorDiv(g0, dims.mul(across, down)), outerCount)
  const outerIndices = delinearise(to, outerLabels.map(sizeOf))
  const fixed = new Map(outerLabels.map((label, i) => [label, outerIndices[i] ?? 0]))
  const rowsPerTile = isDot ? dotTile.rows : panelTile.rows
  const type = scalarOf(op.result.type.dtype)
  const sums = groupArray(context, type, 1, rowsPerTile * BLOCK)
  const tables: IndexTables = { arrays: new Map(), fill: [] }
  const t: TileContext = { context, shape, type, fixed, columnLabels, rowCount, columnCount, tables, sums }
  const start = { row: dims.mul(tm, BLOCK), column: dims.mul(tn, BLOCK) }
  const rows = named(block, 'mc', dims.min(BLOCK, dims.sub(rowCount, start.row)), BLOCK + 1)
  const columns = named(block, 'nc', dims.min(BLOCK, dims.sub(columnCount, start.column)), BLOCK + 1)
  const tile = isDot ? dotTile : panelTile
  const run = (inner: Block, first: Dim, count: number): void => {
    const own = nameRows(t, inner, first, count)
    tile.compute(t, inner, { rows: own, start: start.column, count: columns })
    writeRows(t, inner, { rows: own, start: start.column, count: columns, used })
  }
  const whole = dims.floorDiv(rows, rowsPerTile)
  scalarLoop(context, block, whole, (inner, index) =>
    run(inner, dims.add(start.row, dims.mul(index, rowsPerTile)), rowsPerTile),
  )
  const done = dims.mul(whole, rowsPerTile)
  scalarLoop(context, block, dims.sub(rows, done), (inner, index) =>
    run(inner, dims.add(dims.add(start.row, done), index), 1),
  )
  const depth = dims.product(shape.summed.map(sizeOf))
  const results = dims.product([outerCount, rowCount, columnCount])
  const epilogue = [...context.group.members].filter((member) => classOf(member) === 'elementwise').length
  context.flops = dims.mul(results, dims.add(dims.mul(2, depth), epilogue))
  return { lanes: [1, 1, 1], groups: [groups, 1, 1], body: [...tables.fill, ...block.stmts] }
}

/** Names an index, unless it is a number anyway. */
function named(block: Block, name: string, value: Dim, below: Dim): Dim {
  const symbol = dims.symbol(name, { min: 0, below })
  if (typeof symbol === 'number' || typeof value === 'number') return typeof value === 'number' ? value : symbol
  block.stmts.push({ kind: 'let', name, value: indexExpr(value) })
  return symbol
}

/** Names the rows of one tile. */
function nameRows(t: TileContext, block: Block, first: Dim, count: number): readonly Dim[] {
  return Array.from({ length: count }, (_, r) =>
    named(block, t.context.namer.name('m'), dims.add(first, r), t.rowCount),
  )
}

/** The epilogue: every store of the group over the rows of a tile. */
function writeRows(
  t: TileContext,
  block: Block,
  { rows, start, count, used }: TileRows & { readonly used: Tuple },
): void {
  const { context, shape, type, sums } = t
  const { op } = shape
  const resultShape = op.result.type.shape
  const covered =
    coverage(used, resultShape, context.group.ranges) ?? internalError('an epilogue covers its contraction')
  rows.forEach((row, r) => {
    // nothing of the epilogue may move before the sums
    const inner = createBlock(block, block.times)
    overElements(
      context,
      inner,
      count,
      (at, column) => {
        const labels = labelsAt(t, row, column)
        const result = op.params.out.map((label) => labels.get(label) ?? 0)
        const flat = linearise(result, resultShape)
        const places = new Map(
          covered.map(({ range, stride }) => [range.name, dims.mod(dims.floorDiv(flat, stride), range.extent)]),
        )
        context.computed.set(op.result, () =>
          atIndex(context, dims.add(r * BLOCK, dims.sub(column, start)), (index, width) => ({
            kind: 'groupLoad',
            type,
            width,
            array: sums,
            index,
          })),
        )
        for (const store of context.group.stores) {
          const tuple = store.tuple.map((e) => dims.substitute(e, places))
          storeValue(context, at, store, tuple, evaluate(context, at, store.value, tuple))
        }
      },
      { start, below: t.columnCount },
    )
    block.stmts.push(...inner.stmts)
  })
}
