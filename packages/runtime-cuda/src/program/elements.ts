// elements: what a tensor takes on the device, where elements have their own size
import { arrayOf, sizeOf, type DType } from '@tsjit/host'

/** Returns the bytes of a tensor. */
export function bytesOfTensor(dtype: DType, shape: readonly number[]): number {
  return sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT
}

/** Buffers start at multiples of this, wherever several lie in one. */
export const ALIGNMENT = 256

/** Returns offsets for buffers of these sizes, one after another, and the end. */
export function offsetsOf(sizes: readonly number[]): { readonly offsets: readonly number[]; readonly end: number } {
  let end = 0
  const offsets = sizes.map((bytes) => {
    const at = end
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    return at
  })
  return { offsets, end }
}
