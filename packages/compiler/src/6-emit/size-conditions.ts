// size-conditions: graph -> what sizes must fulfil at a call
//
// Windows, indices and sizes that the bounds of the dimensions leave open. The emitted program checks them once for
// every new combination of sizes; eager refuses the same calls with the same codes.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Op } from '../ir/graph/graph.ts'
import { primitivesOf } from '../ir/graph/regions.ts'

/** Something that must not be negative, and what to say where it is: texts and sizes by turns. */
export interface SizeCondition {
  readonly rest: Dim
  readonly code: 'shape_window' | 'shape_index_out_of_range' | 'shape_negative'
  readonly message: readonly (string | Dim)[]
}

/** Returns the conditions that are not certain, without those that follow from others before them. */
export function sizeConditions(graph: Graph): readonly SizeCondition[] {
  const found: SizeCondition[] = []
  // inside, a negative size can stand for nothing where no element is read
  const ofOutputs = graph.outputs.flatMap(({ value }) => value.type.shape.map(ofOutput))
  for (const condition of [...primitivesOf(graph.ops).flatMap(conditionsOf), ...ofOutputs]) {
    const isSure = [0, ...found.map(({ rest }) => rest)].some(
      (known) => dims.compare(condition.rest, '>=', known) === 'yes',
    )
    if (!isSure) found.push(condition)
  }
  return found
}

function conditionsOf(op: AnyOp): readonly SizeCondition[] {
  if (op.kind === 'window') return ofWindow(op)
  return op.kind === 'slice' ? ofSlice(op) : []
}

function ofOutput(size: Dim): SizeCondition {
  return { rest: size, code: 'shape_negative', message: ['a size would be ', size] }
}

/** Of windows that surely hold something. */
function ofWindow({ inputs, params }: Op<'window'>): readonly SizeCondition[] {
  if (dims.compare(params.size, '>=', 1) !== 'yes') return []
  const size = inputs[0]?.type.shape[params.axis] ?? 1
  const span = dims.add(dims.mul(dims.sub(params.size, 1), params.dilation), 1)
  const message = ['the window is larger than what it slides over: ', span, ' on a padded size of ', size]
  return [{ rest: dims.sub(size, span), code: 'shape_window', message }]
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
