// packing: which operands of a contraction are copied side by side before they are multiplied

import { type DType, type Dim, dims } from '@tsjit/dsl/compiler'
import { atMost } from '../partition-state.ts'
import { delinearise } from '../space.ts'
import { type ContractShape, DEPTH, FEW_ROWS, operandAt, placeInMemory } from './contract-shape.ts'
import type { TileContext } from './loop-tile.ts'

/** Summed elements up to which columns that are neighbours in memory stay in the first cache anyway. */
const SHALLOW = 128

/** Returns whether columns are copied: where many rows read them and slices of them are known at build. */
export function paysToPack(t: TileContext): boolean {
  const { shape, rowCount } = t
  const inner = dims.product(summedSizes(shape).slice(1))
  if (atMost(rowCount) < FEW_ROWS || typeof inner !== 'number' || inner > DEPTH) return false
  if (shape.paired !== undefined) return true
  return !(atMost(dims.product(summedSizes(shape))) <= SHALLOW && columnStep(t) === 1)
}

/** How far apart neighbouring columns are in memory, in 32 bits each; undefined where that differs. */
function columnStep(t: TileContext): Dim | undefined {
  const place = placeOfColumn(t)
  return place?.dtype.endsWith('32') === true ? dims.slopeOf(place.index, place.column) : undefined
}

/** Whether neighbouring columns are known to lie unevenly in memory: each takes its own way of finding it. */
export function isScattered(t: TileContext): boolean {
  const place = placeOfColumn(t)
  return place !== undefined && dims.slopeOf(place.index, place.column) === undefined
}

/** Where an element of the operand with the columns lies, as a function of the symbol that counts columns. */
function placeOfColumn({
  shape,
  context,
  fixed,
  columnLabels,
}: TileContext): { readonly index: Dim; readonly dtype: DType; readonly column: string } | undefined {
  const at = new Map(fixed)
  for (const [label, size] of shape.labels.sizes)
    if (!at.has(label)) at.set(label, dims.symbol(`try_${label}`, { min: 0, below: size }))
  const place = placeInMemory(context, ...operandAt(shape, shape.columnSide, at))
  return place && { ...place, column: `try_${columnLabels.at(-1) ?? ''}` }
}

/** Returns whether the elements of a row lie evenly along the position in a slice, in 32 bits each. */
export function isEven({ shape, context, fixed }: TileContext): boolean {
  if (shape.paired !== undefined) return false
  const labels = summedLabels(shape)
  const sizes = summedSizes(shape)
  const position = dims.symbol('try', { min: 0, below: dims.product(sizes) })
  const at = new Map(fixed)
  for (const [label, size] of shape.labels.sizes)
    if (!at.has(label)) at.set(label, dims.symbol(`try_${label}`, { min: 0, below: size }))
  delinearise(position, sizes).forEach((index, i) => at.set(labels[i] ?? '', index))
  const place = placeInMemory(context, ...operandAt(shape, rowSide(shape), at))
  return place !== undefined && place.dtype.endsWith('32') && dims.slopeOf(place.index, 'try') !== undefined
}

/**
 * Returns the summed labels in the order of the operand with the rows, in which they are most often one run of memory; one
 * that goes by twos is the last.
 */
export function summedLabels({ op, summed, columnSide, paired }: ContractShape): readonly string[] {
  const names = columnSide === 1 ? op.params.a : op.params.b
  const single = names.filter((label) => summed.includes(label) && label !== paired)
  return paired === undefined ? single : [...single, paired]
}

/** Returns the steps of the summed labels, in that order: their sizes, of the one that goes by twos half of it. */
export function summedSizes(shape: ContractShape): readonly Dim[] {
  return summedLabels(shape).map((label) => {
    const size = shape.labels.sizes.get(label) ?? 1
    return label === shape.paired ? dims.ceilDiv(size, 2) : size
  })
}

/** Returns which operand has the rows. */
export function rowSide({ columnSide }: ContractShape): 0 | 1 {
  return columnSide === 1 ? 0 : 1
}
