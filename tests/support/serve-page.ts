// serve-page: a folder with a page -> the page, built as for production and open in Chromium

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import tsjit from 'unplugin-tsjit/vite'
import { build, preview } from 'vite'
import { launchChromium } from './chromium.ts'

/** A page in a browser of its own. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page
}

/** Builds the page, serves it and opens it; resolves when its script has set the global `ready`. */
export async function openPage(root: string, ready: string): Promise<OpenPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'tsjit-page-'))
  const settings = {
    root,
    configFile: false as const,
    logLevel: 'warn' as const,
    plugins: [tsjit({ types: false })],
    resolve: { conditions: ['tsjit-source', 'module', 'browser', 'production'] },
    build: { outDir, emptyOutDir: true, target: 'es2022' },
  }
  await build(settings)
  const server = await preview({ ...settings, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await launchChromium()
  const page = await browser.newPage()
  await page.goto(server.resolvedUrls?.local[0] ?? '')
  await page.waitForFunction((name) => name in globalThis, ready)
  return {
    page,
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
