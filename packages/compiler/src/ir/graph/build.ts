// build: makes small graphs, for tests and passes that start from nothing

import { type Operations, TensorBase, bindOperations, dims as dimensions } from '@tsjit/dsl/compiler'
import type {
  Dim,
  Graph,
  GraphDim,
  GraphInput,
  GraphOutput,
  GraphWeight,
  Origin,
  Shape,
  TensorType,
  Value,
} from './graph.ts'
import { OpRecorder, type RecordingBuilder, builderOf } from './record.ts'

/** A tensor of a graph that is being built. */
export class BuiltTensor extends TensorBase {
  readonly dtype: TensorType['dtype']
  readonly shape: Shape
  readonly value: Value

  constructor(value: Value) {
    super()
    this.dtype = value.type.dtype
    this.shape = value.type.shape
    this.value = value
  }
}

/** Builds a graph step by step. */
export interface GraphBuilder extends RecordingBuilder<BuiltTensor> {
  /** All operations of the DSL on tensors of this graph. */
  readonly operations: Operations<BuiltTensor, Dim>
  input(path: string, type: TensorType): BuiltTensor
  /** A learned weight, 0 until loaded. */
  weight(path: string, type: TensorType, role?: GraphWeight['role']): BuiltTensor
  /** Returns the graph with these outputs; a tensor by itself is named `output`. */
  finish(outputs: BuiltTensor | Readonly<Record<string, BuiltTensor>>): Graph
}

/** Returns the builder of an empty graph. */
export function createGraphBuilder(name: string = 'graph', mode: Graph['mode'] = 'eval'): GraphBuilder {
  const inputs: GraphInput[] = []
  const weights: GraphWeight[] = []
  const origin: Origin = { span: { file: `${name}.tsjit`, start: 0, end: 0 }, calls: [] }
  const recorder = new OpRecorder(origin)
  const builder = builderOf(recorder, {
    training: mode === 'train',
    wrap: (value) => new BuiltTensor(value),
    valueOf,
  })
  const tensor = (type: TensorType): BuiltTensor => new BuiltTensor(recorder.value(type))
  return {
    ...builder,
    operations: bindOperations<BuiltTensor, Dim>(builder),
    input(path, type) {
      const made = tensor(type)
      inputs.push({ path, value: made.value, optional: false, origin })
      return made
    },
    weight(path, type, role = 'param') {
      const made = tensor(type)
      weights.push({ path, value: made.value, role, init: { kind: 'constant', value: 0 }, origin })
      return made
    },
    finish(result) {
      const named = result instanceof BuiltTensor ? { output: result } : result
      const outputs: readonly GraphOutput[] = Object.entries(named).map(([path, { value }]) => ({ path, value }))
      return { name, mode, dims: dimsOf(inputs), inputs, weights, ops: recorder.ops, outputs }
    },
  }
}

/** Returns the dimensions of inputs, each once, in order of first appearance. */
export function dimsOf(inputs: readonly GraphInput[]): readonly GraphDim[] {
  const found = new Map<string, GraphDim>()
  for (const { value } of inputs)
    for (const symbol of value.type.shape.flatMap((size) => dimensions.symbolsOf(size))) {
      const { name, scale, min, max } = symbol
      if (found.has(name)) continue
      const options = { min: min * scale, max: max * scale, multipleOf: scale }
      found.set(name, { name, ...options, dim: dimensions.symbol(name, options) })
    }
  return [...found.values()]
}

function valueOf(tensor: TensorBase): Value {
  if (tensor instanceof BuiltTensor) return tensor.value
  throw new Error('internal: a tensor of another graph')
}
