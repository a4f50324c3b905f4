// packing: which operands of a contraction are copied side by side before they are multiplied

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { type BufferElement, bufferElement } from '../buffer-element.ts'
import { trialIndices, trialName } from '../contract-labels.ts'
import { atMost } from '../partition-state.ts'
import { delinearise } from '../space.ts'
import { type ContractShape, DEPTH, FEW_ROWS, operandAt } from './contract-shape.ts'
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
  return place && isWord(place) ? dims.slopeOf(place.index, place.column) : undefined
}

/** Whether neighbouring columns are known to lie unevenly in memory: each takes its own way of finding it. */
export function isScattered(t: TileContext): boolean {
  const place = placeOfColumn(t)
  return place !== undefined && dims.slopeOf(place.index, place.column) === undefined
}

/** Where an element of the operand with the columns lies, as a function of the symbol that counts columns. */
function placeOfColumn(t: TileContext): (BufferElement & { readonly column: string }) | undefined {
  const { shape, context, columnLabels } = t
  const place = bufferElement(context, ...operandAt(shape, shape.columnSide, trialsIn(t)))
  return place && { ...place, column: trialName(columnLabels.at(-1) ?? '') }
}

/** The indices that the tile has, and a symbol for each other. */
function trialsIn({ shape, fixed }: TileContext): Map<string, Dim> {
  return new Map([...trialIndices(shape.labels), ...fixed])
}

/** Whether an element takes the 32 bits that one of a packed slice takes. */
function isWord({ owner }: BufferElement): boolean {
  return owner.type.dtype.endsWith('32')
}

/** Returns whether the elements of a row lie evenly along the position in a slice, in 32 bits each. */
export function isEven(t: TileContext): boolean {
  const { shape, context } = t
  if (shape.paired !== undefined) return false
  const labels = summedLabels(shape)
  const sizes = summedSizes(shape)
  const position = dims.symbol('try', { min: 0, below: dims.product(sizes) })
  const at = trialsIn(t)
  delinearise(position, sizes).forEach((index, i) => at.set(labels[i] ?? '', index))
  const place = bufferElement(context, ...operandAt(shape, rowSide(shape), at))
  return place !== undefined && isWord(place) && dims.slopeOf(place.index, 'try') !== undefined
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
