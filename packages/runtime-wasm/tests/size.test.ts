// The runtime's size as a page gets it, bundled with the host, minified, gzipped; threads are a file of their own.
import { expect, test } from 'vitest'
import { bundlePage } from '../../../tests/support/bundle-page.ts'

const budget = 8000

test('what a page loads that runs models on one thread fits the budget', async () => {
  const [page, ...others] = await bundlePage(new URL('fixtures/page.js', import.meta.url))
  // Nothing is moved out of the count: the first file needs no other, and the others are for rare cases alone.
  expect(page.imports).toEqual([])
  expect(others.map(({ name }) => name)).toEqual(['explain.js', 'other-weights.js', 'read-images.js', 'threads.js'])
  // Bundlers would cut the first file in two.
  expect(others.find(({ name }) => name === 'threads.js')?.imports).toEqual([])
  expect(page.gzip).toBeGreaterThan(5000)
  expect(page.gzip).toBeLessThanOrEqual(budget)
})
