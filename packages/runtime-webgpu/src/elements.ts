// elements: host arrays <-> what kernels see, four bytes an element
//
// f32, i32 and u32 are stored as they are; bool and u8 as u32, i8 as i32, f16 and bf16 as f32.
import { arrayOf, decoderOf, encoderOf, type DType, type TypedArray } from '@tsjit/host'

/** Bytes of an element on the device. */
export const ELEMENT_BYTES = 4

/** Returns the elements as the device stores them. */
export function toDevice(data: TypedArray, dtype: DType): TypedArray {
  const decode = decoderOf(dtype)
  if (decode) return Float32Array.from(data, decode)
  if (data.BYTES_PER_ELEMENT === ELEMENT_BYTES) return data
  return dtype === 'i8' ? Int32Array.from(data) : Uint32Array.from(data)
}

/** Returns the elements as the app gets them, a view of the bytes where they are the same. */
export function toHost(bytes: ArrayBuffer, dtype: DType): TypedArray {
  const type = arrayOf[dtype]
  if (type.BYTES_PER_ELEMENT === ELEMENT_BYTES) return new type(bytes)
  const encode = encoderOf(dtype)
  const stored = encode ? new Float32Array(bytes) : dtype === 'i8' ? new Int32Array(bytes) : new Uint32Array(bytes)
  const result = new type(stored.length)
  for (let i = 0; i < stored.length; i++) result[i] = encode ? encode(stored[i] ?? 0) : (stored[i] ?? 0)
  return result
}
