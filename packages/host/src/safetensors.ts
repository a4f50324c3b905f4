// safetensors: bytes <-> named tensors
//
// The form of https://github.com/huggingface/safetensors: 8 bytes of header length, a JSON header, the elements without
// gaps. Nothing in a header is believed: what does not add up throws `weight_invalid_file`.
import { sizeOf } from './dtype.ts'
import { invalid } from './errors.ts'

/** A tensor in a file: its elements lie at `begin` up to `end` behind the header. */
export interface FileTensor {
  readonly name: string
  /** As the file names it: `F32`, `BF16`, `I64`, … */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** A file that lies in memory. */
export interface SafetensorsFile {
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[]
  readonly metadata: Readonly<Record<string, string>>
  /** Returns the bytes of a tensor, a view of the file. */
  bytesOf(tensor: FileTensor): Uint8Array
}

/** A tensor for `writeSafetensors`. */
export interface TensorToWrite {
  /** As the file names it: `F32`, … */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: ArrayBufferView
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly tensors: readonly FileTensor[]
  readonly metadata: Readonly<Record<string, string>>
  /** Bytes behind the header. */
  readonly dataBytes: number
}

/** Bytes an element of each dtype of the format. */
export const fileWidths: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}

const LENGTH_BYTES = 8
const LARGEST_HEADER = 100_000_000

/** Returns the tensors of a file in memory. Throws `weight_invalid_file` where the file is cut off or contradicts itself. */
export function readSafetensors(file: ArrayBuffer | ArrayBufferView): SafetensorsFile {
  const bytes = viewOf(file)
  const length = readLength(bytes)
  const header = readHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), length)
  const start = LENGTH_BYTES + length
  const rest = bytes.length - start
  if (rest !== header.dataBytes)
    throw invalid(`there are ${rest} bytes of elements where the header says ${header.dataBytes}`)
  return {
    tensors: header.tensors,
    metadata: header.metadata,
    bytesOf: ({ begin, end }) => bytes.subarray(start + begin, start + end),
  }
}

/** Returns the header's length from the first 8 bytes. */
export function readLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) throw invalid(`it ends after ${bytes.length} bytes`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length < 2 || length > LARGEST_HEADER) {
    const text = String.fromCharCode(...bytes.subarray(0, LENGTH_BYTES)).replace(/[^ -~]/g, '.')
    throw invalid(`it is not safetensors; it begins with \`${text}\``)
  }
  return length
}

/** Returns what a header of this length says, in the order of the bytes. */
export function readHeader(bytes: Uint8Array, length: number): SafetensorsHeader {
  if (bytes.length < length) throw invalid(`it ends within the header, which has ${length} bytes`)
  const { text, json } = parseHeader(bytes)
  const tensors = Object.entries(json)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
  // JSON.parse keeps the last of two equal keys and says nothing.
  const named = text.match(/(?<!\\)"data_offsets"\s*:\s*\[/g)?.length ?? 0
  if (named !== tensors.length) throw invalid('a name occurs twice')
  let dataBytes = 0
  for (const { name, begin, end } of tensors) {
    if (begin !== dataBytes)
      throw invalid(`\`${name}\` begins at byte ${begin}, not at ${dataBytes}: a gap or an overlap`)
    dataBytes = end
  }
  return {
    tensors,
    metadata: isRecord(json['__metadata__']) ? (json['__metadata__'] as Record<string, string>) : {},
    dataBytes,
  }
}

/** Returns the bytes of a file that holds these tensors. */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  // Wide elements first keeps every tensor aligned to its element.
  const width = ({ dtype }: TensorToWrite): number => fileWidths[dtype] ?? 1
  const sorted = Object.entries(tensors).sort(([, a], [, b]) => width(b) - width(a))
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  let end = 0
  for (const [name, tensor] of sorted) {
    const { dtype, shape, data } = tensor
    const bytes = sizeOf(shape) * width(tensor)
    if (bytes !== data.byteLength)
      throw invalid(`\`${name}\` has ${data.byteLength} bytes for ${dtype}[${shape.join(', ')}]`)
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes)] }
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + length + end).fill(32, LENGTH_BYTES, LENGTH_BYTES + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + length
  for (const [, { data }] of sorted) {
    file.set(viewOf(data), at)
    at += data.byteLength
  }
  return file
}

/** Returns the bytes that a buffer or view covers. */
export function viewOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}

function parseHeader(bytes: Uint8Array): { readonly text: string; readonly json: Readonly<Record<string, unknown>> } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const json: unknown = JSON.parse(text)
    if (isRecord(json)) return { text, json }
  } catch (cause) {
    throw invalid('its header is not JSON', cause)
  }
  throw invalid('its header is not a JSON object')
}

function readEntry(name: string, entry: unknown): FileTensor {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {}
  if (typeof dtype !== 'string' || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) {
    throw invalid(`the header says nothing valid of \`${name}\``)
  }
  const [begin = 0, end = 0] = offsets
  const bytes = sizeOf(shape) * (fileWidths[dtype] ?? NaN)
  // An unknown dtype is an error only where the model wants the tensor.
  if (end < begin || (end - begin !== bytes && !Number.isNaN(bytes))) {
    throw invalid(`\`${name}\` has ${end - begin} bytes for ${dtype}[${shape.join(', ')}]`)
  }
  return { name, dtype, shape, begin, end }
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
