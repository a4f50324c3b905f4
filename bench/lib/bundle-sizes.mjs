// bundle-sizes: an entry -> its bytes, bundled, minified, gzipped
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** Returns the bytes that load at the start, and those of all chunks. */
export async function bundleSizes(input) {
  const build = await rolldown({ input, platform: 'browser' })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const chunks = output.filter(({ type }) => type === 'chunk')
  const bytes = ({ code }) => gzipSync(code, { level: 9 }).length
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const start = new Set()
  const visit = (name) => {
    if (start.has(name)) return
    start.add(name)
    for (const next of named.get(name)?.imports ?? []) visit(next)
  }
  for (const { fileName, isEntry } of chunks) if (isEntry) visit(fileName)
  const sum = (list) => list.reduce((total, chunk) => total + bytes(chunk), 0)
  return { start: sum([...start].flatMap((name) => named.get(name) ?? [])), all: sum(chunks) }
}
