// Vite, dev: what the page gets when a file is edited, and when it is wrong.
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'vite'
import type { ViteDevServer } from 'vite'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import { openHmrSocket } from './support/hmr-socket.ts'
import type { HmrSocket } from './support/hmr-socket.ts'
import { conditions, createProject, workspace } from './support/project.ts'
import type { Project } from './support/project.ts'
import { counter, stubCompiler } from './support/stub-compiler.ts'

interface Dev extends AsyncDisposable {
  readonly project: Project
  readonly server: ViteDevServer
  readonly socket: HmrSocket
  fetch(path: string): Promise<string>
  edit(file: string, change: (text: string) => string): Promise<void>
}

// As a browser's script request; Vite answers other requests for unknown files with the page.
async function startDev(given?: Project): Promise<Dev> {
  const project = given ?? (await createProject('vite'))
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: [...conditions] },
    plugins: [createPlugin(stubCompiler).vite()],
    server: {
      port: 0,
      host: '127.0.0.1',
      fs: { allow: [project.root, workspace] },
      watch: null,
    },
  })
  await server.listen()
  const socket = await openHmrSocket(server)
  const origin = server.resolvedUrls?.local[0] ?? ''
  return {
    project,
    server,
    socket,
    fetch: async (path) => (await fetch(new URL(path, origin), { headers: { 'sec-fetch-dest': 'script' } })).text(),
    // Tells the server itself: how soon a watcher notices is not what is tested.
    async edit(file, change) {
      await project.edit(file, change)
      server.watcher.emit('change', project.path(file))
    },
    async [Symbol.asyncDispose]() {
      socket.close()
      await server.close()
      await project[Symbol.asyncDispose]()
    },
  }
}

test('an edit of a module, or of one that it imports, updates the module in place', async () => {
  await using dev = await startDev()
  await dev.fetch('/src/main.ts')
  const code = await dev.fetch('/src/net.tsjit?import')
  expect(code).toContain("names: 'readable'")
  expect(code).toContain('import.meta.hot.accept()')
  expect(code).toMatch(/from "\/@fs\/.*\/hot\.ts"/)
  await dev.edit('src/net.tsjit', (text) => text.replace('* 2', '* 3'))
  expect((await dev.socket.next('update')).updates).toMatchObject([{ type: 'js-update', path: '/src/net.tsjit' }])
  expect(await dev.fetch('/src/net.tsjit?import&t=1')).toContain('* 3')
  await dev.edit('src/layers.tsjit', (text) => text.replace('+ 100', '+ 200'))
  expect((await dev.socket.next('update')).updates).toMatchObject([{ type: 'js-update', path: '/src/net.tsjit' }])
  expect(await dev.fetch('/src/net.tsjit?import&t=2')).toContain('+ 200')
})

test('a wrong module shows the overlay with place and frame, until it is right again', async () => {
  await using dev = await startDev()
  await dev.fetch('/src/main.ts')
  await dev.fetch('/src/net.tsjit?import')
  await dev.edit('src/net.tsjit', (text) => `${text}export const bad = () => a + b\n`)
  await dev.socket.next('update')
  await dev.fetch('/src/net.tsjit?import&t=1')
  const { err } = await dev.socket.next('error')
  expect(err.message).toMatch(/^src\/net\.tsjit:10:26 error tsjit\(dim_conflict\): /)
  expect(err.loc).toMatchObject({ line: 10, column: 25 })
  expect(err.loc?.file).toMatch(/src\/net\.tsjit$/)
  expect(err.plugin).toBe('tsjit')
  // What Vite's overlay takes for a frame; anything else it drops.
  expect((err.frame ?? '').replaceAll(/^(?:>?\s*\d+\s+\|.*|\s+\|\s*\^.*)\r?\n/gm, '').trim()).toBe('')
  expect(err.frame).toContain('> 10 | export const bad = () => a + b\n')
  await dev.edit('src/net.tsjit', (text) => text.replace('a + b', '1'))
  expect((await dev.socket.next('update')).updates).toMatchObject([{ path: '/src/net.tsjit' }])
  expect(await dev.fetch('/src/net.tsjit?import&t=2')).toContain("name: 'net'")
})

test('unchanged files are compiled once; the eager form is another module', async () => {
  await using dev = await startDev()
  const before = counter.compiled
  await dev.fetch('/src/net.tsjit?import')
  await dev.server.environments.client.pluginContainer.load(dev.project.path('src/net.tsjit'))
  expect(counter.compiled).toBe(before + 1)
  const eager = await dev.fetch('/src/net.tsjit?import&eager')
  expect(eager).toContain('layers.tsjit?')
  expect(eager).toMatch(/layers\.tsjit\?[^"']*eager/)
  expect(eager).toContain('model(')
})

test('a file that appears after a failed import is found', async () => {
  await using dev = await startDev()
  await dev.edit('src/net.tsjit', (text) => text.replace('./layers.tsjit', './later'))
  expect(await dev.fetch('/src/net.tsjit?import')).not.toContain('soon')
  await writeFile(dev.project.path('src/later.tsjit'), 'export const scale = () => "soon"\n')
  dev.server.moduleGraph.invalidateAll()
  expect(await dev.fetch('/src/net.tsjit?import&t=1')).toContain('soon')
})

test('a package in node_modules may import .tsjit: the dependency optimizer compiles it', async () => {
  await using project = await createProject('vite')
  const file = (path: string): string => project.path(`node_modules/lib/${path}`)
  await mkdir(file(''), { recursive: true })
  await writeFile(file('package.json'), '{ "name": "lib", "type": "module", "main": "index.js" }')
  await writeFile(file('index.js'), "export { net } from './net.tsjit'\n")
  await writeFile(file('net.tsjit'), 'export const net = model({})\n')
  await project.edit('src/main.ts', () => "import { net } from 'lib'\nconsole.log(net)\n")
  await using dev = await startDev(project)
  const main = await dev.fetch('/src/main.ts')
  const [, path = ''] = /from "([^"]*lib[^"]*)"/.exec(main) ?? []
  expect(path).toContain('/deps/lib.js')
  expect(await dev.fetch(path)).toContain('name: "net"')
})
