// einsum: an equation and operands -> contractions
//
// Repeated labels become diagonals, `...` becomes labels that align at the right, one operand is summed and permuted,
// and several are folded from the left, keeping at each step what the result or a later operand needs.

import { kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Labelled, contractLabels } from './contract-labels.ts'
import type { Bound } from './definition.ts'
import { diagonalOf } from './diagonal.ts'
import { at, permuted, promoteOperands } from './operands.ts'
import { type Equation, parseEquation } from './parse-equation.ts'

/** Returns the value of the equation. Throws shape_equation, shape_mismatch, shape_contraction. */
export function einsum(t: Bound, text: string, tensors: readonly TensorBase[]): TensorBase {
  const equation = parseEquation(text)
  if (equation.operands.length !== tensors.length)
    fail(text, `it has ${equation.operands.length} operands, and ${tensors.length} are given`)
  const { operands, out } = expandEllipsis(text, equation, tensors)
  const wide = promoteOperands(t, 'einsum', tensors, 'number')
  if (wide.some((x) => kindOf(x.dtype) === 'bool')) throw new RangeError('internal: einsum of truth values')
  const labelled = wide.map((x, i) => withoutRepeats(t, { x, labels: at(operands, i) }))
  const known = new Set(labelled.flatMap(({ labels }) => labels))
  for (const label of out) if (!known.has(label)) fail(text, `the result has '${label}', which no operand has`)
  if (new Set(out).size !== out.length) fail(text, 'the result names an axis twice')
  return fold(t, text, labelled, out)
}

function fold(t: Bound, text: string, operands: readonly Labelled[], out: readonly string[]): TensorBase {
  const [first, ...rest] = operands
  if (first === undefined) return fail(text, 'it has no operands')
  let left = first
  for (const [i, right] of rest.entries()) {
    const later = new Set([...out, ...rest.slice(i + 1).flatMap(({ labels }) => labels)])
    const isLast = i === rest.length - 1
    const labels = isLast ? out : [...new Set([...left.labels, ...right.labels])].filter((label) => later.has(label))
    const x = contractLabels(t, left, right, labels, { op: 'einsum', stretches: () => true })
    left = { x, labels }
  }
  if (rest.length > 0) return left.x
  const axes = first.labels.flatMap((label, axis) => (out.includes(label) ? [] : [axis]))
  const kept = first.labels.filter((label) => out.includes(label))
  const sum = axes.length === 0 ? first.x : t.sum(first.x, axes)
  return permuted(
    t,
    sum,
    out.map((label) => kept.indexOf(label)),
  )
}

/** Replaces `...` by labels numbered from the right. */
function expandEllipsis(
  text: string,
  equation: Equation,
  tensors: readonly TensorBase[],
): { readonly operands: readonly (readonly string[])[]; readonly out: readonly string[] } {
  let longest = 0
  const operands = equation.operands.map((labels, i) => {
    const rank = at(tensors, i).shape.length
    const where = labels.indexOf('...')
    const count = rank - (labels.length - (where < 0 ? 0 : 1))
    if (count < 0 || (where < 0 && count !== 0))
      fail(text, `operand ${i + 1} has ${rank} axes, and the equation names ${labels.length}`)
    longest = Math.max(longest, where < 0 ? 0 : count)
    return where < 0 ? labels : labels.toSpliced(where, 1, ...dots(count))
  })
  if (equation.out !== undefined) {
    const where = equation.out.indexOf('...')
    return { operands, out: where < 0 ? equation.out : equation.out.toSpliced(where, 1, ...dots(longest)) }
  }
  const named = equation.operands.flat().filter((label) => label !== '...')
  const once = [...new Set(named)].filter((label) => named.filter((other) => other === label).length === 1)
  return { operands, out: [...dots(longest), ...once.sort((a, b) => (a < b ? -1 : 1))] }
}

function dots(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `...${count - 1 - i}`)
}

/** Takes the diagonal wherever a label occurs twice, until none does. */
function withoutRepeats(t: Bound, operand: Labelled): Labelled {
  const second = operand.labels.findIndex((label, axis) => operand.labels.indexOf(label) < axis)
  if (second < 0) return operand
  const label = at(operand.labels, second)
  const first = operand.labels.indexOf(label)
  const others = operand.labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second)
  const x = permuted(t, operand.x, [...others, first, second])
  const [rows, columns] = [sizeAt(x.shape, -2), sizeAt(x.shape, -1)]
  if (typeof rows === 'number' && typeof columns === 'number' && rows !== columns)
    refuse('shape_equation', { equation: label, message: `its two axes have the sizes ${rows} and ${columns}` })
  return withoutRepeats(t, { x: diagonalOf(t, x), labels: [...others.map((axis) => at(operand.labels, axis)), label] })
}

function fail(equation: string, message: string): never {
  return refuse('shape_equation', { equation, message }, { argument: 'equation' })
}
