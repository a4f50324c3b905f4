// recorder: primitives -> ops of a graph
//
// The compiled side of the builder that operations are defined against. Ops are kept in the order in which they are
// emitted; what nothing needs is left out when the graph is finished.

import {
  type Builder,
  type OperationName,
  type PrimitiveKind,
  type PrimitiveParams,
  type Result,
  type TensorBase,
  createApply,
  inferType,
} from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { createOp } from '../ir/graph/build.ts'
import type { AnyOp, Origin, TensorType, Value } from '../ir/graph/graph.ts'
import { GraphTensor } from './value.ts'

/** More ops than this are too many to unroll. */
export const MAX_OPS = 100_000

/** Records one graph. */
export class Recorder implements Builder {
  readonly training: boolean
  readonly ops: AnyOp[]
  /** What is recorded comes from here. */
  origin: Origin
  /** Applies an operation to arguments as written. Throws OperationError. */
  readonly apply: (name: OperationName, args: readonly unknown[]) => Result
  readonly #onLimit: () => never
  #count: number

  constructor(training: boolean, origin: Origin, onLimit: () => never, start: Recorder | undefined = undefined) {
    this.training = training
    this.origin = origin
    this.#onLimit = onLimit
    this.apply = createApply(this).apply
    this.ops = start === undefined ? [] : [...start.ops]
    this.#count = start === undefined ? 0 : start.#count
  }

  /** Returns a tensor that no op makes: an input or a weight. */
  source(type: TensorType): GraphTensor {
    return new GraphTensor(this.#value(type), this.origin)
  }

  emit<K extends PrimitiveKind>(kind: K, inputs: readonly TensorBase[], params: PrimitiveParams[K]): GraphTensor {
    const values = inputs.map((input) => {
      if (input instanceof GraphTensor) return input.value
      return internalError(`${kind} is given a tensor of another program`)
    })
    const result = this.#value(inferType(kind, inputs, params))
    if (this.ops.length >= MAX_OPS) this.#onLimit()
    this.ops.push(createOp(kind, values, params, result, this.origin))
    return new GraphTensor(result, this.origin)
  }

  #value({ dtype, shape }: TensorType): Value {
    this.#count += 1
    return { id: this.#count, type: { dtype, shape } }
  }
}
