// compute: the CPU meaning of every primitive
//
// Takes elements, gives elements; dimensions in parameters must have values by now. f16 and bf16 are computed in f32
// and rounded to storage.

import { contract, reduce } from './compute-contract.ts'
import { type Compute, elementwise } from './compute-elementwise.ts'
import { movement } from './compute-movement.ts'
import { type Computed, createElements, roundToStorage } from './elements.ts'
import { inferType } from './infer.ts'
import type { PrimitiveKind, PrimitiveParams } from './params.ts'

/** The CPU meaning, by kind: from elements and the result's type to the result's elements. */
export const compute: { readonly [K in PrimitiveKind]: Compute<K> } = {
  constant: (_, { value, dtype }) => createElements(dtype, 1).fill(value),
  literal: (_, { data, dtype }) => {
    const out = createElements(dtype, data.length)
    if (dtype === 'bool') for (const [i, value] of data.entries()) out[i] = value === 0 ? 0 : 1
    else out.set(data)
    return out
  },
  iota: (_, { length }) => {
    const out = createElements('i32', Number(length))
    for (let i = 0; i < out.length; i++) out[i] = i
    return out
  },
  dimension: (_, { value }) => createElements('i32', 1).fill(Number(value)),
  ...elementwise,
  ...movement,
  reduce,
  contract,
}

/** Applies a primitive to elements. Throws OperationError where the type rule does, RangeError for a size without a value. */
export function computePrimitive<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly Computed[],
  params: PrimitiveParams[K],
): Computed {
  const type = inferType(kind, inputs, params)
  const shape = type.shape.map((size) => {
    const value = Number(size)
    if (!Number.isInteger(value)) throw new RangeError(`${kind} needs sizes with values`)
    return value
  })
  const result = { dtype: type.dtype, shape }
  const data = compute[kind](inputs, params, result)
  // a reshape shares its operand's elements, which are rounded already
  return { ...result, data: inputs.some((x) => x.data === data) ? data : roundToStorage(type.dtype, data) }
}
