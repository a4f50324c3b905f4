// fetch-cached: an address -> a response, from the browser's Cache Storage where that is sure to be the same
//
// An address may serve other weights tomorrow, so what is kept counts only while the server confirms it, or is away.
import type { StreamOptions } from './open-stream.ts'

/** A response, and how to drop what was kept of it. */
export interface CachedResponse {
  readonly response: Response
  readonly isCached?: boolean
  readonly forget?: () => void
}

/** Returns the response of an address. Throws where the server refuses. */
export async function fetchCached(address: string, { signal, cache }: StreamOptions): Promise<CachedResponse> {
  const load = async (options?: RequestInit): Promise<Response> => {
    const response = await fetch(address, { signal, ...options })
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    return response
  }
  // Insecure pages have no caches, some private windows refuse them.
  const store =
    cache && 'caches' in globalThis && !/^(data|blob):/.test(address) && (await caches.open('tsjit').catch(() => {}))
  if (!store) return { response: await load() }
  let last: Promise<unknown> | undefined
  const forget = (): void => {
    void Promise.resolve(last).then(() => store.delete(address))
  }
  const kept = await store.match(address)
  if (kept) {
    const now = await load({ method: 'HEAD', cache: 'no-cache' }).catch((error: unknown) =>
      error instanceof TypeError ? kept : undefined,
    )
    signal.throwIfAborted()
    if (now && versionOf(now) === versionOf(kept)) return { response: kept, isCached: true, forget }
  }
  const response = await load()
  if (versionOf(response)) last = store.put(address, response.clone()).catch(() => {})
  return { response, forget }
}

function versionOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified')
}
