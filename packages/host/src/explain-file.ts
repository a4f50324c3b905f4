// explain-file: a safetensors file that cannot be right -> what is wrong with it
//
// Shares no code with `readHeader`, so that pages that never meet such a file load none of this.

import { nameOf } from './explain-options.ts'

/**
 * Returns what is wrong with a file, given its first 8 bytes, the bytes of the header as far as there are any, and where
 * known how many bytes follow; undefined where nothing is.
 */
export function explainFile(head: Uint8Array, header: Uint8Array, rest?: number): string | undefined {
  const beginning = String.fromCharCode(...head).replace(/[^ -~]/g, '.')
  const kind = beginnings.find(([pattern]) => pattern.test(beginning))?.[1]
  if (kind) return `it is not safetensors; it begins with \`${beginning}\`: ${kind}`
  if (head.length === 0) return 'it ends after 0 bytes: it is empty'
  if (head.length < 8) return `it ends after ${head.length} bytes`
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true))
  if (length > 1e8) return `it is not safetensors; it begins with \`${beginning}\``
  if (header.length < length) return `it ends within the header, which has ${length} bytes`
  const text = new TextDecoder().decode(header)
  const entries = parse(text)
  if (!entries) return 'its header is not a JSON object'
  const tensors = Object.entries(entries).filter(([name]) => name !== '__metadata__')
  // JSON.parse keeps the last of two equal names and says nothing.
  const described = text.match(/(?<!\\)"data_offsets"\s*:\s*\[/g)?.length ?? 0
  if (described > tensors.length) return 'a name occurs twice'
  const problem = explainEntries(tensors)
  if (typeof problem === 'string') return problem
  if (rest === undefined || rest === problem) return undefined
  return `there are ${rest} bytes of elements where the header says ${problem}: it is cut off, or not whole yet`
}

// What files that people take for weights begin with, and what to do about them.
const beginnings: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [
    /^\s*<(!doctyp|html|!--|\?xml|head|body)/i,
    'a web page; the address leads to a page, or to an error, not to the file',
  ],
  [/^PK\.\./, 'a zip, as torch.save writes it; save with `safetensors.torch.save_file(model.state_dict(), path)`'],
  [/^version $/, 'a pointer of Git LFS; `git lfs pull` fetches the file'],
  [/^\s*[{[]["\s]/, 'JSON; the address of an index of shards must end with `.index.json`'],
]

// What is wrong, or where the elements end.
function explainEntries(entries: readonly (readonly [string, unknown])[]): string | number {
  const tensors = []
  for (const [name, entry] of entries) {
    const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {}
    if (typeof dtype !== 'string' || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) {
      return `the header says nothing valid of \`${name}\`: ${nameOf(entry)}`
    }
    tensors.push({ name, dtype, shape, begin: offsets[0] ?? 0, end: offsets[1] ?? 0 })
  }
  let at = 0
  for (const { name, dtype, shape, begin, end } of tensors.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) return `\`${name}\` begins at byte ${begin}, not at ${at}: a gap or an overlap`
    const bits = Number(/\d+/.exec(dtype)) || 8
    const bytes = shape.reduce((product, size) => product * size, bits) / 8
    if (end - begin !== bytes) {
      return `\`${name}\` has ${end - begin} bytes for ${dtype}[${shape.join(', ')}], which needs ${bytes}`
    }
    at = end
  }
  return at
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isRecord(json) ? json : undefined
  } catch {
    return undefined
  }
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
