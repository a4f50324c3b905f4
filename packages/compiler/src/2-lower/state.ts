// state: `assign(buffer, value)` -> an output that goes to a weight

import { type WeightDeclaration, assignedValue } from '@tsjit/dsl/compiler'
import type { GraphOutput, GraphWeight } from '../ir/graph/graph.ts'
import { type Evaluation, spanOf } from './evaluation.ts'
import { emitRatio, recordAt, refuseOperation } from './operations.ts'
import { refuse } from './report.ts'
import { type CallSite, GraphTensor, Ratio, type Value, isPoisoned, poison } from './value.ts'

/** Evaluates `assign(buffer, value)`. */
export function assignBuffer(evaluation: Evaluation, args: readonly Value[], site: CallSite): Value {
  const { model, recorder } = evaluation
  const [buffer, given] = args
  if (args.some((arg) => isPoisoned(arg))) return poison
  if (model === undefined) return refuse(evaluation, site.node, 'model_not_running', { callee: 'assign' })
  if (recorder.streams?.isInside === true) return refuse(evaluation, site.node, 'model_assign_inside', {})
  const [declaration] = [...model.weights].find(([, tensor]) => tensor === buffer) ?? []
  return recordAt(evaluation, spanOf(evaluation, site.node), () => {
    try {
      const value = given instanceof Ratio ? emitRatio(evaluation, given) : given
      const stored = assignedValue(recorder.bound, declaration, value)
      if (declaration !== undefined && stored instanceof GraphTensor) model.updates.set(declaration, stored)
      return undefined
    } catch (error) {
      const names = ['buffer', 'value']
      const argument = error instanceof Error && 'argument' in error ? names.indexOf(String(error.argument)) : -1
      return refuseOperation(evaluation, error, args, { node: site.args[argument] ?? site.node, args: [] })
    }
  })
}

/** Returns what a model assigns as outputs, in the order of its weights. */
export function updatesOf(
  weights: readonly GraphWeight[],
  updates: ReadonlyMap<WeightDeclaration, GraphTensor>,
  tensors: ReadonlyMap<WeightDeclaration, GraphTensor>,
): readonly GraphOutput[] {
  const stored = new Map([...updates].map(([declaration, { value }]) => [tensors.get(declaration)?.value, value]))
  return weights.flatMap(({ path, value }, weight) => {
    const update = stored.get(value)
    return update === undefined ? [] : [{ path: `@${path}`, value: update, weight }]
  })
}
