// webpack 5: a page whose models run on several threads, and in a worker.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as compiler from '@tsjit/compiler'
import webpack from 'webpack'
import { expect, test } from 'vitest'
import { buildRuntime } from '../../../tests/support/built-runtime.ts'
import { describeBrowser, launchChromium } from '../../../tests/support/chromium.ts'
import { createPlugin } from '../src/plugin.ts'
import { createProject } from './support/project.ts'
import type { Project } from './support/project.ts'

const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', '': 'text/html' }

async function build(project: Project): Promise<void> {
  const host = webpack({
    mode: 'production',
    context: project.root,
    entry: './src/main.js',
    resolve: {
      conditionNames: ['tsjit-source', '...'],
      alias: { '@tsjit/runtime-wasm$': await buildRuntime() },
    },
    output: { path: project.path('dist'), filename: 'main.js' },
    plugins: [createPlugin(compiler).webpack({ targets: ['wasm'], eager: false, types: false })],
  })
  const stats = await new Promise<string>((resolve, reject) => {
    host?.run((error, result) =>
      host.close(() => (error ? reject(error) : resolve(result?.toString('errors-only') ?? ''))),
    )
  })
  expect(stats).toBe('')
}

describeBrowser('webpack in Chromium', () => {
  test('threads and workers are part of the build', async () => {
    await using project = await createProject('threads')
    await build(project)
    const server = createServer(({ url = '/' }, response) => {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
      const name = url.slice(1)
      response.setHeader('Content-Type', types[name.split('.').slice(1).pop() ?? ''] ?? 'text/plain')
      if (name === '') response.end('<!doctype html><script type="module" src="main.js"></script>')
      else
        createReadStream(project.path(`dist/${name}`))
          .on('error', () => response.writeHead(404).end())
          .pipe(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.waitForFunction(() => 'found' in globalThis)
      const found = await page.evaluate(() => (globalThis as unknown as { found: readonly unknown[][] }).found)
      expect(found.map(([target, threads]) => [target, threads])).toEqual([
        ['wasm', 1],
        ['wasm', 2],
        ['wasm', 2],
      ])
      expect(new Set(found.map(([, , sum]) => sum)).size).toBe(1)
    } finally {
      await browser.close()
      server.close()
      server.closeAllConnections()
    }
  })
})
