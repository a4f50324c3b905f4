// contract-shape: a contraction -> how its loops run
//
// Dot: vectors along a summed axis that is contiguous in both operands, as weights stored by output are. Panel: vectors
// along the last axis of the result, with one element of the other operand in every lane.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Op, Value } from '../../ir/graph/graph.ts'
import { bufferElement } from '../buffer-element.ts'
import { type ContractLabels, contractLabels, trialIndices, trialName } from '../contract-labels.ts'
import { type KernelContext, scalarOf } from '../kernel-context.ts'
import { atMost } from '../partition-state.ts'
import { type Tuple, isMultiple } from '../space.ts'
import { valueRange } from '../value-range.ts'

/** Summed elements of a panel. */
export const DEPTH = 512

/** Rows under which columns are read too few times to be copied, whatever they are. */
export const FEW_ROWS = 7

/** Summed elements from which vectors along them pay. */
const LONG = 8

/** How a contraction is walked. */
export interface ContractShape {
  readonly op: Op<'contract'>
  readonly labels: ContractLabels
  /** The operand that has the columns, and the labels of both sides in the order of the result. */
  readonly columnSide: 0 | 1
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** The summed labels, the one with most elements last. */
  readonly summed: readonly string[]
  readonly form: 'dot' | 'panel'
  /** The summed label of which two neighbours at a time are packed into one word, where both operands fit 16 bits. */
  readonly paired: string | undefined
}

/** Returns how the loops of a contraction run. */
export function contractShape(context: KernelContext, op: Op<'contract'>): ContractShape {
  const labels = contractLabels(op)
  const last = op.params.out.findLast((label) => !labels.batch.includes(label))
  const columnSide = last !== undefined && labels.rows.includes(last) ? 0 : 1
  const [rows, columns] = columnSide === 1 ? [labels.rows, labels.columns] : [labels.columns, labels.rows]
  const size = (label: string): number => atMost(labels.sizes.get(label) ?? 1)
  const bySize = [...labels.summed].sort((a, b) => size(a) - size(b))
  const dense = bySize.findLast(
    (label) => size(label) >= LONG && [0, 1].every((side) => isDense(context, op, labels, side, label)),
  )
  const summed = dense === undefined ? bySize : [...bySize.filter((label) => label !== dense), dense]
  const paired = pairedLabel(context, op, labels, rows)
  const form = dense === undefined || paired !== undefined ? 'panel' : 'dot'
  return { op, labels, columnSide, rows, columns, summed, form, paired }
}

/** Returns the summed label to go along by twos: an even one where there is any. */
function pairedLabel(
  { producers }: KernelContext,
  op: Op<'contract'>,
  { sizes, summed }: ContractLabels,
  rows: readonly string[],
): string | undefined {
  const sizeOf = (label: string): Dim => sizes.get(label) ?? 1
  const fits = op.inputs.every((value) => {
    const [low, high] = valueRange(producers, value)
    return low >= -(2 ** 15) && high < 2 ** 15
  })
  const isWorthIt =
    atMost(dims.product(rows.map(sizeOf))) >= FEW_ROWS && atMost(dims.product(summed.map(sizeOf))) >= LONG
  if (!fits || !isWorthIt || scalarOf(op.result.type.dtype) === 'f32') return undefined
  const isEven = (label: string): boolean => isMultiple(sizeOf(label), 2)
  const bySize = [...summed].sort((a, b) => atMost(sizeOf(a)) - atMost(sizeOf(b)))
  const chosen = bySize.findLast(isEven) ?? bySize.at(-1)
  const others = summed.filter((label) => label !== chosen).map(sizeOf)
  if (others.length === 0 || chosen === undefined) return chosen
  // slices of panels are cut along one label alone, so all others have to fit
  const inner = dims.product([...others.slice(1), dims.ceilDiv(sizeOf(chosen), 2)])
  return others.every((size) => typeof size === 'number') && atMost(inner) <= DEPTH ? chosen : undefined
}

/** Returns the value and tuple of an operand, from the index of each label. */
export function operandAt(
  { op }: Pick<ContractShape, 'op'>,
  side: number,
  at: ReadonlyMap<string, Dim>,
): readonly [Value, Tuple] {
  const names = side === 0 ? op.params.a : op.params.b
  const operand = op.inputs[side] ?? internalError('contract lacks an operand')
  return [operand, names.map((label) => at.get(label) ?? 0)]
}

/** Whether neighbours along a label are neighbours in the memory of an operand. */
function isDense(
  context: KernelContext,
  op: Op<'contract'>,
  labels: ContractLabels,
  side: number,
  label: string,
): boolean {
  const place = bufferElement(context, ...operandAt({ op }, side, trialIndices(labels)))
  return place !== undefined && dims.slopeOf(place.index, trialName(label)) === 1
}
