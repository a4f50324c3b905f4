// copied-slices: slices of an operand that is read straight from a buffer, by asynchronous copies of 16 bytes
//
// The operand has to lie in runs of that many neighbours, each of which begins at a multiple of its length: proved for all
// of them, or the lanes stage it themselves. What does not change from slice to slice is computed once.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Value } from '../../ir/graph/graph.ts'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { storedFor } from '../../ir/kernel/matrix-unit.ts'
import { bufferElement } from '../buffer-element.ts'
import { type Block, allOf, indexExpr, paramFor, testIndex } from '../kernel-context.ts'
import { isMultiple } from '../space.ts'
import { laneOf, tileIndex } from '../tile-context.ts'
import { operandOf, operandTuple } from '../tile-operand.ts'
import { type MatrixContext, type SliceLayout, type Slices, layoutOf, placeInSlice, runOf } from './slice.ts'

/** Where the elements of an operand are, as a function of the summed element and the row or column. */
interface Source {
  readonly owner: Value
  indexOf(k: Dim, outer: Dim): Dim
}

/** Returns how an operand can be copied; undefined where it cannot. */
export function copiedLayout(t: MatrixContext, side: 0 | 1): SliceLayout | undefined {
  const isAcross = [false, true].find((each) => liesInRuns(t, side, each))
  return isAcross === undefined ? undefined : layoutOf(t, side, isAcross)
}

/** Returns the slices of an operand that is copied into an array; what all of them share goes into `before`. */
export function copySlices(t: MatrixContext, before: Block, layout: SliceLayout, array: string): Slices {
  const { side, row, lines } = layout
  const source = sourceOf(t, side) ?? internalError('what is copied has a buffer')
  const param = paramFor(t.context, source.owner, 'read')
  const total = (row / runOf(t)) * lines
  const copies = Array.from({ length: Math.ceil(total / t.tile.lanes) }, (_, round) =>
    prepare(t, before, layout, { source, round }),
  )
  const stage: Slices['stage'] = (block, step, slot) => {
    copies.forEach((copyOf, round) => {
      const at = dims.add(dims.mul(slot, row * lines), dims.mul(dims.add(laneOf(t), round * t.tile.lanes), runOf(t)))
      const { index, condition } = copyOf(block, step)
      const copy: Stmt = { kind: 'copy', array, at, param, index, ...(condition && { condition }) }
      const isWhole = (round + 1) * t.tile.lanes <= total
      const isMine = testIndex(laneOf(t), '<', total - round * t.tile.lanes)
      block.stmts.push(isWhole ? copy : { kind: 'if', condition: isMine, then: [copy], otherwise: [] })
    })
  }
  return { ...layout, array, isCopied: true, stage }
}

/** One copy of each slice: what a lane reads, and whether. */
type CopyOf = (block: Block, step: Dim) => { readonly index: Dim; readonly condition: Expr | undefined }

