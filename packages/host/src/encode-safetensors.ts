// encode-safetensors: named tensors -> the bytes of a file, in the order given
//
// Needs nothing that every page has, so that a page which saves loads this alone.

/** A tensor for `writeSafetensors`. */
export interface TensorToWrite {
  /** As the file names it: `F32`, … */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: ArrayBufferView
}

/** The bytes of the length before the header. */
const LENGTH = 8

/** Returns the bytes of a file. The tensors hold as many bytes as their types say. */
export function encodeSafetensors(
  tensors: readonly (readonly [name: string, tensor: TensorToWrite])[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  let end = 0
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / LENGTH) * LENGTH
  const file = new Uint8Array(LENGTH + length + end).fill(32, LENGTH, LENGTH + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(text, LENGTH)
  let at = LENGTH + length
  for (const [, { data }] of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}
