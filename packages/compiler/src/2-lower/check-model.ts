// check-model: what a lowered model still lacks
//
// Dimensions that no input gives a size, and declared weights that nothing uses.

import { type Dim, WeightDeclaration, dims, flattenWeights, joinPath } from '@tsjit/dsl/compiler'
import type { Graph, GraphOp, Origin, Value as GraphValue } from '../ir/graph/graph.ts'
import { countersOf, primitivesOf, readsOf } from '../ir/graph/regions.ts'
import { type Evaluation, type ModelState, userSpan } from './evaluation.ts'
import { isFunctionLeaf } from './layers.ts'
import { type GraphTensor, LayerValue, type Value, isObject } from './value.ts'

/** Reports `dim_unbound` for every dimension of the graph that no input has. */
export function checkDims(evaluation: Evaluation, graph: Graph): void {
  const bound = new Set([...graph.dims.map(({ name }) => name), ...countersOf(graph.ops)])
  const check = (sizes: readonly Dim[], origin: Origin): void => {
    for (const { name } of sizes.flatMap((size) => dims.symbolsOf(size))) {
      if (bound.has(name)) continue
      bound.add(name)
      evaluation.reporter.report('dim_unbound', userSpan(evaluation, origin), { name }, { related: evaluation.absent })
    }
  }
  for (const { results, origin } of graph.hostCalls ?? [])
    for (const { value } of results) check(value.type.shape, origin)
  for (const op of primitivesOf(graph.ops))
    check(op.kind === 'dimension' ? [op.params.value] : op.result.type.shape, op.origin)
}

/** What a program is made of. */
export interface LoweredProgram {
  readonly state: ModelState
  readonly ops: readonly GraphOp[]
  /** What it gives, and what the host takes. */
  readonly wanted: readonly GraphValue[]
}

/** Returns the weights that a program does not use. */
export function unusedWeights({ state, ops, wanted }: LoweredProgram): ReadonlySet<WeightDeclaration> {
  const used = new Set([...ops.flatMap((op) => readsOf(op).map(({ id }) => id)), ...wanted.map(({ id }) => id)])
  // running state may serve one mode only
  const isUnused = ([weight, tensor]: readonly [WeightDeclaration, GraphTensor]): boolean =>
    weight.role !== 'buffer' && !used.has(tensor.value.id)
  return new Set([...state.weights].filter(isUnused).map(([weight]) => weight))
}

/** Warns of layers and parameters that no program uses, each once at the outermost place that is wholly unused. */
export function checkWeights(
  evaluation: Evaluation,
  layers: Value,
  [first, ...others]: readonly ReadonlySet<WeightDeclaration>[],
): void {
  const isUsed = (weight: WeightDeclaration): boolean =>
    first?.has(weight) !== true || others.some((unused) => !unused.has(weight))
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
