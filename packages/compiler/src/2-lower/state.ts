// state: `assign(buffer, value)` -> an output that goes to a weight

import { assignedValue } from '@tsjit/dsl/compiler'
import type { GraphOutput, GraphWeight } from '../ir/graph/graph.ts'
import { type Evaluation, type ModelState, spanOf, userSpan } from './evaluation.ts'
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
      if (declaration === undefined || !(stored instanceof GraphTensor)) return undefined
      const assignment = { value: stored, origin: recorder.origin }
      model.updates.set(declaration, [...(model.updates.get(declaration) ?? []), assignment])
      return undefined
    } catch (error) {
      const names = ['buffer', 'value']
      const argument = error instanceof Error && 'argument' in error ? names.indexOf(String(error.argument)) : -1
      return refuseOperation(evaluation, error, args, { node: site.args[argument] ?? site.node, args: [] })
    }
  })
}

/** Returns what a model assigns as outputs, in the order of its weights; warns of what another assignment replaces. */
export function updatesOf(
  evaluation: Evaluation,
  weights: readonly GraphWeight[],
  { updates, weights: tensors }: ModelState,
): readonly GraphOutput[] {
  const stored = new Map([...updates].map(([declaration, list]) => [tensors.get(declaration)?.value, list]))
  return weights.flatMap(({ path, value }, weight) => {
    const assigned = stored.get(value) ?? []
    const last = assigned.at(-1)
    for (const { origin } of assigned.slice(0, -1)) {
      const related = last && [{ message: 'replaced here', span: userSpan(evaluation, last.origin) }]
      evaluation.reporter.report(
        'model_assigned_twice',
        userSpan(evaluation, origin),
        { path },
        { related: related ?? [] },
      )
    }
    return last === undefined ? [] : [{ path: `@${path}`, value: last.value.value, weight }]
  })
}
