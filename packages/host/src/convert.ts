// convert: elements as a file stores them -> elements of the dtype the model declares
//
// Floats of another width are converted; integers and truth values must fit exactly.
import type { DType, TypedArray } from './contract.ts'
import { decoderOf, encoderOf } from './half.ts'

/**
 * Fills `result` with the elements in the model's dtype, and returns the first value that does not fit. Call it only for
 * what `isConvertible` allows.
 */
export function convertElements(
  bytes: Uint8Array,
  from: string,
  to: DType,
  result: TypedArray,
): number | bigint | undefined {
  const type = storageOf(from)
  const whole = bytes.byteOffset % type.BYTES_PER_ELEMENT ? bytes.slice() : bytes
  const stored = new type(whole.buffer, whole.byteOffset, whole.length / type.BYTES_PER_ELEMENT)
  const decode = decoderOf(from.toLowerCase() as DType)
  const encode = encoderOf(to)
  const isExact = /^[^BF]|L$/.test(from)
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i] ?? 0
    const number = decode ? decode(Number(value)) : Number(value)
    result[i] = encode ? encode(number) : number
    if (isExact && (result[i] !== number || (to === 'bool' && number > 1))) return value
  }
  return undefined
}

interface Storage {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayLike<number | bigint>
}

function storageOf(dtype: string): Storage {
  if (dtype === 'F64') return Float64Array
  if (dtype === 'I64') return BigInt64Array
  if (dtype === 'U64') return BigUint64Array
  if (dtype === 'F32') return Float32Array
  if (dtype === 'I32') return Int32Array
  if (dtype === 'U32') return Uint32Array
  if (dtype === 'I16') return Int16Array
  if (dtype === 'I8') return Int8Array
  return /16/.test(dtype) ? Uint16Array : Uint8Array
}
