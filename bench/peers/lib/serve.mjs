// serve: folders -> a server on this machine whose pages are cross-origin isolated, as threads need it
//
// It remembers which code was fetched: what a page costs to download.
import { readFileSync, statSync, createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** Serves folders by the prefix of the path. `takeCode()` returns the code files since it was last called. */
export async function serve(folders) {
  const fetched = new Set()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const path = pathname === '/' ? '/index.html' : normalize(decodeURIComponent(pathname))
    const prefix = Object.keys(folders).find((each) => each !== '/' && path.startsWith(each)) ?? '/'
    const file = join(folders[prefix], path.slice(prefix.length))
    const size = sizeOf(file)
    if (size === undefined) return response.writeHead(404, headers).end()
    const extension = extname(file)
    if (['.js', '.mjs', '.wasm'].includes(extension)) fetched.add(file)
    const type = types[extension] ?? 'application/octet-stream'
    response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': size })
    return createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    takeCode() {
      const files = [...fetched]
      fetched.clear()
      return files
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const gzipped = new Map()

/** The bytes of files, gzipped one by one. */
export function bytesOf(files) {
  for (const file of files) {
    if (!gzipped.has(file)) gzipped.set(file, gzipSync(readFileSync(file), { level: 6 }).length)
  }
  return files.reduce((sum, file) => sum + gzipped.get(file), 0)
}

function sizeOf(file) {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() ? stats.size : undefined
}
