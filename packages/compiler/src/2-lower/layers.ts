// layers: `layer`, `param` and `buffer`, and calls of layers
//
// A layer's forward function receives its parts: weights as the tensors of the model at hand, layers as functions.

import type { Node } from '@babel/types'
import { WeightDeclaration, declareWeight, flattenWeights, mapTree } from '@tsjit/dsl/compiler'
import { describe } from './describe.ts'
import { type Evaluation, originAt, spanOf, userSpan } from './evaluation.ts'
import { refuseOperation } from './operations.ts'
import { refuse } from './report.ts'
import {
  Builtin,
  type CallSite,
  Closure,
  LayerValue,
  Poison,
  type Value,
  isObject,
  isPoisoned,
  poison,
} from './value.ts'

/** Evaluates `param(…)` and `buffer(…)`. */
export function createWeight(
  evaluation: Evaluation,
  role: 'param' | 'buffer',
  args: readonly Value[],
  site: CallSite,
): Value {
  if (args.some((arg) => isPoisoned(arg))) return poison
  try {
    const weight = declareWeight(role, args)
    evaluation.origins.set(weight, originAt(evaluation, spanOf(evaluation, site.node)))
    return weight
  } catch (error) {
    return refuseOperation(evaluation, error, args, site)
  }
}

/** Evaluates `layer(parts, forward)`. */
export function createLayer(evaluation: Evaluation, [parts, forward]: readonly Value[], site: CallSite): Value {
  if (parts instanceof Poison || forward instanceof Poison) return poison
  if (!(forward instanceof Closure) && !(forward instanceof Builtin)) {
    const params = { argument: 'forward', callee: 'layer', expected: 'a function', got: describe(forward) }
    return refuse(evaluation, site.args[1] ?? site.node, 'source_bad_argument', params)
  }
  if (!isPoisoned(parts) && !checkTree(evaluation, parts, site)) return poison
  const maker = evaluation.frames.at(-1)?.closure.name ?? ''
  const layer = new LayerValue(maker === '' ? 'layer' : maker, parts, forward)
  evaluation.origins.set(layer, originAt(evaluation, spanOf(evaluation, site.node)))
  return layer
}

function checkTree(evaluation: Evaluation, parts: Value, site: CallSite): boolean {
  try {
    flattenWeights(parts, { isFunction: isFunctionLeaf })
    return true
  } catch (error) {
    refuseOperation(evaluation, error, [], { node: site.args[0] ?? site.node, args: [] })
    return false
  }
}

/** Returns whether a leaf of a tree of layers is a function, which declares nothing. */
export function isFunctionLeaf(leaf: unknown): boolean {
  return leaf instanceof Closure || leaf instanceof Builtin || leaf instanceof Poison
}

/** Calls a layer: its forward function with its parts, then the arguments. */
export function callLayer(evaluation: Evaluation, layer: LayerValue, args: readonly Value[], site: Node): Value {
  const { model } = evaluation
  if (model === undefined) return refuse(evaluation, site, 'model_undeclared_layer', { callee: layer.name })
  model.calledLayers.add(layer)
  const known = model.received.get(layer)
  const parts = known ?? receivedParts(evaluation, layer.parts)
  if (parts === undefined || parts instanceof Poison) {
    if (known === undefined) {
      model.received.set(layer, poison)
      if (parts === undefined) refuseUndeclared(evaluation, layer, site)
    }
    return poison
  }
  if (known === undefined) model.received.set(layer, parts)
  return evaluation.parts.call(layer.forward, [parts, ...args], site)
}

function refuseUndeclared(evaluation: Evaluation, layer: LayerValue, site: Node): void {
  const origin = evaluation.origins.get(layer)
  const span = origin === undefined ? undefined : userSpan(evaluation, origin)
  const related = span === undefined ? [] : [{ message: 'it is made here', span }]
  refuse(evaluation, site, 'model_undeclared_layer', { callee: layer.name }, { related })
}

/** Returns a tree as forward functions receive it; undefined where a weight of it is not declared in the model. */
export function receivedParts(evaluation: Evaluation, parts: Value): Value {
  let isDeclared = true
  const received = mapTree(parts, (leaf) => {
    if (!(leaf instanceof WeightDeclaration)) return leaf
    const tensor = evaluation.model?.weights.get(leaf)
    isDeclared &&= tensor !== undefined
    return tensor
  })
  // mapTree keeps values values: weights become tensors, everything else stays
  const value = received as Value
  if (!isDeclared) return undefined
  if (isObject(value)) evaluation.sealed.set(value, 'this layer')
  return value
}
