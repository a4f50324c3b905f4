// The runtime's size as a page gets it, bundled with the host, minified, gzipped; threads are a file of their own.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const budget = 8000

test('what a page loads that runs models on one thread fits the budget', async () => {
  const build = await rolldown({
    input: fileURLToPath(new URL('fixtures/page.js', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const chunks = output.filter((file) => file.type === 'chunk')
  const [page, ...others] = chunks
  // Nothing is moved out of the count: the first file needs no other, and the others are for rare cases alone.
  expect(page?.imports).toEqual([])
  const names = others.map(({ fileName }) => fileName.replace(/-[\w-]{8}(?=\.js)/, ''))
  expect(names.sort()).toEqual(['explain.js', 'other-weights.js', 'read-images.js', 'threads.js'])
  // Bundlers would cut the first file in two.
  expect(others.find(({ fileName }) => fileName.startsWith('threads'))?.imports).toEqual([])
  const gzip = gzipSync(page?.code ?? '', { level: 9 }).length
  expect(gzip).toBeGreaterThan(5000)
  expect(gzip).toBeLessThanOrEqual(budget)
})
