// The runtime's size as a page gets it: bundled with the host, minified, gzipped.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const budget = 8000

interface Chunk {
  readonly name: string
  readonly gzip: number
}

async function bundle(): Promise<readonly Chunk[]> {
  const build = await rolldown({
    input: fileURLToPath(new URL('fixtures/page.js', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
    treeshake: true,
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output.flatMap((file) =>
    file.type === 'chunk' ? { name: file.fileName, gzip: gzipSync(file.code, { level: 9 }).length } : [],
  )
}

test('runtime and host together fit the budget, with every part that loads on demand', async () => {
  const chunks = await bundle()
  const first = chunks[0]?.gzip ?? Infinity
  const total = chunks.reduce((sum, { gzip }) => sum + gzip, 0)
  // oxlint-disable-next-line no-console
  console.log(
    chunks.map(({ name, gzip }) => `${name}: ${gzip} B`).join('\n'),
    `\nat first: ${first} B, all: ${total} B`,
  )
  expect(first).toBeLessThanOrEqual(budget)
})
