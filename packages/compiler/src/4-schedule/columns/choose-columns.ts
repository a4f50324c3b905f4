// choose-columns: a contraction -> how its lanes share it out where it has few columns
//
// The rows are those of the operand whose last axis is the last of the result, and have to lie in memory as lanes do.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Op } from '../../ir/graph/graph.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { type ContractLabels, contractLabels, sizesOf, trialIndices, trialName } from '../contract-labels.ts'
import { evaluate } from '../evaluate.ts'
import { type KernelContext, bind, createBlock, createKernelContext } from '../kernel-context.ts'
import type { ColumnsShape, Machine } from '../machine.ts'
import { classOf } from '../partition-state.ts'
import type { SlicedTile } from '../stage-slice.ts'
import { contractSizes } from '../tile-context.ts'
import { usually } from '../usual-size.ts'

/** A tile each lane of which has rows of its own. */
export interface ColumnsTile extends SlicedTile {
  /** The operand with the rows. */
  readonly rowSide: 0 | 1
  /** Rows of a lane: as far apart as there are lanes. */
  readonly rowsOfLane: number
  readonly columnsOfLane: number
  /** Steps of the depth that are written out. */
  readonly unrolled: number
}

/** Summed elements of a slice at least, all slices being equal: lanes wait for one another at each. */
const LEAST_SLICE = 16

/** Elements that lanes side by side may be apart in memory, and at how many places that is tried. */
const NEAR = 2
const PLACES = 8

/**
 * Returns a tile for a contraction where dimensions are what is assumed; undefined where it has many columns, or its rows
 * lie in memory in some other way.
 */
export function chooseColumns(
  context: KernelContext,
  { columns: shape }: Pick<Machine, 'columns'>,
  op: Op<'contract'>,
  assumed?: number,
): ColumnsTile | undefined {
  const labels = contractLabels(op)
  const last = op.params.out.at(-1) ?? ''
  const rowSide = labels.rows.includes(last) ? 0 : 1
  const [rows, columns] = rowSide === 0 ? [labels.rows, labels.columns] : [labels.columns, labels.rows]
  const { batch, depth } = contractSizes(labels)
  const [count, width] = [rows, columns].map((names) => dims.product(sizesOf(labels, names)))
  if (shape === undefined || !rows.includes(last) || count === undefined) return undefined
  if (typeof depth !== 'number' || depth < 1) return undefined
  if (typeof width !== 'number' || width > shape.mostColumns || epilogueOf(context) > shape.epilogue) return undefined
  if (!areNear(context, op, { labels, rowSide, last })) return undefined
  const results = usually(dims.mul(batch, count), [], assumed)
  if (results * Math.ceil(width / 4) < shape.lanes) return undefined
  const { rowsOfLane, columnsOfLane } = shareOut(shape, results, width)
  const unrolled = unrolledOf(sizesOf(labels, labels.summed), depth, shape.unrolled)
  const slice = unrolled * largestDivisor(depth / unrolled, shape.staged / columnsOfLane / unrolled)
  if (slice < Math.min(depth, LEAST_SLICE)) return undefined
  const own = shape.lanes * rowsOfLane
  return {
    rows: rowSide === 0 ? own : columnsOfLane,
    columns: rowSide === 0 ? columnsOfLane : own,
    depth: slice,
    lanes: shape.lanes,
    padding: 0,
    rowSide,
    rowsOfLane,
    columnsOfLane,
    unrolled,
  }
}

/** As many results for each lane as leave enough groups: all columns before several rows. */
function shareOut(
  { lanes, rows, columns, leastGroups }: ColumnsShape,
  count: number,
  width: number,
): Pick<ColumnsTile, 'rowsOfLane' | 'columnsOfLane'> {
  const isEnough = (own: number, block: number): boolean =>
    count * Math.ceil(width / block) >= own * lanes * leastGroups
  const all = Math.min(columns, 4 * Math.ceil(width / 4))
  const blocks = Array.from({ length: all / 4 }, (_, i) => all - 4 * i)
  const columnsOfLane = blocks.find((block) => isEnough(1, block)) ?? 4
  let rowsOfLane = rows
  while (rowsOfLane > 1 && !isEnough(rowsOfLane, columnsOfLane)) rowsOfLane /= 2
  return { rowsOfLane, columnsOfLane }
}

/** As many steps as the innermost summed axes have in all: their indices are then numbers. */
function unrolledOf(sizes: readonly Dim[], depth: number, most: number): number {
  let steps = 1
  for (const size of [...sizes].reverse()) {
    if (typeof size !== 'number' || steps * size > most) break
    steps *= size
  }
  return steps === 1 ? largestDivisor(depth, most) : steps
}

/** Returns the largest divisor of a number that is no larger than another. */
function largestDivisor(of: number, most: number): number {
  let divisor = Math.max(1, Math.min(of, Math.floor(most)))
  while (of % divisor !== 0) divisor--
  return divisor
}

function epilogueOf({ group }: KernelContext): number {
  return [...group.members].filter((member) => classOf(member) === 'elementwise').length
}

interface RowsOf {
  readonly labels: ContractLabels
  readonly rowSide: 0 | 1
  /** The label along which the rows of neighbouring lanes are neighbours. */
  readonly last: string
}

/** Whether lanes side by side read what lies side by side, whatever leads to the operand. */
function areNear(
  { group, producers, ownerOf }: KernelContext,
  op: Op<'contract'>,
  { labels, rowSide, last }: RowsOf,
): boolean {
  const trial = createKernelContext(group, producers, ownerOf)
  const block = createBlock(undefined, 1)
  const at = trialIndices(labels)
  const names = rowSide === 0 ? op.params.a : op.params.b
  const value = evaluate(
    trial,
    block,
    op.inputs[rowSide] ?? internalError('contract lacks an operand'),
    names.map((label) => at.get(label) ?? 0),
  )
  bind(trial, block, value)
  const indices: Dim[] = []
  forEachStmt(block.stmts, (stmt) =>
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load') indices.push(expr.index)
    }),
  )
  const moving = indices.filter((index) => dims.symbolsOf(index).some(({ name }) => name === trialName(last)))
  return moving.length > 0 && moving.every((index) => staysNear(index, labels, last))
}

/** Tries an index at some places: the next one along a label is near, but where a line of memory ends. */
function staysNear(index: Dim, { sizes }: ContractLabels, last: string): boolean {
  const middle = [...sizes].map(([label, size]) => [trialName(label), Math.floor(usually(size) / 2)] as const)
  const at = (place: number): number => usually(index, [...middle, [trialName(last), place]])
  const most = usually(sizes.get(last) ?? 1) - 2
  const places = Array.from({ length: PLACES }, (_, i) => Math.floor((i * most) / PLACES))
  const near = places.filter((place) => Math.abs(at(place + 1) - at(place)) <= NEAR)
  return near.length > PLACES / 2
}
