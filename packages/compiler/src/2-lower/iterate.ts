// iterate: a value -> its elements

import type { Node } from '@babel/types'
import { describe } from './describe.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { applyOperation } from './operations.ts'
import { refuse } from './report.ts'
import { GraphTensor, Poison, type Value } from './value.ts'

/**
 * Returns the elements of a value, as `for…of`, spread and destructuring take them; undefined where there are none to
 * go over, which is reported. A tensor of known length gives its slices along the first axis.
 */
export function elementsOf(evaluation: Evaluation, value: Value, node: Node): readonly Value[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Poison) return undefined
  if (typeof value === 'string') return [...value]
  if (value instanceof GraphTensor) {
    const size = value.shape[0]
    if (typeof size === 'number')
      return Array.from({ length: size }, (_, i) =>
        applyOperation(evaluation, 'index', [value, [i]], { node, args: [] }),
      )
    const help = 'the size of its first axis is not known while compiling; use `scan` to go over it when running'
    refuse(evaluation, node, 'source_not_iterable', { got: describe(value) }, { help })
    return undefined
  }
  refuse(evaluation, node, 'source_not_iterable', { got: describe(value) }, iterableHelp(evaluation, value, node))
  return undefined
}

function iterableHelp(evaluation: Evaluation, value: Value, node: Node): { readonly help?: string } {
  if (typeof value === 'number') return { help: `write \`range(${textOf(evaluation, node)})\` for a count` }
  return {}
}
