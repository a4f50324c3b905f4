// elements: host arrays <-> what kernels see, four bytes an element
//
// f32, i32 and u32 are stored as they are; bool and u8 as u32, i8 as i32, f16 and bf16 as f32.
import { arrayOf, codecOf, type DType, type TypedArray } from '@tsjit/host'

/** Bytes of an element on the device. */
export const ELEMENT_BYTES = 4

/** Returns the array that holds elements of this dtype as the device stores them. */
export function deviceArrayOf(dtype: DType): Float32ArrayConstructor | Int32ArrayConstructor | Uint32ArrayConstructor {
  return dtype === 'i32' || dtype === 'i8' ? Int32Array : /f/.test(dtype) ? Float32Array : Uint32Array
}

/** Returns the elements as the device stores them; the same array where nothing changes. */
export function toDevice(data: TypedArray, dtype: DType): TypedArray {
  const codec = codecOf(dtype)
  if (codec) return Float32Array.from(data, codec.decode)
  return data.BYTES_PER_ELEMENT === ELEMENT_BYTES ? data : deviceArrayOf(dtype).from(data)
}

/** Returns the elements as the app gets them; a view of the bytes where nothing changes. */
export function toHost(bytes: ArrayBuffer, dtype: DType): TypedArray {
  const type = arrayOf[dtype]
  const stored = new (deviceArrayOf(dtype))(bytes)
  if (type.BYTES_PER_ELEMENT === ELEMENT_BYTES) return stored
  const result = new type(stored.length)
  const encode = codecOf(dtype)?.encode
  result.set(encode ? Array.from(stored, encode) : stored)
  return result
}
