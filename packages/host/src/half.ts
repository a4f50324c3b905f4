// half: the bits of half-width floats <-> numbers
import type { DType } from './contract.ts'

/** How elements of a dtype are stored. */
export interface Codec {
  /** Returns the bits for a number, rounded to even. */
  readonly encode: (value: number) => number
  readonly decode: (stored: number) => number
}

/** The codecs of the dtypes whose elements are bits. */
export const halfCodecs: Readonly<Partial<Record<DType, Codec>>> = {
  f16: { encode: toHalf, decode: fromHalf },
  bf16: { encode: toBrain, decode: fromBrain },
}

/** Returns a function that stores a number as bits of the dtype (f16, bf16), or undefined for the others. */
export function encoderOf(dtype: DType): ((value: number) => number) | undefined {
  return halfCodecs[dtype]?.encode
}

/** Returns a function that reads a stored element of the dtype as a number, or undefined where it is one already. */
export function decoderOf(dtype: DType): ((stored: number) => number) | undefined {
  return halfCodecs[dtype]?.decode
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
