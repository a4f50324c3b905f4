// Vite, server-side rendering: importing a model does nothing, loading it runs it on the server.
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as compiler from '@tsjit/compiler'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import { createProject } from './support/project.ts'

// Everything that a device needs fails until the module is imported.
const script = (file: string): string => `
  const { compile, instantiate, Memory } = WebAssembly
  const refuse = () => { throw new Error('work while importing') }
  Object.assign(WebAssembly, { compile: refuse, instantiate: refuse, Memory: refuse })
  const { render } = await import(${JSON.stringify(pathToFileURL(file).href)})
  Object.assign(WebAssembly, { compile, instantiate, Memory })
  const pages = []
  for (const way of [{ threads: 1 }, { threads: 2 }, { worker: true, threads: 3 }]) pages.push(await render(way))
  console.log(JSON.stringify(pages))`

test.for([['wasm'], ['webgpu', 'wasm']] as const)(
  'a bundle for the server, for %s',
  { timeout: 60_000 },
  async (targets) => {
    await using project = await createProject('threads')
    await build({
      root: project.root,
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['tsjit-source', 'module', 'node', 'production'] },
      ssr: { noExternal: true, resolve: { conditions: ['tsjit-source', 'module', 'node', 'production'] } },
      plugins: [createPlugin(compiler).vite({ targets: [...targets], types: false })],
      build: { ssr: 'src/server.js', outDir: project.path('dist') },
    })
    const args = ['--input-type=module', '-e', script(project.path('dist/server.mjs'))]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 })
    const pages = JSON.parse(stdout) as readonly string[]
    expect(pages[0]).toMatch(/^<p data-threads="1">-?\d/)
    expect(pages.map((page) => /data-threads="(\d)"/.exec(page)?.[1])).toEqual(['1', '2', '3'])
    expect(new Set(pages.map((page) => page.replace(/data-threads="\d"/, ''))).size).toBe(1)
  },
)
