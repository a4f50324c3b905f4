// Canvas, bitmaps, image elements and video frames as inputs, in Chromium

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import tsjit from 'unplugin-tsjit/vite'
import { type PreviewServer, build, preview } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeBrowser, launchChromium } from '../support/chromium.ts'
import type { readImages } from './page/main.ts'

describeBrowser('images in a page', () => {
  let outDir: string
  let server: PreviewServer
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'tsjit-images-'))
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
    await page.waitForFunction(() => 'readImages' in globalThis)
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(outDir, { recursive: true, force: true })
  })

  test.for(['webgpu', 'wasm'] as const)('every kind of image is read, on %s', async (target) => {
    const found = await page.evaluate(
      (chosen) => (globalThis as unknown as { readonly readImages: typeof readImages }).readImages(chosen),
      target,
    )
    const at = (of: (x: number, y: number) => number): number[] =>
      Array.from({ length: 24 }, (_, i) => of(i % 6, Math.floor(i / 6)))
    const colours = [...at((x) => 40 * x), ...at((_, y) => 60 * y), ...at(() => 200)]
    for (const name of ['canvas', 'offscreen', 'image', 'bitmap', 'data']) expect(found[name], name).toEqual(colours)
    // It may pass through another colour space.
    for (const name of ['frame']) {
      const got = found[name] as readonly number[]
      expect(got, name).toHaveLength(72)
      for (const [i, value] of colours.entries())
        expect(Math.abs((got[i] ?? 0) - value), `${name} ${i}`).toBeLessThan(40)
    }
    expect(found['luma']).toEqual(at((x, y) => Math.round(0.299 * 40 * x + 0.587 * 60 * y + 0.114 * 200)))
    expect(found['black']).toEqual([0, 0, 0, 0, 0, 0])
    expect(found['wrong size']).toMatch(
      /u8\[4, 6, 1\], but its image is 3 by 5 \(width by height\), not 1 by 6 or 6 by 4/,
    )
  })
})
