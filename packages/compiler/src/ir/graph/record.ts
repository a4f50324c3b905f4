// record: primitives, branches and loops -> ops in order
//
// What everything that makes a graph op by op has in common. Ops of arms and loop bodies go to regions of their own.

import { type ControlBuilder, type LoopSpec, TensorBase, dims, inferType } from '@tsjit/dsl/compiler'
import type {
  AnyOp,
  Dim,
  GraphOp,
  LoopOp,
  Origin,
  PrimitiveKind,
  PrimitiveParams,
  Region,
  TensorType,
  Value,
} from './graph.ts'

/** Returns an op of a kind that is known at run time only. */
export function createOp<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly Value[],
  params: PrimitiveParams[K],
  result: Value,
  origin: Origin,
): AnyOp {
  // `Op<K>` for a kind K is a member of the union of all of them
  return { kind, inputs, params, result, origin } as unknown as AnyOp
}

/** A loop on values. */
export interface LoopParts extends Pick<LoopSpec, 'maximum' | 'isReversed'> {
  readonly init: readonly Value[]
  readonly count: Dim | Value | undefined
  readonly test?: ((carry: readonly Value[], index: Dim) => Value) | undefined
  /** Returns the next carry, then what is stacked. */
  readonly body: (carry: readonly Value[], index: Dim) => readonly Value[]
}

/** Records ops. */
export class OpRecorder {
  /** What is recorded comes from here. */
  origin: Origin
  /** Called before each op, with how many there are in all regions. */
  readonly #onOp: (recorded: number) => void
  /** Those of the region that is being recorded. */
  #ops: GraphOp[]
  #count: number
  /** Ops of all regions. */
  #recorded: number

  constructor(
    origin: Origin,
    { onOp = () => {}, start }: { onOp?: (recorded: number) => void; start?: OpRecorder } = {},
  ) {
    this.origin = origin
    this.#onOp = onOp
    this.#ops = start === undefined ? [] : [...start.ops]
    this.#count = start === undefined ? 0 : start.#count
    this.#recorded = start === undefined ? 0 : start.#recorded
  }

  get ops(): readonly GraphOp[] {
    return this.#ops
  }

  /** Returns a new value, which no op makes so far. */
  value({ dtype, shape }: TensorType): Value {
    this.#count += 1
    return { id: this.#count, type: { dtype, shape } }
  }

  /** Records one primitive. Throws OperationError when its type rule refuses the operands. */
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly Value[], params: PrimitiveParams[K]): Value {
    const types = inputs.map(({ type }) => type)
    const result = this.value(inferType(kind, types, params))
    this.#add(createOp(kind, inputs, params, result, this.origin))
    return result
  }

  /** Records all arms of a branch. */
  branch(index: Value, arms: readonly (() => readonly Value[])[]): readonly Value[] {
    const { origin } = this
    const regions = arms.map((arm) => this.#region([], arm))
    const results = (regions[0]?.results ?? []).map(({ type }) => this.value(type))
    this.#add({ kind: 'branch', inputs: [index], arms: regions, results, origin })
    return results
  }

  /** Records a loop, and returns the last carry, then the stacks. */
  loop({ init, count, maximum, test, body, isReversed = false }: LoopParts): readonly Value[] {
    const { origin } = this
    const given = isValue(count) ? count : undefined
    const turns = isValue(count) ? undefined : count
    this.#count += 1
    const below = turns ?? maximum
    // without turns nothing reads it
    const hasTurns = below !== undefined && below !== 0
    const counter = dims.symbol(`turn ${this.#count}`, { min: 0, ...(hasTurns ? { below } : {}) })
    const at = isReversed && turns !== undefined ? dims.sub(dims.sub(turns, 1), counter) : counter
    const params = init.map(({ type }) => this.value(type))
    const tested = test && this.#region(params, () => [test(params, counter)])
    const done = this.#region(params, () => body(params, at))
    const results = done.results.map(({ type }, i) =>
      this.value(i < init.length ? type : { dtype: type.dtype, shape: [turns ?? 0, ...type.shape] }),
    )
    const op: LoopOp = {
      kind: 'loop',
      inputs: given === undefined ? init : [...init, given],
      counter,
      count: given === undefined ? (turns ?? 'test') : 'tensor',
      maximum,
      test: tested,
      body: done,
      isReversed,
      at,
      results,
      origin,
    }
    this.#add(op)
    return results
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
    this.#onOp(this.#recorded)
    this.#recorded += 1
    this.#ops.push(op)
  }

  #region(params: readonly Value[], record: () => readonly Value[]): Region {
    const [outside, origin] = [this.#ops, this.origin]
    const ops: GraphOp[] = []
    this.#ops = ops
    try {
      return { params, ops, results: record() }
    } finally {
      this.#ops = outside
      this.origin = origin
    }
  }
}

/** What a builder of tensors needs to know of them. */
export interface TensorsOf<T extends TensorBase> {
  readonly training: boolean
  wrap(value: Value): T
  /** Throws where a tensor is not one of this graph's. */
  valueOf(tensor: TensorBase): Value
}

/** A builder whose tensors are of one class. */
export interface RecordingBuilder<T extends TensorBase> extends ControlBuilder {
  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): T
}

/** Returns a builder of tensors that stand for recorded values. */
export function builderOf<T extends TensorBase>(
  recorder: OpRecorder,
  { training, wrap, valueOf }: TensorsOf<T>,
): RecordingBuilder<T> {
  const values = (tensors: readonly TensorBase[]): readonly Value[] => tensors.map(valueOf)
  return {
    training,
    emit: (kind, inputs, params) => wrap(recorder.emit(kind, values(inputs), params)),
    branch(index, arms) {
      const inner = arms.map((arm) => () => values(arm()))
      return recorder.branch(valueOf(index), inner).map(wrap)
    },
    loop({ init, count, test, body, ...rest }) {
      const results = recorder.loop({
        ...rest,
        init: values(init),
        count: count instanceof TensorBase ? valueOf(count) : count,
        test: test && ((carry, index) => valueOf(test(carry.map(wrap), index))),
        body(carry, index) {
          const turn = body(carry.map(wrap), index)
          return values([...turn.carry, ...turn.stacked])
        },
      })
      const tensors = results.map(wrap)
      return { carry: tensors.slice(0, init.length), stacked: tensors.slice(init.length) }
    },
  }
}

function isValue(count: Dim | Value | undefined): count is Value {
  return typeof count === 'object' && 'id' in count && 'type' in count
}
