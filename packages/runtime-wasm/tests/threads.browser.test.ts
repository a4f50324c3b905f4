// Threads in Chromium: isolated pages, others, strict policies, workers, development and webpack.

import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeBrowser } from '../../../tests/support/chromium.ts'
import { type OpenPage, openPage, type PageOptions } from '../../../tests/support/serve-page.ts'
import type { ThreadsPage } from './page/main.ts'
import type { Finding, Way } from './page/try-models.ts'

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

type InPage = { readonly threadsPage: ThreadsPage } & typeof globalThis

function open(options: PageOptions, folder = 'page'): Promise<OpenPage> {
  return openPage(fileURLToPath(new URL(folder, import.meta.url)), 'threadsPage', options)
}

function tryModels(page: Page, ways: readonly Way[]): Promise<readonly Finding[]> {
  return page.evaluate((given) => (globalThis as InPage).threadsPage.tryModels(given), ways)
}

const ways: readonly Way[] = [
  { threads: 1 },
  { threads: 2 },
  { threads: 3 },
  {},
  { worker: true, threads: 1 },
  { worker: true, threads: 2 },
]

describeBrowser('threads in a page', () => {
  test('that is isolated: the same bits on any number, and a worker leaves the page alone', async () => {
    await using opened = await open({ headers: isolation })
    const { page } = opened
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    const cores = await page.evaluate(() => navigator.hardwareConcurrency)
    const found = await tryModels(page, ways)
    expect(found.map(({ threads }) => threads)).toEqual([1, 2, 3, Math.min(4, cores), 1, 2])
    expect(new Set(found.map(({ bits }) => bits)).size).toBe(1)
    for (const { ticks } of found.slice(4)) expect(ticks).toBeGreaterThan(5)
  })

  test('that is not isolated: one thread, in the page or in a worker', async () => {
    await using opened = await open({})
    const found = await tryModels(opened.page, ways)
    expect(await opened.page.evaluate(() => crossOriginIsolated)).toBe(false)
    expect(found.map(({ threads }) => threads)).toEqual(ways.map(() => 1))
    expect(new Set(found.map(({ bits }) => bits)).size).toBe(1)
    for (const { ticks } of found.slice(4)) expect(ticks).toBeGreaterThan(5)
  })

  test('under a policy that allows nothing but its own scripts and WebAssembly', async () => {
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    await using opened = await open({ headers: { ...isolation, 'Content-Security-Policy': policy } })
    const found = await tryModels(opened.page, ways)
    expect(found.map(({ threads }) => threads).slice(0, 3)).toEqual([1, 2, 3])
    expect(new Set(found.map(({ bits }) => bits)).size).toBe(1)
    expect(await opened.page.evaluate(() => (globalThis as InPage).threadsPage.violations)).toEqual([])
  })

  test('inside a worker of the page', async () => {
    await using opened = await open({ headers: isolation, hasWorker: true }, 'inside-page')
    const found = await tryModels(opened.page, ways)
    expect(found.map(({ threads }) => threads).slice(0, 3)).toEqual([1, 2, 3])
    expect(new Set(found.map(({ bits }) => bits)).size).toBe(1)
  })

  test('that Vite serves for development', async () => {
    await using opened = await open({ headers: isolation, isDevelopment: true })
    const found = await tryModels(opened.page, ways)
    expect(found.map(({ threads }) => threads).slice(0, 3)).toEqual([1, 2, 3])
    expect(new Set(found.map(({ bits }) => bits)).size).toBe(1)
  })
})
