// dtype: element types -> the arrays that hold them, and the bits of half-width floats
import type { DType, TypedArray } from './contract.ts'

/** The array that holds elements of each dtype on the host: f16 and bf16 as bits, bool as 0 and 1. */
export const arrayOf: Readonly<Record<DType, ArrayConstructorOf>> = {
  f32: Float32Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i8: Int8Array,
  u8: Uint8Array,
  bool: Uint8Array,
}

/** What all typed array constructors share. */
export interface ArrayConstructorOf {
  readonly BYTES_PER_ELEMENT: number
  readonly name: string
  new (length: number): TypedArray
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray
}

/** Returns the number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Returns the bytes of tensors of a dtype and shape each. */
export function bytesOf(
  tensors: readonly (readonly [name: string, dtype: DType, shape: readonly number[], ...unknown[]])[],
): number {
  return tensors.reduce((sum, [, dtype, shape]) => sum + sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT, 0)
}

/** Returns a function that stores a number as bits of the dtype (f16, bf16, rounded to even), or undefined for the others. */
export function encoderOf(dtype: DType): ((value: number) => number) | undefined {
  return dtype === 'f16' ? toHalf : dtype === 'bf16' ? toBrain : undefined
}

/** Returns a function that reads a stored element of the dtype as a number, or undefined where it is one already. */
export function decoderOf(dtype: DType): ((stored: number) => number) | undefined {
  return dtype === 'f16' ? fromHalf : dtype === 'bf16' ? fromBrain : undefined
}

const float = /* @__PURE__ */ new Float32Array(1)
const word = /* @__PURE__ */ new Uint32Array(/* @__PURE__ */ (() => float.buffer)())

function bitsOf(value: number): number {
  float[0] = value
  return word[0] ?? 0
}

function fromBrain(stored: number): number {
  word[0] = stored << 16
  return float[0] ?? 0
}

function toBrain(value: number): number {
  const bits = bitsOf(value)
  return Number.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

// Shifted into place, the bits are the float but for 2 ** 112; the exponent of infinity and NaN has to be put right.
function fromHalf(stored: number): number {
  const size = stored & 0x7fff
  word[0] = (size << 13) | ((stored & 0x8000) << 16)
  if (size < 0x7c00) return (float[0] ?? 0) * 2 ** 112
  word[0] |= 0x7f800000
  return float[0] ?? 0
}

function toHalf(value: number): number {
  const bits = bitsOf(value)
  const sign = (bits >>> 16) & 0x8000
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65520) return sign | 0x7c00
  const exponent = Math.max(-14, ((bits >>> 23) & 255) - 127)
  // Adding and taking away 1.5 * 2^52 rounds to a whole number, ties to even.
  const rounded = size / 2 ** (exponent - 10) + 6755399441055744 - 6755399441055744
  return sign | (((exponent + 14) << 10) + rounded)
}
