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
  readonly forget?: () => void
}

/** Whether a source is an address or path. */
export function isAddress(source: ByteSource): source is string | URL {
  return typeof source === 'string' || source instanceof URL
}

/** Opens a source. Throws what the network or the file system throws. */
export async function openStream(source: ByteSource, signal: AbortSignal, cache = true): Promise<OpenedStream> {
  if (!isAddress(source)) return new Response(source as Blob)
  const address = String(source)
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } }
  if (process?.versions?.node && /^(file:|(?![a-z][\w+.-]+:))/i.test(address)) {
    return { body: (await import('./other-weights.ts')).openFile(address) }
  }
  // Insecure pages have no caches, and some private windows refuse them.
  const store = cache && 'caches' in globalThis && (await caches.open('tsjit').catch(() => undefined))
  const kept = store && (await store.match(address))
  const forget = (): void => {
    if (store) void store.delete(address)
  }
  if (kept) {
    // An address may serve other weights tomorrow: what is kept counts while the server confirms it, or is out of reach.
    const now = await fetch(address, { method: 'HEAD', cache: 'no-cache', signal }).catch(() => kept)
    if (versionOf(now) === versionOf(kept)) return { body: kept.body, isCached: true, forget }
  }
  const response = await fetch(address, { signal })
  if (!response.ok) throw new Error(`status ${response.status}`)
  if (store && versionOf(response)) {
    // Kept once it is read to the end: a load that fails aborts this, too.
    store.put(address, response.clone()).catch(() => {})
  }
  return { body: response.body, forget }
}

function versionOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified')
}
