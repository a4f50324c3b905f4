// read-header: the header of a safetensors file -> the tensors that lie behind it
//
// The form of https://github.com/huggingface/safetensors: 8 bytes of header length, a JSON header, the elements without
// gaps. Nothing in a header is believed: sizes must add up here, shapes must be those of the model later. Of two equal
// names JSON.parse keeps the last, and the bytes of the first show up as a gap.

/** A tensor in a file: its elements lie at `begin` up to `end` behind the header. */
export interface FileTensor {
  readonly name: string
  /** As the file names it: `F32`, `BF16`, `I64`, … */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** What a header says of a tensor. */
export interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** Bytes in front of the header. */
export const LENGTH_BYTES = 8

/** Returns the header's length from the first 8 bytes; 0 where they cannot begin a file. */
export function readLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) return 0
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  return length > 1e8 ? 0 : length
}

/** Returns the tensors in the order of their bytes, or undefined where anything does not add up: `explainFile` says what. */
export function readHeader(bytes: Uint8Array): FileTensor[] | undefined {
  try {
    const { __metadata__: _, ...entries } = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<
      Record<string, HeaderEntry>
    >
    const tensors = Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]): FileTensor => {
        return { name, dtype, shape, begin, end }
      },
    )
    tensors.sort((a, b) => a.begin - b.begin || a.end - b.end)
    let at = 0
    const isSound = tensors.every(({ dtype, shape, begin, end }) => {
      const isNext = begin === at && Number.isSafeInteger(end)
      at = end
      return isNext && end - begin === shape.reduce((bits, size) => bits * size, bitsOf(dtype)) / 8
    })
    return isSound ? tensors : undefined
  } catch {
    return undefined
  }
}

/** Returns the bits of an element of a dtype of the format, which its name tells: `F32`, `BF16`, `F8_E4M3`; BOOL is a byte. */
export function bitsOf(dtype: string): number {
  return Number(/\d+/.exec(dtype)) || 8
}
