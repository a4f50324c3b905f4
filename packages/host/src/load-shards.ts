// load-shards: model.safetensors.index.json -> its files, one after another
import type { Refusal } from './errors.ts'
import type { Fault, Work } from './load-weights.ts'
import type { OpenedStream } from './open-stream.ts'
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

/** What every page has, handed over so that this file needs nothing of it. */
export interface ShardTools {
  readonly open: (work: Work) => Promise<OpenedStream>
  readonly refusalOf: (work: Work) => (cause: Error) => never
  readonly refuse: (work: Work, fault: Fault) => Error
  /** Loads a file unless anything is wrong, and returns what is wrong so far. */
  readonly loadFile: (work: Work, shard: Shard) => Promise<Refusal | undefined>
}

/** Loads the files of an index and returns everything that is wrong with them. */
export async function loadShards(work: Work, address: string, tools: ShardTools): Promise<Refusal | undefined> {
  const files = await readIndex(work, address, tools)
  const coming = new Set([...files.values()].flatMap((names) => [...names]))
  const tensors: FileTensor[] = []
  let refusal: Refusal | undefined
  for (const [source, names] of files) {
    for (const name of names) coming.delete(name)
    refusal = await tools.loadFile({ ...work, source }, { names, coming, tensors })
  }
  return refusal
}

// The names in each file.
async function readIndex(
  work: Work,
  address: string,
  { open, refusalOf, refuse }: ShardTools,
): Promise<ReadonlyMap<string, Set<string>>> {
  const files = new Map<string, Set<string>>()
  const text = new Response((await open(work)).body).text()
  const { weight_map: map, metadata } = parse(await text.catch(refusalOf(work)))
  for (const [name, file] of Object.entries(Object(map) as object)) {
    if (typeof file !== 'string') {
      throw refuse(work, { message: `its \`weight_map\` names no file for \`${name}\`` })
    }
    const place = besides(address, file)
    files.set(place, (files.get(place) ?? new Set()).add(name))
  }
  // An index of nothing would load a model of nothing.
  if (files.size === 0) {
    const message = 'it is no index of weights, whose `weight_map` names a file for each tensor'
    throw refuse(work, { message })
  }
  const bytes = Number(metadata?.total_size)
  if (bytes > 0) work.progress.expect(bytes)
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