/** Computes what all slices share of one copy of each lane. */
function prepare(
  t: MatrixContext,
  before: Block,
  layout: SliceLayout,
  { source, round }: { readonly source: Source; readonly round: number },
): CopyOf {
  const { context, tile, sizes } = t
  const { side, isAcross, row } = layout
  const axis = side === 0 ? 'rows' : 'columns'
  const run = runOf(t)
  const element = dims.add(laneOf(t), round * tile.lanes)
  const perLine = row / run
  // lanes beyond the last one copy nothing, wherever that would be
  const [line, piece] = [dims.floorDiv(element, perLine), dims.mul(dims.mod(element, perLine), run)]
  const bound = (prefix: string, value: Dim): string => {
    const name = context.namer.name(prefix)
    before.stmts.push({ kind: 'let', name, value: indexExpr(value) })
    return name
  }
  const within = placeInSlice(t, layout, line, piece)
  const outer = dims.add(dims.mul(tileIndex(t, axis), tile[axis]), within.outer)
  const outside = isMultiple(sizes[axis], tile[axis]) ? undefined : testIndex(outer, '<', sizes[axis])
  const last = dims.sub(sizes[axis], isAcross ? run : 1)
  // what is not read has to be at a multiple of 16 bytes all the same: there the last one stands for it
  const outerName = bound('n', outside === undefined ? outer : dims.min(outer, last))
  const inside = outside && boundTest(t, before, outside)
  const depth = dims.symbol(bound('k', within.depth), { min: 0, below: tile.depth })
  const place = dims.symbol(outerName, { min: 0, below: sizes[axis], ...(isAcross && { multipleOf: run }) })
  const summed = dims.symbol(SUMMED, { min: 0, below: sizes.depth })
  const symbolic = source.indexOf(summed, place)
  const slope = typeof summed === 'number' ? 0 : dims.slopeOf(symbolic, SUMMED)
  const isExact = isMultiple(sizes.depth, tile.depth)
  const start =
    slope === undefined
      ? undefined
      : dims.symbol(bound('n', dims.add(dims.substitute(symbolic, new Map([[SUMMED, 0]])), dims.mul(slope, depth))), {
          min: 0,
        })
  return (block, step) => {
    const at = dims.add(dims.mul(step, tile.depth), depth)
    const tests = [...(inside === undefined ? [] : [inside]), ...(isExact ? [] : [testIndex(at, '<', sizes.depth)])]
    const condition = allOf(tests)
    if (slope !== undefined && start !== undefined)
      return { index: dims.add(start, dims.mul(slope, dims.mul(step, tile.depth))), condition }
    const name = context.namer.name('k')
    const most = dims.sub(sizes.depth, isAcross ? 1 : run)
    block.stmts.push({ kind: 'let', name, value: indexExpr(isExact ? at : dims.min(at, most)) })
    const own = dims.symbol(name, { min: 0, below: sizes.depth, ...(!isAcross && { multipleOf: run }) })
    return { index: source.indexOf(own, place), condition }
  }
}

/** Stands for the summed element. */
const SUMMED = 'a summed element'

/** Names a test, and returns the name. */
function boundTest({ context }: MatrixContext, before: Block, value: Expr): Expr {
  const name = context.namer.name('t')
  before.stmts.push({ kind: 'let', name, value })
  return { kind: 'local', type: 'bool', width: 1, name }
}

/** The buffer of an operand that keeps elements as its slices do. */
function sourceOf(t: MatrixContext, side: 0 | 1): Source | undefined {
  const { context, tile } = t
  const operand = operandOf(t, side)
  const at = (k: Dim, outer: Dim): ReturnType<typeof bufferElement> =>
    bufferElement(context, operand, operandTuple(t, side, k, outer))
  const found = at(0, 0)
  if (found === undefined || found.isConverted || found.owner.type.dtype !== (storedFor(tile.unit) ?? 'f32'))
    return undefined
  const indexOf = (k: Dim, outer: Dim): Dim => at(k, outer)?.index ?? internalError('an operand has a buffer')
  return { owner: found.owner, indexOf }
}

/** Whether an operand lies in whole runs along the rows (columns), or along the depth. */
function liesInRuns(t: MatrixContext, side: 0 | 1, isAcross: boolean): boolean {
  const source = sourceOf(t, side)
  const { sizes } = t
  const outer = sizes[side === 0 ? 'rows' : 'columns']
  const [along, other] = isAcross ? [outer, sizes.depth] : [sizes.depth, outer]
  const run = runOf(t)
  if (source === undefined || !isMultiple(along, run)) return false
  const first = dims.mul(dims.symbol('a run', { min: 0, below: dims.floorDiv(along, run) }), run)
  const neighbour = dims.symbol('a neighbour', { min: 0, below: run })
  const line = dims.symbol('a line', { min: 0, below: other })
  const indexOf = (i: Dim): Dim => (isAcross ? source.indexOf(line, i) : source.indexOf(i, line))
  const [from, to] = [indexOf(first), indexOf(dims.add(first, neighbour))]
  return dims.isSame(dims.sub(to, from), neighbour) && isMultiple(from, run)
}
