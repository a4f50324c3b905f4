// serve-page: a folder with a page -> the page, built as for production or served for development, open in Chromium

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import tsjit from 'unplugin-tsjit/vite'
import { build, createServer, preview } from 'vite'
import { launchChromium } from './chromium.ts'

/** A page in a browser of its own. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page
}

/** How a page is served. */
export interface PageOptions {
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the page has a worker that imports models. */
  readonly hasWorker?: boolean
  /** Serve it for development instead of building it. */
  readonly isDevelopment?: boolean
}

/** Builds the page, serves it and opens it; resolves when its script has set the global `ready`. */
export async function openPage(
  root: string,
  ready: string,
  { headers = {}, hasWorker = false, isDevelopment = false }: PageOptions = {},
): Promise<OpenPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'tsjit-page-'))
  const place = { port: 0, host: '127.0.0.1', headers: { ...headers } }
  const settings = {
    root,
    configFile: false as const,
    logLevel: 'warn' as const,
    plugins: [tsjit({ types: false })],
    resolve: { conditions: ['tsjit-source', 'module', 'browser', 'production'] },
    build: { outDir, emptyOutDir: true, target: 'es2022' },
    ...(hasWorker ? { worker: { format: 'es' as const, plugins: () => [tsjit({ types: false })] } } : {}),
  }
  const allow = [fileURLToPath(new URL('../..', import.meta.url))]
  const serve = async (): ReturnType<typeof preview> => {
    await build(settings)
    return preview({ ...settings, preview: place })
  }
  const server = isDevelopment
    ? await createServer({ ...settings, cacheDir: outDir, server: { ...place, fs: { allow }, watch: null } })
    : await serve()
  if ('listen' in server) await server.listen()
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
