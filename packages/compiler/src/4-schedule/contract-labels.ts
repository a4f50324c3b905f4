// contract-labels: what each label of a contraction is

import { type Dim, dims } from '@tsjit/dsl/compiler'
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

/** Returns the sizes of some labels. */
export function sizesOf({ sizes }: Pick<ContractLabels, 'sizes'>, names: readonly string[]): readonly Dim[] {
  return names.map((label) => sizes.get(label) ?? 1)
}

/** Returns a symbol for the index of every label, to see how places depend on it. */
export function trialIndices({ sizes }: Pick<ContractLabels, 'sizes'>): ReadonlyMap<string, Dim> {
  return new Map([...sizes].map(([label, size]) => [label, dims.symbol(trialName(label), { min: 0, below: size })]))
}

/** Returns the name of the symbol that a trial has for the index of a label. */
export function trialName(label: string): string {
  return `try_${label}`
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
