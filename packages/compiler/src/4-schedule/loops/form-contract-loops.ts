// form-contract-loops: group -> kernel tiled for its contraction
//
// A group computes a block of some 64 by 64 results: sums in registers, then through an array into the epilogue, which
// runs over vectors of columns. The body of the innermost loop is one step: unrolled, engines spill what they could keep
// in registers.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import { sizesOf } from '../contract-labels.ts'
import { evaluate } from '../evaluate.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import { type Block, type KernelContext, createBlock, groupArray, scalarOf, storeValue } from '../kernel-context.ts'
import { atMost, classOf } from '../partition-state.ts'
import { type Tuple, coverage, delinearise, linearise } from '../space.ts'
import { atIndex } from '../vectors.ts'
import { contractShape } from './contract-shape.ts'
import { computeDots } from './dot-tile.ts'
import type { IndexTables } from './index-table.ts'
import { type Area, BLOCK, type TileContext, labelsAt, named, placeOfSum } from './loop-tile.ts'
import { overElements, scalarLoop } from './nest.ts'
import { computePacked } from './packed-tile.ts'
import { paysToPack } from './packing.ts'
import { computePanels } from './panel-tile.ts'

/** Times that a group with few rows has more columns. */
const MOST = 8

/** Returns the kernel of a group that is tiled for its contraction, which is used at `used`. */
export function formContractLoops(context: KernelContext, used: Tuple): FormedKernel {
  const op = context.group.primary ?? internalError('a tiled kernel has a contraction')
  const shape = contractShape(context, op)
  const isDot = shape.form === 'dot'
  const columnLabels = isDot ? shape.columns : shape.columns.slice(-1)
  const outerLabels = [...shape.labels.batch, ...(isDot ? [] : shape.columns.slice(0, -1))]
  const countOf = (labels: readonly string[]): Dim => dims.product(sizesOf(shape.labels, labels))
  const rowCount = countOf(shape.rows)
  const columnCount = countOf(columnLabels)
  const width = isDot ? BLOCK : BLOCK * Math.min(MOST, Math.floor(BLOCK / height(rowCount)))
  const [down, across] = [dims.ceilDiv(rowCount, BLOCK), dims.ceilDiv(columnCount, width)]
  const outerCount = countOf(outerLabels)
  const groups = dims.product([outerCount, down, across])
  const block = createBlock(undefined, 1)
  const g0 = dims.symbol('g0', { min: 0, below: groups })
  const tn = named(block, 'tn', dims.mod(g0, across), across)
  const tm = named(block, 'tm', dims.mod(dims.floorDiv(g0, across), down), down)
  const to = named(block, 'to', dims.floorDiv(g0, dims.mul(across, down)), outerCount)
  const outerIndices = delinearise(to, sizesOf(shape.labels, outerLabels))
  const fixed = new Map(outerLabels.map((label, i) => [label, outerIndices[i] ?? 0]))
  const type = scalarOf(op.result.type.dtype)
  const sums = groupArray(context, type, 1, width * height(rowCount))
  const tables: IndexTables = { arrays: new Map(), fill: [] }
  const t: TileContext = { context, shape, type, fixed, columnLabels, rowCount, columnCount, tables, sums, width }
  const area = {
    rows: spanOf(block, 'mc', tm, rowCount, BLOCK),
    columns: spanOf(block, 'nc', tn, columnCount, width),
  }
  const compute = isDot ? computeDots : paysToPack(t) ? computePacked : computePanels
  compute(t, block, area)
  writeArea(t, block, area, used)
  const depth = countOf(shape.summed)
  const results = dims.product([outerCount, rowCount, columnCount])
  const epilogue = [...context.group.members].filter((member) => classOf(member) === 'elementwise').length
  context.flops = dims.mul(results, dims.add(dims.mul(2, depth), epilogue))
  return { lanes: [1, 1, 1], groups: [groups, 1, 1], body: [...tables.fill, ...block.stmts] }
}

/** Rows of a group, as many as its tiles have: the last may be higher than what is left for it. */
function height(rowCount: Dim): number {
  return Math.min(BLOCK, 4 * Math.ceil(atMost(rowCount) / 4))
}

function spanOf(block: Block, name: string, tile: Dim, size: Dim, most: number): Area['rows'] {
  const start = dims.mul(tile, most)
  return { start, count: named(block, name, dims.min(most, dims.sub(size, start)), most + 1) }
}

/** The epilogue: every store of the group. */
function writeArea(t: TileContext, block: Block, { rows, columns }: Area, used: Tuple): void {
  const { context, shape, type, sums } = t
  const { op } = shape
  const resultShape = op.result.type.shape
  const covered =
    coverage(used, resultShape, context.group.ranges) ?? internalError('an epilogue covers its contraction')
  scalarLoop(context, block, rows.count, (outer, index) => {
    // nothing of the epilogue may move before the sums
    const inner = createBlock(outer, outer.times)
    const row = named(inner, context.namer.name('m'), dims.add(rows.start, index), t.rowCount)
    overElements(
      context,
      inner,
      columns.count,
      (at, column) => {
        const labels = labelsAt(t, row, column)
        const result = op.params.out.map((label) => labels.get(label) ?? 0)
        const flat = linearise(result, resultShape)
        const places = new Map(
          covered.map(({ range, stride }) => [range.name, dims.mod(dims.floorDiv(flat, stride), range.extent)]),
        )
        context.computed.set(op.result, () =>
          atIndex(context, placeOfSum(t, index, dims.sub(column, columns.start)), (place, width) => ({
            kind: 'groupLoad',
            type,
            width,
            array: sums,
            index: place,
          })),
        )
        for (const store of context.group.stores) {
          const tuple = store.tuple.map((e) => dims.substitute(e, places))
          storeValue(context, at, store, tuple, evaluate(context, at, store.value, tuple))
        }
      },
      { start: columns.start, below: t.columnCount },
    )
    outer.stmts.push(...inner.stmts)
  })
}
