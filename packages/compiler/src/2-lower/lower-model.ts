// lower-model: a model -> its graph
//
// Inputs and weights become tensors without an op; the forward function is evaluated on them; what it returns becomes
// the outputs. Ops that no output needs are left out.

import type { Node } from '@babel/types'
import { type NamedWeight, type WeightDeclaration, absencesOf, flattenWeights } from '@tsjit/dsl/compiler'
import { SEED } from '@tsjit/host'
import { dimsOf } from '../ir/graph/build.ts'
import type { Graph, GraphInput, GraphOp, GraphWeight } from '../ir/graph/graph.ts'
import { dropDeadOps } from '../ir/graph/live.ts'
import { readsOf } from '../ir/graph/regions.ts'
import { Checks, reportsOf } from './checks.ts'
import { checkDims, checkWeights, unusedWeights } from './check-model.ts'
import { Abandon, type Evaluation, type ModelState, originAt, spanOf } from './evaluation.ts'
import { callForward, isStackOverflow, refuseCalls } from './functions.ts'
import { lowerInputs } from './inputs.ts'
import { isFunctionLeaf, receivedParts } from './layers.ts'
import { nodeAt } from './models.ts'
import { refuseOperation } from './operations.ts'
import { lowerOutputs } from './outputs.ts'
import { MAX_OPS, Recorder } from './recorder.ts'
import { refuse } from './report.ts'
import { renumber } from './renumber.ts'
import { giveUp } from './loops.ts'
import { updatesOf } from './state.ts'
import { Closure, type GraphTensor, type ModelValue, isPoisoned, poison } from './value.ts'

/**
 * Returns the graphs of a model: at first the one that takes all inputs, then those that lack optional ones. Where a
 * mistake leaves one without outputs, it is left out. `shared` holds what the modules themselves have recorded.
 */
export function lowerModel(
  evaluation: Evaluation,
  model: ModelValue,
  shared: Recorder,
  name: string,
): readonly Graph[] {
  const absences = absencesIn(evaluation, model)
  const found = absences.flatMap((absent) => lowerWithout(evaluation, model, shared, { name, absent }) ?? [])
  const unused = found.flatMap((each) => each.unused ?? [])
  if (unused.length === absences.length) checkWeights(evaluation, model.layers, unused)
  return found.map(({ graph }) => graph)
}

interface Lowered {
  readonly graph: Graph
  /** The weights that it does not use, where they are known. */
  readonly unused: ReadonlySet<WeightDeclaration> | undefined
}

interface ModelOptions {
  readonly name: string
  /** Paths of optional inputs that are absent. */
  readonly absent: ReadonlySet<string>
}

function absencesIn(evaluation: Evaluation, model: ModelValue): readonly ReadonlySet<string>[] {
  const before = evaluation.module
  evaluation.module = evaluation.program.modules.get(model.file) ?? before
  try {
    return absencesOf(model.inputs)
  } catch (error) {
    refuseOperation(evaluation, error, [], { node: nodeAt(configOf(model.site), ['inputs']), args: [] })
    return []
  } finally {
    evaluation.module = before
  }
}

function lowerWithout(
  evaluation: Evaluation,
  model: ModelValue,
  shared: Recorder,
  options: ModelOptions,
): Lowered | undefined {
  const before = { module: evaluation.module, recorder: evaluation.recorder }
  evaluation.module = evaluation.program.modules.get(model.file) ?? before.module
  const origin = originAt(evaluation, spanOf(evaluation, model.site))
  evaluation.recorder = new Recorder(evaluation.training, origin, () => giveUp(evaluation, MAX_OPS), shared)
  try {
    return lower(evaluation, model, options)
  } catch (error) {
    if (error instanceof Abandon) return undefined
    if (!isStackOverflow(error)) throw error
    refuseCalls(evaluation, evaluation.deepest ?? [])
    return undefined
  } finally {
    evaluation.module = before.module
    evaluation.recorder = before.recorder
    evaluation.model = undefined
    evaluation.checks = undefined
    evaluation.absent = []
    evaluation.frames = []
    evaluation.deepest = undefined
    evaluation.loops.length = 0
    evaluation.iterated.clear()
    evaluation.captured.length = 0
    evaluation.guesses = 0
  }
}

