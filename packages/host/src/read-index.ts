// read-index: model.safetensors.index.json -> the files that hold the tensors, and how many bytes they are
import { invalid } from './errors.ts'
import { isFile, openStream, type StreamOptions } from './open-stream.ts'

/** What an index says. */
export interface ShardIndex {
  /** The tensors by file, addresses resolved. */
  readonly files: ReadonlyMap<string, readonly string[]>
  readonly names: readonly string[]
  readonly totalBytes: number | undefined
}

/** Reads an index. Throws `weight_invalid_file` where it is none. */
export async function readIndex(address: string, options: StreamOptions): Promise<ShardIndex> {
  const { weight_map: map, metadata } = await readJson(address, options)
  if (typeof map !== 'object' || map === null) throw invalid(`\`${address}\` has no weight_map`)
  const files = new Map<string, string[]>()
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string') throw invalid(`\`${address}\` names no file for \`${name}\``)
    const place = besides(address, file)
    files.set(place, [...(files.get(place) ?? []), name])
  }
  const { total_size: total } = (metadata ?? {}) as { readonly total_size?: unknown }
  return { files, names: Object.keys(map), totalBytes: typeof total === 'number' && total >= 0 ? total : undefined }
}

interface IndexJson {
  readonly weight_map?: unknown
  readonly metadata?: unknown
}

async function readJson(address: string, options: StreamOptions): Promise<IndexJson> {
  const stream = await openStream(address, options)
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let chunk = await stream.next(); chunk; chunk = await stream.next())
      text += decoder.decode(chunk, { stream: true })
    const json: unknown = JSON.parse(text)
    stream.close()
    return (json ?? {}) as IndexJson
  } catch (cause) {
    stream.close({ forget: true })
    throw cause instanceof SyntaxError ? invalid(`\`${address}\` is not JSON`, cause) : cause
  }
}

// Relative to the index, whose query (a signature, a version) is not theirs.
function besides(address: string, file: string): string {
  if (isFile(address) && !address.startsWith('file:')) return address.replace(/[^\\/]*$/, '') + file
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href
  return new URL(file, new URL(address, page)).href
}
