// open-stream: where weights come from -> bytes in order
//
// A URL (through the browser's cache), a path in Node, a Blob or bytes. Nothing is held longer than it is read.
import { fetchCached } from './fetch-cached.ts'

/** Bytes in order. */
export interface ByteStream {
  readonly phase: 'download' | 'cache'
  /** Returns the next bytes, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Stops early, and drops what was cached. Never throws. */
  close(): void
}

/** How to open a stream. */
export interface StreamOptions {
  readonly signal: AbortSignal
  readonly cache: boolean
}

/** Where bytes come from. */
export type ByteSource = string | URL | ArrayBuffer | ArrayBufferView | Blob

/** Opens a source. Throws what the network or the file system throws. */
export async function openStream(source: ByteSource, options: StreamOptions): Promise<ByteStream> {
  if (source instanceof Blob) return fromBody(source.stream())
  if (typeof source !== 'string' && !(source instanceof URL)) {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(source) ? source : new Uint8Array(source)
    const chunks = [new Uint8Array(buffer, byteOffset, byteLength)]
    return { phase: 'download', next: async () => chunks.pop(), close() {} }
  }
  const address = String(source)
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } }
  if (process?.versions?.node && /^(file:|(?![a-z][\w+.-]+:))/i.test(address)) {
    return (await import('./open-file.ts')).openFile(address)
  }
  const { response, isCached, forget } = await fetchCached(address, options)
  return fromBody(response.body, isCached ? 'cache' : 'download', forget)
}

/** Reads exact counts of bytes from a stream. */
export interface ByteReader {
  /** Returns the next `count` bytes; fewer where the stream ends. */
  take(count: number): Promise<Uint8Array>
  /** Drops the next `count` bytes and returns how many there were. */
  skip(count: number): Promise<number>
}

/** Returns the reader of a stream; `tell` is told of every piece that it takes or skips. */
export function createReader(stream: ByteStream, tell: (bytes: number) => void): ByteReader {
  let rest: Uint8Array = new Uint8Array()
  // Hands on the next bytes piece by piece and returns how many there were.
  const skip = async (count: number, give?: (piece: Uint8Array, at: number) => void): Promise<number> => {
    let at = 0
    while (at < count) {
      if (rest.length === 0) {
        const chunk = await stream.next()
        if (!chunk) break
        rest = chunk
      }
      const piece = rest.subarray(0, count - at)
      rest = rest.subarray(piece.length)
      give?.(piece, at)
      tell(piece.length)
      at += piece.length
    }
    return at
  }
  return {
    skip,
    async take(count) {
      if (rest.length >= count) {
        const piece = rest.subarray(0, count)
        await skip(count)
        return piece
      }
      const whole = new Uint8Array(count)
      return whole.subarray(0, await skip(count, (piece, at) => whole.set(piece, at)))
    },
  }
}

function fromBody(
  body: ReadableStream<Uint8Array> | null,
  phase: ByteStream['phase'] = 'download',
  forget?: () => void,
): ByteStream {
  const reader = body?.getReader()
  return {
    phase,
    next: async () => (await reader?.read())?.value,
    close() {
      forget?.()
      reader?.cancel().catch(() => {})
    },
  }
}
