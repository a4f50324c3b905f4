// open-stream: where weights come from -> a stream of their bytes
//
// A URL (through the browser's cache), a path in Node, a Blob or bytes.

/** Where bytes come from. */
export type ByteSource = string | URL | ArrayBuffer | ArrayBufferView | Blob

/** A stream of bytes. */
export interface OpenedStream {
  readonly body: ReadableStream<Uint8Array> | null | undefined
  readonly isCached?: boolean | undefined
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
  // Insecure pages have no caches, and some private windows refuse them. Nobody waits for what they know before asking
  // the server, and one that is not there yet is made only while the bytes are on their way.
  const store: CacheStorage | undefined = cache ? globalThis.caches : undefined
  let failure: unknown
  const [kept, response] = await Promise.all([
    store?.match(source, { cacheName: 'tsjit' }).catch(() => {}),
    fetch(source, { signal }).catch((error: unknown) => {
      failure = error
    }),
  ])
  // An address may serve other weights tomorrow: what is kept counts while the server confirms it, or is out of reach. The server is asked for it all, of which nothing more is sent once its version is known to be the same.
  const isCached = (kept && (!response || versionOf(response) === versionOf(kept))) as boolean | undefined
  // What is confirmed need not come again.
  if (isCached) void response?.body?.cancel()
  else if (!response?.ok) throw failure ?? new Error(`status ${response?.status}`)
  else if (store && versionOf(response)) {
    // Kept once it is read to the end: a load that fails aborts this, too.
    const copy = response.clone()
    store
      .open('tsjit')
      .then((each) => each.put(source, copy))
      .catch(() => {})
  }
  return {
    body: (isCached ? kept : response)?.body,
    isCached,
    forget: () =>
      store
        ?.open('tsjit')
        .then((each) => each.delete(source))
        .catch(() => {}),
  }
}

function versionOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified')
}
