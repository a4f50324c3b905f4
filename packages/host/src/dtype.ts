// dtype: element types -> the arrays that hold them
//
// The bits of half-width floats are another file, which models without them never load.
import type { DType, TypedArray } from './contract.ts'
import type { Codec, halfCodecs } from './half.ts'

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
  new (elements: ArrayLike<number>): TypedArray
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

const loaded: { codecs: typeof halfCodecs | undefined } = { codecs: undefined }

/** Loads what f16 and bf16 need where any of these dtypes is one of them. */
export async function loadCodecs(dtypes: readonly DType[]): Promise<void> {
  if (/f16/.test(dtypes.join())) loaded.codecs = (await import('./other-weights.ts')).halfCodecs
}

/** The same for code that has them at hand. */
export function useCodecs(codecs: typeof halfCodecs): void {
  loaded.codecs = codecs
}

/** Returns how elements of a dtype are stored, undefined where they are numbers. Of the dtypes that `loadCodecs` was told of. */
export function codecOf(dtype: DType): Codec | undefined {
  return loaded.codecs?.[dtype]
}
