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
  /** Returns the text of the index. */
  readonly read: () => Promise<string>
  /** Returns the error of an index that is none. */
  readonly refuse: (message: string) => Error
  readonly expect: (bytes: number) => void
  /** Loads a file unless anything is wrong, and returns what is wrong so far. */
  readonly load: (address: string, shard: Shard) => Promise<readonly Problem[]>
}

/** Loads the files of an index and returns everything that is wrong with them. */
export async function loadShards(request: ShardsRequest): Promise<readonly Problem[]> {
  const { load } = request
  const files = await readIndex(request)
  const coming = new Set([...files.values()].flatMap((names) => [...names]))
  const tensors: FileTensor[] = []
  let problems: readonly Problem[] = []
  for (const [file, names] of files) {
    for (const name of names) coming.delete(name)
    problems = await load(file, { names, coming, tensors })
  }
  return problems
}

// The names in each file.
async function readIndex({ address, read, refuse, expect }: ShardsRequest): Promise<ReadonlyMap<string, Set<string>>> {
  const files = new Map<string, Set<string>>()
  const { weight_map: map, metadata } = parse(await read())
  for (const [name, file] of Object.entries(Object(map) as object)) {
    if (typeof file !== 'string') throw refuse(`its \`weight_map\` names no file for \`${name}\``)
    const place = besides(address, file)
    files.set(place, (files.get(place) ?? new Set()).add(name))
  }
  // An index of nothing would load a model of nothing.
  if (files.size === 0) throw refuse('it is no index of weights, whose `weight_map` names a file for each tensor')
  const bytes = Number(metadata?.total_size)
  if (bytes > 0) expect(bytes)
  return files
}

interface IndexJson {
  readonly weight_map?: unknown
  readonly metadata?: { readonly total_size?: unknown }
}

// Relative to the index, whose query (a signature, a version) is not theirs.
function besides(address: string, file: string): string {
  if (!/^[a-z][\w+.-]+:/i.test(address)) return address.replace(/[?#].*/, '').replace(/[^\\/]*$/, '') + file
  return new URL(file, address).href
}

function parse(text: string): IndexJson {
  try {
    return Object(JSON.parse(text)) as IndexJson
  } catch {
    return {}
  }
}
