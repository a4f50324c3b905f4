// evaluate: all operations on plain values, for tests

import { bindOperations } from '../src/operations/bind-operations.ts'
import type { Operations } from '../src/operations/operations.ts'
import type { Builder } from '../src/primitives/builder.ts'
import { computePrimitive } from '../src/primitives/compute.ts'
import { type Computed, type Elements } from '../src/primitives/elements.ts'
import { inferType } from '../src/primitives/infer.ts'
import type { PrimitiveKind } from '../src/primitives/params.ts'
import type { DType } from '../src/types/dtype.ts'
import { type Shape, TensorBase } from '../src/types/tensor-type.ts'

/** A tensor with elements. */
export class Value extends TensorBase implements Computed {
  readonly dtype: DType
  readonly shape: number[]
  readonly data: Elements

  constructor({ dtype, shape, data }: Computed) {
    super()
    this.dtype = dtype
    this.shape = [...shape]
    this.data = data
  }
}

const values: Builder = {
  training: false,
  emit: (kind, inputs, params) => new Value(computePrimitive(kind, inputs.filter(isValue), params)),
}

const isValue = (x: TensorBase): x is Value => x instanceof Value

/** Every operation, computed at once. */
export const ops: Operations<Value, number> = bindOperations<Value, number>(values)

/** A tensor without elements, and the primitives that made it. */
export class Typed extends TensorBase {
  readonly dtype: DType
  readonly shape: Shape

  constructor(dtype: DType, shape: Shape) {
    super()
    this.dtype = dtype
    this.shape = shape
  }
}

/** Returns every operation on types alone, with a log of the primitives it applied. */
export function typed(): { readonly t: Operations<TensorBase, Shape[number]>; readonly kinds: PrimitiveKind[] } {
  const kinds: PrimitiveKind[] = []
  const builder: Builder = {
    training: false,
    emit: (kind, inputs, params) => {
      kinds.push(kind)
      const { dtype, shape } = inferType(kind, inputs, params)
      return new Typed(dtype, shape)
    },
  }
  return { t: bindOperations<TensorBase, Shape[number]>(builder), kinds }
}

/** Returns nested arrays of a value, truth values as booleans. */
export function nested(x: Value): unknown {
  const read = (axis: number, offset: number): unknown => {
    if (axis === x.shape.length) return x.dtype === 'bool' ? x.data[offset] !== 0 : x.data[offset]
    const step = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    return Array.from({ length: x.shape[axis] ?? 0 }, (_, i) => read(axis + 1, offset + i * step))
  }
  return read(0, 0)
}

/** Returns repeatable numbers between -2 and 2. */
export function noise(shape: readonly number[], seed = 1): Value {
  const length = shape.reduce((a, b) => a * b, 1)
  let state = seed
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 32) * 4 - 2
  })
  return new Value({ dtype: 'f32', shape, data })
}
