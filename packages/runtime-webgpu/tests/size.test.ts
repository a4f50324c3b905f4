// The runtime's size as a page gets it: bundled with the host, minified, gzipped.
import { expect, test } from 'vitest'
import { bundlePage } from '../../../tests/support/bundle-page.ts'

/** What a page with a model loads before the weights; loops that the host repeats, state and modes are other files. */
const budget = 8200

test('what a page with a GPU and one file of weights loads fits the budget', async () => {
  const [page, ...others] = await bundlePage(new URL('fixtures/page.js', import.meta.url))
  expect(page.name).toBe('page.js')
  // Nothing is moved out of the count: the first file needs no other, and the others are for rare cases alone.
  expect(page.imports).toEqual([])
  const rare = ['download.js', 'explain.js', 'find-device.js', 'other-weights.js', 'read-images.js']
  expect(others.map(({ name }) => name)).toEqual(rare)
  expect(page.gzip).toBeGreaterThan(6000)
  expect(page.gzip, JSON.stringify(others)).toBeLessThanOrEqual(budget)
})
