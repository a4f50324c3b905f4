// open-stream: where weights come from -> bytes in order
//
// A URL (through the browser's cache), a path in Node, a Blob or bytes. Nothing is held longer than it is read.
import { unavailable } from './errors.ts'
import { viewOf } from './safetensors.ts'

/** Bytes in order. */
export interface ByteStream {
  readonly phase: 'download' | 'cache'
  /** Returns the next bytes, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Stops early; `forget` drops what was cached. Never throws. */
  close(options?: { readonly forget: boolean }): void
}

/** How to open a stream. */
export interface StreamOptions {
  readonly signal: AbortSignal
  readonly cache: boolean
}

/** Reads exact counts of bytes from a stream. */
export interface ByteReader {
  /** Returns the next `count` bytes; fewer where the stream ends. */
  take(count: number): Promise<Uint8Array>
  /** Drops the next `count` bytes and returns how many there were. */
  skip(count: number): Promise<number>
}

/** Opens a source. Throws `weight_unavailable` with the address and why. */
export async function openStream(
  source: string | URL | ArrayBuffer | ArrayBufferView | Blob,
  options: StreamOptions,
): Promise<ByteStream> {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    const chunks = [viewOf(source)]
    return { phase: 'download', next: async () => chunks.pop(), close: () => {} }
  }
  if (typeof source === 'object' && 'stream' in source) return fromBody(source.stream(), 'the Blob', options.signal)
  const address = String(source)
  if (isFile(address)) return (await import('./open-file.ts')).openFile(address)
  const { cached, refresh } = options.cache ? await findCached(address, options.signal) : {}
  const response = cached ?? (await fetchWeights(address, options.signal))
  if (!cached) refresh?.(response.clone())
  const stream = fromBody(response.body, address, options.signal, cached ? 'cache' : 'download')
  const close: ByteStream['close'] = (how) => {
    stream.close()
    if (how?.forget) refresh?.(undefined)
  }
  return { ...stream, close }
}

/** Returns the reader of a stream; `count` is told of every piece that it takes or skips. */
export function createReader(stream: ByteStream, count: (bytes: number) => void): ByteReader {
  let rest: Uint8Array = new Uint8Array()
  // Hands on the next bytes piece by piece and returns how many there were.
  const pass = async (total: number, give: (piece: Uint8Array, at: number) => void): Promise<number> => {
    let at = 0
    while (at < total) {
      if (rest.length === 0) {
        const chunk = await stream.next()
        if (!chunk) break
        rest = chunk
      }
      const piece = rest.subarray(0, total - at)
      rest = rest.subarray(piece.length)
      give(piece, at)
      count(piece.length)
      at += piece.length
    }
    return at
  }
  return {
    async take(total) {
      if (rest.length >= total) {
        const piece = rest.subarray(0, total)
        rest = rest.subarray(total)
        count(total)
        return piece
      }
      const whole = new Uint8Array(total)
      return whole.subarray(0, await pass(total, (piece, at) => whole.set(piece, at)))
    },
    skip: (total) => pass(total, () => {}),
  }
}

/** Whether this address is a path or `file:` URL that Node reads itself. */
export function isFile(address: string): boolean {
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } }
  return process?.versions?.node !== undefined && /^(file:|(?![a-z][\w+.-]+:))/i.test(address)
}

async function fetchWeights(address: string, signal: AbortSignal): Promise<Response> {
  try {
    const response = await fetch(address, { signal })
    if (response.ok) return response
    throw new Error(`the server answers ${response.status}`)
  } catch (cause) {
    signal.throwIfAborted()
    throw unavailable(address, cause)
  }
}

function fromBody(
  body: ReadableStream<Uint8Array> | null,
  address: string,
  signal: AbortSignal,
  phase: ByteStream['phase'] = 'download',
): ByteStream {
  const reader = body?.getReader()
  return {
    phase,
    async next() {
      try {
        return (await reader?.read())?.value
      } catch (cause) {
        signal.throwIfAborted()
        throw unavailable(address, cause)
      }
    },
    close: () => void reader?.cancel().catch(() => {}),
  }
}

interface CacheEntry {
  readonly cached?: Response
  /** Replaces what is kept, or drops it. */
  readonly refresh?: (response: Response | undefined) => void
}

// An address may serve other weights tomorrow, so what is kept counts only while the server confirms it or is away.
async function findCached(address: string, signal: AbortSignal): Promise<CacheEntry> {
  if (!('caches' in globalThis) || !/^(https?:|[^:]*$)/.test(address)) return {}
  try {
    const cache = await caches.open('tsjit-v1')
    let last: Promise<unknown> = Promise.resolve()
    const refresh = (response: Response | undefined): void => {
      const change = async (): Promise<unknown> => (response ? cache.put(address, response) : cache.delete(address))
      last = last.then(change).catch(() => {})
    }
    const cached = await cache.match(address)
    if (!cached) return { refresh }
    const now = await fetch(address, { method: 'HEAD', cache: 'no-cache', signal }).catch(() => undefined)
    signal.throwIfAborted()
    const versionOf = ({ headers }: Response): string | null => headers.get('etag') ?? headers.get('last-modified')
    const isSame = !now || (now.ok && versionOf(now) !== null && versionOf(now) === versionOf(cached))
    return isSame ? { cached, refresh } : { refresh }
  } catch {
    // No cache: an insecure page, a full disk, a private window.
    signal.throwIfAborted()
    return {}
  }
}
