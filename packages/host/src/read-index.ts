// read-index: model.safetensors.index.json -> the files that hold the tensors, and how many bytes they are

/** What an index says. */
export interface ShardIndex {
  /** The names of the tensors in each file, by its address. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>
  readonly totalBytes: number | undefined
}

/** Returns what the text of an index at an address says, undefined where it is none. */
export function readIndex(address: string, text: string): ShardIndex | undefined {
  try {
    const { weight_map: map, metadata } = JSON.parse(text) as IndexJson
    const files = new Map<string, Set<string>>()
    for (const [name, file] of Object.entries(map)) {
      const place = besides(address, file)
      files.set(place, (files.get(place) ?? new Set()).add(name))
    }
    return { files, totalBytes: metadata?.total_size }
  } catch {
    return undefined
  }
}

interface IndexJson {
  readonly weight_map: Readonly<Record<string, string>>
  readonly metadata?: { readonly total_size?: number }
}

// Relative to the index, whose query (a signature, a version) is not theirs.
function besides(address: string, file: string): string {
  if (!/^[a-z][\w+.-]+:/i.test(address)) return address.replace(/[?#].*/, '').replace(/[^\\/]*$/, '') + file
  return new URL(file, address).href
}
