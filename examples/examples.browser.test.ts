// The four models in a page that Vite has built, in Chromium: on WebGPU, and in WebAssembly with relaxed SIMD

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import tsjit from 'unplugin-tsjit/vite'
import { type PreviewServer, build, preview } from 'vite'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeBrowser, launchChromium } from '../tests/support/chromium.ts'
import type { runExample } from './page/main.ts'
import { describeExamples } from './suite.ts'

describeBrowser('examples in a page', () => {
  let outDir: string
  let server: PreviewServer
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'tsjit-examples-'))
    const settings = {
      root: fileURLToPath(new URL('page', import.meta.url)),
      configFile: false as const,
      logLevel: 'warn' as const,
      plugins: [tsjit({ types: false })],
      resolve: { conditions: ['tsjit-source', 'module', 'browser', 'production'] },
      build: { outDir, emptyOutDir: true, target: 'es2022' },
    }
    await build(settings)
    server = await preview({ ...settings, preview: { port: 0, host: '127.0.0.1' } })
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(server.resolvedUrls?.local[0] ?? '')
    await page.waitForFunction(() => 'runExample' in globalThis)
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(outDir, { recursive: true, force: true })
  })

  describe.each(['webgpu', 'wasm'] as const)('%s', (target) =>
    describeExamples((name) =>
      Promise.resolve(async (inputs, output) => {
        const sent = Object.entries(inputs).map(
          ([key, { shape, data }]) => [key, { shape, data: Array.from(data) }] as const,
        )
        const { shape, data } = await page.evaluate(
          ([on, model, given, wanted]) =>
            (globalThis as unknown as { readonly runExample: typeof runExample }).runExample(on, model, given, wanted),
          [target, name, Object.fromEntries(sent), output] as const,
        )
        return { shape, data: Float32Array.from(data) }
      }),
    ),
  )
})
