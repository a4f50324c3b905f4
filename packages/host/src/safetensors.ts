// safetensors: a file in memory <-> named tensors, for tools
import { TsjitError } from './errors.ts'
import { sizeOf } from './dtype.ts'
import { encodeSafetensors, type TensorToWrite } from './encode-safetensors.ts'
import { explainFile } from './explain-file.ts'
import { LENGTH_BYTES, readHeader, readLength, bitsOf, type FileTensor } from './read-header.ts'

/** A file that lies in memory. */
export interface SafetensorsFile {
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[]
  readonly metadata: Readonly<Record<string, string>>
  /** Returns the bytes of a tensor, a view of the file. */
  bytesOf(tensor: FileTensor): Uint8Array
}

/** Returns the tensors of a file in memory. Throws `weight_invalid_file` where the file is cut off or contradicts itself. */
export function readSafetensors(file: ArrayBuffer | ArrayBufferView): SafetensorsFile {
  const bytes = viewOf(file)
  const start = LENGTH_BYTES + readLength(bytes)
  const header = bytes.subarray(LENGTH_BYTES, start)
  const problem = explainFile(bytes.subarray(0, LENGTH_BYTES), header, bytes.length - start)
  const tensors = problem === undefined && readHeader(header)
  if (!tensors) throw invalid(String(problem))
  const { __metadata__: metadata = {} } = JSON.parse(new TextDecoder().decode(header)) as Metadata
  return { tensors, metadata, bytesOf: (tensor) => bytes.subarray(start + tensor.begin, start + tensor.end) }
}

/** Returns the bytes of a file that holds these tensors. */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    if ((sizeOf(shape) * bitsOf(dtype)) / 8 === data.byteLength) continue
    throw invalid(`\`${name}\` has ${data.byteLength} bytes for ${dtype}[${shape.join(', ')}]`)
  }
  // Wide elements first keeps every tensor aligned to its element.
  const sorted = Object.entries(tensors).sort(([, a], [, b]) => bitsOf(b.dtype) - bitsOf(a.dtype))
  return encodeSafetensors(sorted, metadata)
}

interface Metadata {
  readonly __metadata__?: Readonly<Record<string, string>>
}

function viewOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}

function invalid(message: string): TsjitError {
  return new TsjitError('weight_invalid_file', `not a sound safetensors file: ${message}`)
}