function lower(evaluation: Evaluation, model: ModelValue, { name, absent }: ModelOptions): Lowered | undefined {
  const config = configOf(model.site)
  evaluation.absent = [...absent].map((path) => ({
    message: `here \`${path}\` is absent from the call`,
    span: spanOf(evaluation, nodeAt(config, ['inputs', ...path.split('.')])),
  }))
  const { inputs, value: received } = lowerInputs(evaluation, model, nodeAt(config, ['inputs']), absent)
  checkRest(evaluation, model)
  const dims = dimsOf(inputs)
  const named = namedWeights(evaluation, model, nodeAt(config, ['layers']))
  const { weights, state } = lowerWeights(evaluation, named)
  evaluation.model = state
  evaluation.checks = evaluation.isChecked ? new Checks() : undefined
  const layers = receivedParts(evaluation, model.layers)
  const isKnown = named !== undefined && !isPoisoned(model.layers)
  const result = callForward(evaluation, model.forward, [received, isKnown ? layers : poison], model.site)
  const returned = lowerOutputs(evaluation, model, result)
  if (returned === undefined) return undefined
  const outputs = [...returned, ...reportsOf(evaluation), ...updatesOf(evaluation, weights, state)]
  const mode = evaluation.training ? 'train' : 'eval'
  const { hostCalls } = state
  const passed = hostCalls.flatMap(({ args }) => args)
  const ops = dropDeadOps(evaluation.recorder.ops, [...outputs.map(({ value }) => value), ...passed])
  const given = [...inputs, ...seedOf(evaluation, ops)]
  const { sites = [] } = evaluation.checks ?? {}
  const checks = sites.length === 0 ? {} : { checks: sites }
  const calls = hostCalls.length === 0 ? {} : { hostCalls }
  const graph = renumber({ name, mode, dims, inputs: given, weights, ops, outputs, ...checks, ...calls })
  checkDims(evaluation, graph)
  return {
    graph,
    unused: isKnown
      ? unusedWeights({ state, ops, wanted: [...outputs.map(({ value }) => value), ...passed] })
      : undefined,
  }
}

/** Returns the input for the seed of the run, where a draw is needed. */
function seedOf({ recorder }: Evaluation, ops: readonly GraphOp[]): readonly GraphInput[] {
  const { seed } = recorder
  if (seed === undefined || !ops.some((op) => readsOf(op).includes(seed.value))) return []
  return [{ path: SEED, value: seed.value, optional: false, origin: seed.origin }]
}

/** Returns the object literal of `model({ … })`. */
function configOf(site: Node): Node {
  return site.type === 'CallExpression' ? (site.arguments[0] ?? site) : site
}

function checkRest(evaluation: Evaluation, { forward }: ModelValue): void {
  const rest = forward instanceof Closure ? forward.node.params.find((each) => each.type === 'RestElement') : undefined
  if (rest !== undefined) refuse(evaluation, rest, 'source_rest_inputs', {})
}

function namedWeights(evaluation: Evaluation, model: ModelValue, node: Node): readonly NamedWeight[] | undefined {
  if (isPoisoned(model.layers)) return undefined
  try {
    return flattenWeights(model.layers, { isFunction: isFunctionLeaf })
  } catch (error) {
    // the path of what is wrong leads to its expression
    const path = error instanceof Error && 'params' in error ? pathOf(error.params) : ''
    const place = nodeAt(node, path.split('.'))
    refuseOperation(evaluation, error, [], { node: place, args: [] })
    return undefined
  }
}

function pathOf(params: unknown): string {
  const path: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'path') : ''
  return typeof path === 'string' ? path : ''
}

interface LoweredWeights {
  readonly weights: readonly GraphWeight[]
  readonly state: ModelState
}

function lowerWeights(evaluation: Evaluation, named: readonly NamedWeight[] | undefined): LoweredWeights {
  const weights: GraphWeight[] = []
  const tensors = new Map<WeightDeclaration, GraphTensor>()
  for (const { path, declaration } of named ?? []) {
    const { dtype, shape, init, role } = declaration
    const { recorder } = evaluation
    const origin = evaluation.origins.get(declaration) ?? recorder.origin
    const before = recorder.origin
    recorder.origin = origin
    const tensor = recorder.source({ dtype, shape })
    recorder.origin = before
    tensors.set(declaration, tensor)
    weights.push({ path, value: tensor.value, role, init, origin })
  }
  return {
    weights,
    state: { weights: tensors, received: new Map(), calledLayers: new Set(), hostCalls: [], updates: new Map() },
  }
}
