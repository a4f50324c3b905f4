// The runtime's size as a page gets it: bundled with the host, minified, gzipped.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

/** What a page with a model loads before the weights; loops that the host repeats, state and modes are other files. */
const budget = 8200

interface Chunk {
  readonly name: string
  readonly gzip: number
  readonly imports: readonly string[]
}

async function bundle(): Promise<readonly Chunk[]> {
  const build = await rolldown({
    input: fileURLToPath(new URL('fixtures/page.js', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output.flatMap((file) =>
    file.type === 'chunk'
      ? { name: file.fileName, gzip: gzipSync(file.code, { level: 9 }).length, imports: file.imports }
      : [],
  )
}

test('what a page with a GPU and one file of weights loads fits the budget', async () => {
  const chunks = await bundle()
  const sizes = new Map(chunks.map(({ name, gzip }) => [name.replace(/-[\w-]{8}(?=\.js)/, ''), gzip]))
  const { name, gzip, imports } = chunks[0] ?? { name: '', gzip: 0, imports: [] }
  expect(name).toBe('page.js')
  // Nothing is moved out of the count: the first file needs no other, and the others are for rare cases alone.
  expect(imports).toEqual([])
  const others = ['download.js', 'explain.js', 'find-device.js', 'other-weights.js', 'read-images.js']
  expect([...sizes.keys()].sort()).toEqual([...others, 'page.js'].sort())
  expect(gzip).toBeGreaterThan(6000)
  expect(gzip, JSON.stringify([...sizes])).toBeLessThanOrEqual(budget)
})
