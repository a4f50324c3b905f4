// open-stream: where weights come from -> a stream of their bytes
//
// A URL (through the browser's cache), a path in Node, a Blob or bytes.

/** Where bytes come from. */
export type ByteSource = string | URL | ArrayBuffer | ArrayBufferView | Blob

/** A stream of bytes. */
export interface OpenedStream {
  readonly body: ReadableStream<Uint8Array> | null
  readonly isCached?: boolean
  /** Drops what the cache keeps of it. */
  readonly forget?: () => unknown
}

/** Whether a source is an address or path. */
export function isAddress(source: ByteSource): source is string | URL {
  return typeof source === 'string' || source instanceof URL
}

/** Opens a source. Throws what the network or the file system throws. */
export async function openStream(source: ByteSource, signal: AbortSignal, cache = true): Promise<OpenedStream> {
  if (!isAddress(source)) return new Response(source as Blob)
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } }
  if (process?.versions?.node && /^(file:|(?![a-z][\w+.-]+:))/i.test(source as string)) {
    return { body: (await import('./other-weights.ts')).openFile(String(source)) }
  }
  // Insecure pages have no caches, and some private windows refuse them. One that is not there yet is made only while the
  // bytes are on their way.
  const store: CacheStorage | undefined = cache ? globalThis.caches : undefined
  const kept = await store?.match(source, { cacheName: 'tsjit' }).catch(() => {})
  const change = (act: (cache: Cache) => unknown): unknown =>
    store
      ?.open('tsjit')
      .then(act)
      .catch(() => {})
  const forget = (): unknown => change((each) => each.delete(source))
  if (kept) {
    // An address may serve other weights tomorrow: what is kept counts while the server confirms it, or is out of reach.
    const now = await fetch(source, { method: 'HEAD', cache: 'no-cache', signal }).catch(() => kept)
    if (versionOf(now) === versionOf(kept)) return { body: kept.body, isCached: true, forget }
  }
  const response = await fetch(source, { signal })
  if (!response.ok) throw new Error(`status ${response.status}`)
  if (store && versionOf(response)) {
    // Kept once it is read to the end: a load that fails aborts this, too.
    const copy = response.clone()
    change((each) => each.put(source, copy))
  }
  return { body: response.body, forget }
}

function versionOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified')
}
