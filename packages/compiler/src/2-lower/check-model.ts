// check-model: what a lowered model still lacks
//
// Dimensions that no input gives a size, and declared weights that nothing uses.

import { WeightDeclaration, dims, flattenWeights, joinPath } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, GraphOutput, Origin } from '../ir/graph/graph.ts'
import { type Evaluation, type ModelState, userSpan } from './evaluation.ts'
import { isFunctionLeaf } from './layers.ts'
import { LayerValue, type Value, isObject } from './value.ts'

/** Reports `dim_unbound` for every dimension of the graph that no input has. */
export function checkDims(evaluation: Evaluation, graph: Graph): void {
  const bound = new Set(graph.dims.map(({ name }) => name))
  for (const op of graph.ops) {
    const sizes = op.kind === 'dimension' ? [op.params.value] : op.result.type.shape
    for (const { name } of sizes.flatMap((size) => dims.symbolsOf(size))) {
      if (bound.has(name)) continue
      bound.add(name)
      evaluation.reporter.report('dim_unbound', userSpan(evaluation, op.origin), { name })
    }
  }
}

/** What is known of the weights of a lowered model. */
export interface UsedWeights {
  /** The tree that declares them. */
  readonly layers: Value
  readonly state: ModelState
  readonly ops: readonly AnyOp[]
  readonly outputs: readonly GraphOutput[]
}

/** Warns of layers and parameters that nothing uses, each once at the outermost place that is wholly unused. */
export function checkWeights(evaluation: Evaluation, { layers, state, ops, outputs }: UsedWeights): void {
  const used = new Set([...ops.flatMap((op) => op.inputs.map(({ id }) => id)), ...outputs.map(({ value }) => value.id)])
  const isUsed = (weight: WeightDeclaration): boolean => {
    const tensor = state.weights.get(weight)
    // running state may serve one mode only
    return weight.role === 'buffer' || tensor === undefined || used.has(tensor.value.id)
  }
  const visit = (tree: Value, path: string): void => {
    const weights = tree instanceof WeightDeclaration ? [tree] : weightsOf(tree)
    if (weights.every(isUsed)) return
    const isOne = tree instanceof WeightDeclaration || tree instanceof LayerValue
    if (isOne && !weights.some((weight) => weight.role === 'param' && isUsed(weight))) {
      const origin: Origin | undefined = evaluation.origins.get(tree)
      if (origin !== undefined) evaluation.reporter.report('weight_unused', userSpan(evaluation, origin), { path })
      return
    }
    const parts = tree instanceof LayerValue ? tree.parts : tree
    if (Array.isArray(parts) || isObject(parts))
      for (const [key, part] of Object.entries(parts)) visit(part, joinPath(path, key))
  }
  visit(layers, '')
}

function weightsOf(tree: Value): readonly WeightDeclaration[] {
  return flattenWeights(tree, { isFunction: isFunctionLeaf }).map(({ declaration }) => declaration)
}
