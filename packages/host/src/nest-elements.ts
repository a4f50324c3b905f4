// nest-elements: flat elements -> nested arrays
import type { DType } from './contract.ts'
import { decoderOf } from './dtype.ts'

/** Returns elements as nested arrays of numbers (booleans for bool): what `toArray` gives. */
export function nestElements(data: ArrayLike<number>, dtype: DType, shape: readonly number[]): unknown {
  const decode = dtype === 'bool' ? (value: number): boolean => value !== 0 : decoderOf(dtype)
  let at = 0
  const build = (axis: number): unknown => {
    const size = shape[axis]
    if (size !== undefined) return Array.from({ length: size }, () => build(axis + 1))
    const value = data[at++] ?? 0
    return decode ? decode(value) : value
  }
  return build(0)
}
