// size-conditions: graph -> what sizes must fulfil at a call
//
// Windows, indices and sizes that the bounds of the dimensions leave open. The emitted program checks them once for
// every new combination of sizes; eager refuses the same calls with the same codes.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Op } from '../ir/graph/graph.ts'

/** Something that must not be negative, and what to say where it is: texts and sizes by turns. */
export interface SizeCondition {
  readonly rest: Dim
  readonly code: 'shape_window' | 'shape_index_out_of_range' | 'shape_negative'
  readonly message: readonly (string | Dim)[]
}

/** Returns the conditions that are not certain, each once. */
export function sizeConditions(graph: Graph): readonly SizeCondition[] {
  const found = new Map<string, SizeCondition>()
  for (const op of graph.ops)
    for (const condition of conditionsOf(op))
      if (dims.compare(condition.rest, '>=', 0) !== 'yes') found.set(dims.printDim(condition.rest), condition)
  return [...found.values()]
}

function conditionsOf(op: AnyOp): readonly SizeCondition[] {
  if (op.kind === 'window') return [ofWindow(op)]
  if (op.kind === 'slice') return ofSlice(op)
  const inputs = new Set(op.inputs.flatMap(({ type }) => type.shape.map(dims.printDim)))
  return op.result.type.shape
    .filter((size) => !inputs.has(dims.printDim(size)))
    .map((size) => ({ rest: size, code: 'shape_negative', message: ['a size would be ', size] }))
}

function ofWindow({ inputs, params }: Op<'window'>): SizeCondition {
  const size = inputs[0]?.type.shape[params.axis] ?? 1
  const span = dims.add(dims.mul(dims.sub(params.size, 1), params.dilation), 1)
  const message = ['the window is larger than what it slides over: ', span, ' on a padded size of ', size]
  return { rest: dims.sub(size, span), code: 'shape_window', message }
}

/** Of an axis that is surely read: the first and the last place. */
function ofSlice({ inputs, params, result }: Op<'slice'>): readonly SizeCondition[] {
  return result.type.shape.flatMap((size, axis) => {
    if (dims.compare(size, '>=', 1) !== 'yes') return []
    const n = inputs[0]?.type.shape[axis] ?? 1
    const first = params.starts[axis] ?? 0
    const last = dims.add(first, dims.mul(dims.sub(size, 1), params.steps[axis] ?? 1))
    return [first, last].flatMap((place): readonly SizeCondition[] => {
      const message = ['there is no index ', place, ' on an axis of size ', n]
      const code = 'shape_index_out_of_range'
      return [
        { rest: place, code, message },
        { rest: dims.sub(dims.sub(n, 1), place), code, message },
      ]
    })
  })
}
