// builder: primitives on eager tensors
//
// Computes each primitive at once; in a probe it follows the type alone. In a map it goes to the lanes.

import type { Builder } from '../primitives/builder.ts'
import { computePrimitive } from '../primitives/compute.ts'
import type { Computed } from '../primitives/elements.ts'
import { inferType } from '../primitives/infer.ts'
import type { PrimitiveKind, PrimitiveParams } from '../primitives/params.ts'
import { Streams } from '../primitives/streams.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { EagerTensor } from './eager-tensor.ts'
import { currentScope } from './scope.ts'

/** Returns a builder of eager tensors for one mode. */
export function createBuilder(mode: { readonly training: boolean }): Builder {
  return {
    ...mode,
    emit: (kind, inputs, params) =>
      currentScope()?.lanes?.emit(kind, inputs, params) ?? emitEager(kind, inputs, params),
    get streams() {
      return currentScope()?.streams
    },
  }
}

/** Returns the random draws of a run with this seed, u32[2]. */
export function createStreams(seed: TensorBase): Streams {
  return new Streams(emitEager, () => seed)
}

/** Applies one primitive to tensors with elements, or to types in a probe. */
export function emitEager<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly TensorBase[],
  params: PrimitiveParams[K],
): EagerTensor {
  return emit(kind, inputs.map(requireEager), params)
}

function emit<K extends PrimitiveKind>(
  kind: K,
  inputs: readonly EagerTensor[],
  params: PrimitiveParams[K],
): EagerTensor {
  const { mode, time } = currentScope() ?? {}
  if (mode === 'probe') {
    const { dtype, shape } = inferType(kind, inputs, params)
    return new EagerTensor(dtype, shape.map(Number), undefined)
  }
  const computed = inputs.map(({ dtype, shape, elements }) => ({ dtype, shape, data: elements }))
  const compute = (): Computed => computePrimitive(kind, computed, params)
  const { dtype, shape, data } = time ? time(kind, compute) : compute()
  return new EagerTensor(dtype, shape, data)
}

function requireEager(tensor: TensorBase): EagerTensor {
  if (tensor instanceof EagerTensor) return tensor
  throw new Error('internal: an eager operation got a tensor of another backend')
}
