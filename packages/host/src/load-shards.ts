// load-shards: model.safetensors.index.json -> its files, one after another
import type { Problem } from './errors.ts'
import type { FileTensor } from './read-header.ts'

/** One file of several. */
export interface Shard {
  /** The tensors that the index says it holds; others in it are left alone. */
  readonly names: ReadonlySet<string>
  /** The names that files still to come hold. */
  readonly coming: ReadonlySet<string>
  /** What all files hold so far; this one adds its own. */
  readonly tensors: FileTensor[]
}

/** What loading shards needs. */
export interface ShardsRequest {
  readonly address: string
  readonly text: string
  readonly expect: (bytes: number) => void
  /** Loads a file unless anything is wrong, and returns what is wrong so far. */
  readonly load: (address: string, shard: Shard) => Promise<readonly Problem[]>
}

/** Loads the files of an index and returns everything that is wrong; undefined where the text is no index. */
export async function loadShards({
  address,
  text,
  expect,
  load,
}: ShardsRequest): Promise<readonly Problem[] | undefined> {
  const files = new Map<string, Set<string>>()
  try {
    const { weight_map: map, metadata } = JSON.parse(text) as IndexJson
    for (const [name, file] of Object.entries(map)) {
      const place = besides(address, file)
      files.set(place, (files.get(place) ?? new Set()).add(name))
    }
    if (metadata?.total_size) expect(metadata.total_size)
  } catch {
    return undefined
  }
  const coming = new Set([...files.values()].flatMap((names) => [...names]))
  const tensors: FileTensor[] = []
  let problems: readonly Problem[] = []
  for (const [file, names] of files) {
    for (const name of names) coming.delete(name)
    problems = await load(file, { names, coming, tensors })
  }
  return problems
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
