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
  TensorBase,
  createApply,
  dims,
  inferType,
} from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { createOp } from '../ir/graph/build.ts'
import type { GraphOp, LoopOp, Origin, Region, TensorType, Value } from '../ir/graph/graph.ts'
import { GraphTensor } from './value.ts'

/** More ops than this are too many to unroll. */
export const MAX_OPS = 100_000

const SEED_TYPE: TensorType = { dtype: 'u32', shape: [2] }

/** Records one graph. */
export class Recorder implements ControlBuilder {
  readonly training: boolean
  /** What is recorded comes from here. */
  origin: Origin
  /** Applies an operation to arguments as written. Throws OperationError. */
  readonly apply: (name: OperationName, args: readonly unknown[]) => Result
  /** What definitions are written with. */
  readonly bound: Bound
  #streams: Streams | undefined
  /** The lanes of the map that is being recorded. */
  #lanes: LaneBuilder | undefined
  #seed: GraphTensor | undefined
  readonly #onLimit: () => never
  /** Those of the region that is being recorded. */
  #ops: GraphOp[]
  #count: number
  /** Ops of all regions. */
  #recorded: number

  constructor(training: boolean, origin: Origin, onLimit: () => never, start: Recorder | undefined = undefined) {
    this.training = training
    this.origin = origin
    this.#onLimit = onLimit
    const { apply, bound } = createApply(this)
    this.apply = apply
    this.bound = bound
    this.#streams = start && new Streams(this.#record.bind(this), () => (this.#seed ??= this.source(SEED_TYPE)))
    this.#ops = start === undefined ? [] : [...start.ops]
    this.#count = start === undefined ? 0 : start.#count
    this.#recorded = start === undefined ? 0 : start.#recorded
  }

  get ops(): readonly GraphOp[] {
    return this.#ops
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
    return new GraphTensor(this.#value(type), this.origin)
  }

  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): GraphTensor {
    if (this.#lanes === undefined) return this.#record(kind, inputs, params)
    // one that `source` has made, or that has been recorded
    return this.#lanes.emit(kind, inputs, params) as GraphTensor
  }

  branch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly TensorBase[] {
    return (this.#lanes ?? this.#plain()).branch(index, arms)
  }

  loop(spec: LoopSpec): LoopResult {
    return (this.#lanes ?? this.#plain()).loop(spec)
  }

  /** Runs `action` on so many lanes: what is recorded meanwhile is of all of them. */
  onLanes<T>(size: Dim, action: (lanes: LaneBuilder) => T): T {
    const [around, streams] = [this.#lanes, this.#streams]
    const below = around ?? this.#plain()
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

  /** What records, below all maps. */
  #plain(): ControlBuilder {
    return {
      training: this.training,
      emit: (kind, inputs, params) => this.#record(kind, inputs, params),
      branch: (index, arms) => this.#recordBranch(index, arms),
      loop: (spec) => this.#recordLoop(spec),
    }
  }

  #record<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): GraphTensor {
    const result = this.#value(inferType(kind, inputs, params))
    this.#add(createOp(kind, inputs.map(valueOf), params, result, this.origin))
    return new GraphTensor(result, this.origin)
  }

  #recordBranch(index: TensorBase, arms: readonly (() => readonly TensorBase[])[]): readonly GraphTensor[] {
    const { origin } = this
    const regions = arms.map((arm) => this.#region([], arm))
    const results = (regions[0]?.results ?? []).map(({ type }) => this.#value(type))
    this.#add({ kind: 'branch', inputs: [valueOf(index)], arms: regions, results, origin })
    return results.map((value) => new GraphTensor(value, origin))
  }

  #recordLoop({ init, count, maximum, test, body, isReversed = false }: LoopSpec): LoopResult {
    const { origin } = this
    const isDevice = count instanceof TensorBase
    const turns = isDevice ? undefined : count
    this.#count += 1
    const below = turns === undefined || turns === 0 ? maximum : turns // without turns nothing reads it
    const counter = dims.symbol(`turn ${this.#count}`, { min: 0, ...(below === undefined ? {} : { below }) })
    const at = isReversed && turns !== undefined ? dims.sub(dims.sub(turns, 1), counter) : counter
    const inits = init.map(valueOf)
    const types = inits.map(({ type }) => type)
    const params = types.map((type) => this.source(type))
    const tested = test && this.#region(params, () => [test(params, counter)])
    const done = this.#region(params, () => {
      const turn = body(params, at)
      return [...turn.carry, ...turn.stacked]
    })
    const results = done.results.map(({ type }, i) =>
      this.#value(i < types.length ? type : { dtype: type.dtype, shape: [turns ?? 0, ...type.shape] }),
    )
    const op: LoopOp = {
      kind: 'loop',
      inputs: isDevice ? [...inits, valueOf(count)] : inits,
      counter,
      count: isDevice ? 'tensor' : (turns ?? 'test'),
      maximum,
      test: tested,
      body: done,
      isReversed,
      at,
      results,
      origin,
    }
    this.#add(op)
    const tensors = results.map((value) => new GraphTensor(value, origin))
    return { carry: tensors.slice(0, types.length), stacked: tensors.slice(types.length) }
  }

  /** Runs `action` without keeping what it records. */
  discard<T>(action: () => T): T {
    const [ops, recorded] = [this.#ops, this.#recorded]
    this.#ops = []
    try {
      return action()
    } finally {
      this.#ops = ops
      this.#recorded = recorded
    }
  }

  #add(op: GraphOp): void {
    if (this.#recorded >= MAX_OPS) this.#onLimit()
    this.#recorded += 1
    this.#ops.push(op)
  }

  #region(params: readonly GraphTensor[], record: () => readonly TensorBase[]): Region {
    const outside = this.#ops
    const ops: GraphOp[] = []
    this.#ops = ops
    try {
      const results = record().map(valueOf)
      return { params: params.map(({ value }) => value), ops, results }
    } finally {
      this.#ops = outside
    }
  }

  #value({ dtype, shape }: TensorType): Value {
    this.#count += 1
    return { id: this.#count, type: { dtype, shape } }
  }
}

function valueOf(tensor: TensorBase): Value {
  return tensor instanceof GraphTensor ? tensor.value : internalError('a tensor of another program')
}
