// nest-elements: flat elements -> nested arrays
import type { DType } from './contract.ts'
import { decoderOf } from './half.ts'
import { nest } from './nest.ts'

/** Returns elements as nested arrays of numbers (booleans for bool): what `toArray` gives. */
export function nestElements(data: ArrayLike<number>, dtype: DType, shape: readonly number[]): unknown {
  return nest(data, shape, dtype === 'bool' ? Boolean : decoderOf(dtype))
}
