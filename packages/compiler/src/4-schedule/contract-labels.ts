// contract-labels: what each label of a contraction is

import type { Dim } from '@tsjit/dsl/compiler'
import type { Op } from '../ir/graph/graph.ts'

/** Sizes and roles of the labels of a contraction. */
export interface ContractLabels {
  readonly sizes: ReadonlyMap<string, Dim>
  readonly summed: readonly string[]
  /** In both operands and the result. */
  readonly batch: readonly string[]
  /** Only in the left operand, or only in the right one. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
}

/** Returns what each label of a contraction is. */
export function contractLabels(op: Op<'contract'>): ContractLabels {
  const { a, b, out } = op.params
  const sizes = new Map<string, Dim>()
  ;[a, b].forEach((labels, side) => {
    labels.forEach((label, axis) => sizes.set(label, op.inputs[side]?.type.shape[axis] ?? 1))
  })
  const inBoth = (l: string): boolean => a.includes(l) && b.includes(l)
  return {
    sizes,
    summed: [...sizes.keys()].filter((l) => !out.includes(l)),
    batch: out.filter(inBoth),
    rows: out.filter((l) => a.includes(l) && !b.includes(l)),
    columns: out.filter((l) => b.includes(l) && !a.includes(l)),
  }
}
