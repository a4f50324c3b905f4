// outputs: what `forward` returns -> named outputs
//
// A tensor by itself is named `output`; structures give dotted paths. A number becomes a scalar f32, a dimension too. Parts that are
// undefined are left out.

import type { Node } from '@babel/types'
import { dims, joinPath } from '@tsjit/dsl/compiler'
import type { GraphOutput } from '../ir/graph/graph.ts'
import { describe } from './describe.ts'
import { type Evaluation, spanOf } from './evaluation.ts'
import { returnedNode } from './functions.ts'
import { nodeAt } from './models.ts'
import { refuse, refuseAt } from './report.ts'
import { Closure, GraphTensor, type ModelValue, Poison, type Value, isObject } from './value.ts'

/** Returns the outputs, or undefined after reporting that there are none or that one is wrong. */
export function lowerOutputs(
  evaluation: Evaluation,
  model: ModelValue,
  result: Value,
): readonly GraphOutput[] | undefined {
  const before = evaluation.module
  const { forward } = model
  if (forward instanceof Closure) evaluation.module = evaluation.program.modules.get(forward.file) ?? before
  try {
    return flatten(evaluation, result, forward instanceof Closure ? returnedNode(forward) : model.site)
  } finally {
    evaluation.module = before
  }
}

function flatten(evaluation: Evaluation, result: Value, node: Node): readonly GraphOutput[] | undefined {
  if (result instanceof Poison) return undefined
  if (result === undefined) {
    const end = node.end ?? 0
    const span = { ...spanOf(evaluation, node), start: Math.max(node.start ?? 0, end - 1) }
    refuseAt(evaluation, span, 'source_no_return', { name: 'forward' })
    return undefined
  }
  const outputs: GraphOutput[] = []
  let isComplete = true
  const visit = (value: Value, path: string): void => {
    const tensor = asTensor(evaluation, value)
    if (tensor !== undefined) outputs.push({ path: path === '' ? 'output' : path, value: tensor.value })
    else if (Array.isArray(value)) value.forEach((item, index) => visit(item, joinPath(path, String(index))))
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(item, joinPath(path, key))
    else if (value instanceof Poison) isComplete = false
    else if (value !== undefined || path === '') {
      isComplete = false
      const place = path === '' ? node : nodeAt(node, path.split('.'))
      refuse(evaluation, place, 'model_bad_output', { path: path === '' ? 'output' : path, got: describe(value) })
    }
  }
  visit(result, '')
  if (isComplete && outputs.length === 0) {
    refuse(evaluation, node, 'model_bad_output', { path: 'output', got: describe(result) })
    return undefined
  }
  return isComplete ? outputs : undefined
}

/** Returns a number, truth value or dimension as a tensor; undefined for what is none. */
export function asTensor({ recorder }: Evaluation, value: Value): GraphTensor | undefined {
  if (value instanceof GraphTensor) return value
  if (typeof value === 'number') return recorder.emit('constant', [], { value, dtype: 'f32' })
  if (typeof value === 'boolean') return recorder.emit('constant', [], { value: Number(value), dtype: 'bool' })
  if (!dims.isDimExpression(value)) return undefined
  return recorder.emit('cast', [recorder.emit('dimension', [], { value })], { dtype: 'f32' })
}
