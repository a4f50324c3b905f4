// Rolldown, without Vite: the script of the runtime's workers is a chunk of the build.
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as compiler from '@tsjit/compiler'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import { createProject } from './support/project.ts'

test('a bundle runs models on threads and in workers', { timeout: 60_000 }, async () => {
  await using project = await createProject('threads')
  const build = await rolldown({
    cwd: project.root,
    input: 'src/server.js',
    platform: 'node',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
    plugins: [createPlugin(compiler).rolldown({ targets: ['wasm'], eager: false, types: false })],
    onLog() {},
  })
  await build.write({
    dir: project.path('dist'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'parts/[name]-[hash].mjs',
  })
  await build.close()
  const script = `
    const { render } = await import(${JSON.stringify(pathToFileURL(project.path('dist/server.mjs')).href)})
    const ways = [{ threads: 1 }, { threads: 2 }, { threads: 3, worker: true }]
    for (const way of ways) console.log(await render(way))`
  const args = ['--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 })
  const pages = stdout.trim().split('\n')
  expect(pages.map((page) => /data-threads="(\d)"/.exec(page)?.[1])).toEqual(['1', '2', '3'])
  expect(new Set(pages.map((page) => page.replace(/data-threads="\d"/, ''))).size).toBe(1)
})
