// heavy-operands: the place of a result -> the places of its operands

import type { Dim } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import { contractLabels, sizesOf } from './contract-labels.ts'
import type { Tuple } from './space.ts'

/** The place of the operand of a reduction: of its result, and of the reduced axes. */
export function reduceOperand(op: Op<'reduce'>, tuple: Tuple, indices: Tuple): Tuple {
  const { axes } = op.params
  const rest = [...tuple]
  return (op.inputs[0]?.type.shape ?? []).map((_, axis) => {
    const place = axes.indexOf(axis)
    return place < 0 ? (rest.shift() ?? 0) : (indices[place] ?? 0)
  })
}

/** The places of both operands of a contraction. */
export function contractOperands(
  op: Op<'contract'>,
  tuple: Tuple,
  summed: Tuple,
): readonly (readonly [Value, Tuple])[] {
  const labels = contractLabels(op)
  const at = new Map<string, Dim>(op.params.out.map((l, axis) => [l, tuple[axis] ?? 0]))
  labels.summed.forEach((l, i) => at.set(l, summed[i] ?? 0))
  return [op.params.a, op.params.b].map((names, side) => [
    op.inputs[side] ?? internalError('contract lacks an operand'),
    names.map((l) => at.get(l) ?? 0),
  ])
}

/** The sizes that a reduction or contraction sums over. */
export function summedShape(op: AnyOp): readonly Dim[] {
  if (op.kind === 'reduce') return op.params.axes.map((axis) => op.inputs[0]?.type.shape[axis] ?? 1)
  if (op.kind !== 'contract') return []
  const labels = contractLabels(op)
  return sizesOf(labels, labels.summed)
}
