// recorder: primitives -> ops of a graph
//
// The compiled side of the builder that operations are defined against. Ops are kept in the order in which they are
// emitted, those of arms and loop bodies in regions of their own; what nothing needs is left out when the graph is
// finished.

import {
  type Bound,
  type ControlBuilder,
  type Dim,
  LaneBuilder,
  type LoopResult,
  type LoopSpec,
  type OperationName,
  type PrimitiveKind,
  type PrimitiveParams,
  type Result,
  Streams,
  type TensorBase,
  createApply,
} from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { GraphOp, Origin, TensorType, Value } from '../ir/graph/graph.ts'
import { OpRecorder, type RecordingBuilder, builderOf } from '../ir/graph/record.ts'
import { GraphTensor } from './value.ts'

/** More ops than this are too many to unroll. */
export const MAX_OPS = 100_000

const SEED_TYPE: TensorType = { dtype: 'u32', shape: [2] }

/** Records one graph. */
export class Recorder implements ControlBuilder {
  readonly training: boolean
  /** Applies an operation to arguments as written. Throws OperationError. */
  readonly apply: (name: OperationName, args: readonly unknown[]) => Result
  /** What definitions are written with. */
  readonly bound: Bound
  #streams: Streams | undefined
  /** The lanes of the map that is being recorded. */
  #lanes: LaneBuilder | undefined
  #seed: GraphTensor | undefined
  readonly #ops: OpRecorder
  readonly #builder: RecordingBuilder<GraphTensor>

  constructor(training: boolean, origin: Origin, onLimit: () => never, start: Recorder | undefined = undefined) {
    this.training = training
    const onOp = (recorded: number): void => {
      if (recorded >= MAX_OPS) onLimit()
    }
    this.#ops = new OpRecorder(origin, { onOp, ...(start === undefined ? {} : { start: start.#ops }) })
    const wrap = (value: Value): GraphTensor => new GraphTensor(value, this.origin)
    this.#builder = builderOf(this.#ops, { training, wrap, valueOf })
    const { apply, bound } = createApply(this)
    this.apply = apply
    this.bound = bound
    this.#streams = start && new Streams(this.#builder.emit, () => (this.#seed ??= this.source(SEED_TYPE)))
  }

  /** What is recorded comes from here. */
  get origin(): Origin {
    return this.#ops.origin
  }

  set origin(origin: Origin) {
    this.#ops.origin = origin
  }

  get ops(): readonly GraphOp[] {
    return this.#ops.ops
  }

  /** The random draws of the program; what modules record has none. */
  get streams(): Streams | undefined {
    return this.#streams
  }

  /** The seed of the run, where something has asked for it. */
  get seed(): GraphTensor | undefined {
    return this.#seed
  }

  /** Returns a tensor that no op makes: an input or a weight. */
  source(type: TensorType): GraphTensor {
    return new GraphTensor(this.#ops.value(type), this.origin)
  }

  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): GraphTensor {
    if (this.#lanes === undefined) return this.#builder.emit(kind, inputs, params)
    // one that `source` has made, or that has been recorded
    return this.#lanes.emit(kind, inputs, params) as GraphTensor
  }

  branch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly TensorBase[] {
    return (this.#lanes ?? this.#builder).branch(index, arms)
  }

  loop(spec: LoopSpec): LoopResult {
    return (this.#lanes ?? this.#builder).loop(spec)
  }

  /** Runs `action` on so many lanes: what is recorded meanwhile is of all of them. */
  onLanes<T>(size: Dim, action: (lanes: LaneBuilder) => T): T {
    const [around, streams] = [this.#lanes, this.#streams]
    const below = around ?? this.#builder
    const lanes = new LaneBuilder(below, size, (type) => this.source(type))
    const number = lanes.lane(below.emit('iota', [], { length: size }))
    this.#streams = streams?.fork(lanes.emit.bind(lanes), number)
    this.#lanes = lanes
    try {
      return action(lanes)
    } finally {
      this.#lanes = around
      this.#streams = streams
    }
  }

  /** Runs `action` without keeping what it records. */
  discard<T>(action: () => T): T {
    return this.#ops.discard(action)
  }
}

function valueOf(tensor: TensorBase): Value {
  return tensor instanceof GraphTensor ? tensor.value : internalError('a tensor of another program')
}
