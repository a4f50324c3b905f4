// host: functions of the app in the middle of a model

import { type HostArray, type SlotData, type TypedArray, halfCodecs, readHostResults, useCodecs } from '@tsjit/host'
import { type HostResult, hostResultsOf, nestHostResults } from '../declare/host-signature.ts'
import type { Tensor, TensorLike } from '../operations/tensor.ts'
import { createElements } from '../primitives/elements.ts'
import { valueOf } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import { EagerTensor, encodedElements, fromHost } from './eager-tensor.ts'
import { type RunScope, currentScope } from './scope.ts'

export type { HostArray } from '@tsjit/host'

/** The elements of one tensor as a host function returns them: row-major or nested; a scalar may be a number. */
export type HostElements =
  | TypedArray
  | number
  | boolean
  | readonly HostElements[]
  | { readonly data: TypedArray; readonly shape: readonly number[] }

/** What a host function returns for a signature: elements in the place of every tensor. */
export type HostReturn<Signature> = Signature extends Tensor
  ? HostElements
  : { readonly [K in keyof Signature]: HostReturn<Signature[K]> }

/** What a model passes for the arrays that a host function takes. */
export type HostTensors<Arrays extends readonly HostArray[]> = { readonly [K in keyof Arrays]: TensorLike }

/**
 * Returns a function of tensors that calls `fn`, which is plain JavaScript, in the middle of the program: as
 * jax.pure_callback, and what torch.jit.unused leaves to Python. `fn` takes arrays (`{ dtype, shape, data }`), runs at
 * once, and returns elements as `signature` says: a type such as `f32(B, 4)`, or a structure of types. A compiled program is split
 * there: the device waits while values go to the host and back. It stands outside the closures of combinators, and has
 * no derivative. Throws flow_host_inside, model_not_running, model_host_result.
 */
export function host<Arrays extends readonly HostArray[], Signature>(
  fn: (...args: Arrays) => HostReturn<NoInfer<Signature>>,
  signature: Signature,
): (...args: HostTensors<Arrays>) => Signature {
  const results = hostResultsOf(signature)
  return (...args) => {
    const scope = currentScope()
    if (scope === undefined) return refuse('model_not_running', { callee: 'host' })
    if (scope.streams?.isInside === true) refuse('flow_host_inside', {})
    const shapes = results.map(({ declaration }) => declaration.shape.map((size) => valueOf(size, scope.dims)))
    const call = (): readonly TypedArray[] =>
      // the arrays are as many as there are arguments
      readHostResults(Reflect.apply(fn, undefined, args.map(arrayOf)), results.map(slotOf), shapes)
    return nestHostResults(signature, tensorsOf(scope, results, shapes, call)) as Signature
  }
}

function tensorsOf(
  { mode }: RunScope,
  results: readonly HostResult[],
  shapes: readonly (readonly number[])[],
  call: () => readonly TypedArray[],
): readonly EagerTensor[] {
  useCodecs(halfCodecs)
  const data = mode === 'probe' ? undefined : call()
  return results.map(({ declaration: { dtype } }, i) => {
    const [shape = [], elements] = [shapes[i], data?.[i]]
    return elements === undefined ? new EagerTensor(dtype, shape, undefined) : fromHost(dtype, shape, elements)
  })
}

function slotOf({ path, declaration: { dtype, shape } }: HostResult): SlotData {
  return [path, dtype, shape.map((size) => (typeof size === 'number' ? size : '?'))]
}

function arrayOf(value: unknown, index: number): HostArray {
  if (value instanceof EagerTensor) return { dtype: value.dtype, shape: [...value.shape], data: encodedElements(value) }
  if (typeof value === 'number' || typeof value === 'boolean') {
    const dtype = typeof value === 'boolean' ? 'bool' : 'f32'
    return { dtype, shape: [], data: createElements(dtype, 1).fill(Number(value)) }
  }
  const expected = 'a tensor or a number'
  const argument = `argument ${index + 1}`
  return refuse('source_bad_argument', { argument, callee: 'a host function', expected, got: typeof value })
}
