// contract-labels: labelled tensors -> one contraction
//
// What matmul, einsum, linear, attention and convolution share: an axis of size 1 that meets a larger one is dropped
// (its index map ignores the label), so that nothing is stretched in memory.

import { type Dim, compare } from '../types/dim.ts'
import { type OperationErrorParams, refuse, shownSize, shownType } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { at, reshaped } from './operands.ts'

/** A tensor and a name for each of its axes. */
export interface Labelled {
  readonly x: TensorBase
  readonly labels: readonly string[]
}

/** How a contraction was asked for. */
export interface ContractOptions {
  /** The operation that the user called. */
  readonly op: string
  /** Whether a label of size 1 stretches to the other's size. */
  readonly stretches: (label: string) => boolean
}

/** Returns the sum of products over the labels that `out` lacks. Throws shape_mismatch, shape_contraction, shape_undecided. */
export function contractLabels(
  t: Bound,
  left: Labelled,
  right: Labelled,
  out: readonly string[],
  options: ContractOptions,
): TensorBase {
  const a = withoutOnes(t, left, right, options)
  const b = withoutOnes(t, right, a, options)
  requireSizes(a, b, left.x, right.x, out, options.op)
  return t.emit('contract', [a.x, b.x], { a: a.labels, b: b.labels, out })
}

function withoutOnes(t: Bound, mine: Labelled, other: Labelled, { stretches }: ContractOptions): Labelled {
  const keeps = mine.labels.map((label, axis) => {
    const there = other.labels.indexOf(label)
    const isStretched = there >= 0 && mine.x.shape[axis] === 1 && other.x.shape[there] !== 1 && stretches(label)
    return !isStretched
  })
  if (keeps.every(Boolean)) return mine
  const x = reshaped(
    t,
    mine.x,
    mine.x.shape.filter((_, axis) => keeps[axis]),
  )
  return { x, labels: mine.labels.filter((_, axis) => keeps[axis]) }
}

function requireSizes(
  a: Labelled,
  b: Labelled,
  left: TensorBase,
  right: TensorBase,
  out: readonly string[],
  op: string,
): void {
  for (const [axis, label] of a.labels.entries()) {
    const there = b.labels.indexOf(label)
    if (there < 0) continue
    const [leftSize, rightSize]: readonly Dim[] = [at(a.x.shape, axis), at(b.x.shape, there)]
    if (leftSize === undefined || rightSize === undefined) continue
    const answer = compare(leftSize, '==', rightSize)
    if (answer === 'yes') continue
    const names: OperationErrorParams['shape_mismatch'] = { op, left: shownType(left), right: shownType(right) }
    const sizes = { leftSize: shownSize(leftSize), rightSize: shownSize(rightSize) }
    if (answer === 'unknown') refuse('shape_undecided', { ...names, bound: `${sizes.leftSize} == ${sizes.rightSize}` })
    if (out.includes(label)) refuse('shape_mismatch', names)
    refuse('shape_contraction', { ...names, ...sizes })
  }
}
