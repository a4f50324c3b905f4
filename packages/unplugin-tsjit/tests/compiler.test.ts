// The plugin on the real compiler: what an app gets, and what a mistake looks like.
import { readFile, readdir } from 'node:fs/promises'
import * as compiler from '@tsjit/compiler'
import { TraceMap, eachMapping } from '@jridgewell/trace-mapping'
import { build } from 'vite'
import webpack from 'webpack'
import { expect, test } from 'vitest'
import type { Options } from '../src/options.ts'
import { createPlugin } from '../src/plugin.ts'
import { conditions, createProject } from './support/project.ts'
import type { Project } from './support/project.ts'

const plugin = createPlugin(compiler)

async function buildWithVite(
  project: Project,
  options: Options = { targets: ['webgpu', 'wasm'] },
): Promise<ReadonlyMap<string, string>> {
  await build({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: [...conditions] },
    plugins: [plugin.vite(options)],
    build: { sourcemap: true },
  })
  const names = await readdir(project.path('dist/assets'))
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(project.path(`dist/assets/${name}`), 'utf8')] as const),
    ),
  )
}

test('Vite: a page has what profiles need where the build says so, and no trace of it elsewhere', async () => {
  await using project = await createProject('vite')
  const entryOf = async (options: Options): Promise<string> => {
    const files = await buildWithVite(project, { ...options, eager: false, targets: ['webgpu'] })
    return [...files].find(([file]) => /^index-.*\.js$/.test(file))?.[1] ?? ''
  }
  const entry = await entryOf({})
  expect(entry).toContain('@compute')
  expect(entry).not.toMatch(/timestamp|milliseconds|net\.tsjit:/)
  expect(await entryOf({ profile: true })).toMatch(/timestamp-query[^]*net\.tsjit:\d+:\d+/)
})

test('Vite: kernels in the entry, neither compiler nor eager library with them', async () => {
  await using project = await createProject('vite')
  const files = await buildWithVite(project)
  const [name = '', entry = ''] = [...files].find(([file]) => /^index-.*\.js$/.test(file)) ?? []
  expect(entry).toContain('@compute')
  expect(entry).not.toContain('babel')
  const eager = [...files].find(([file]) => /^net-.*\.js$/.test(file))
  expect(eager?.[1]).toBeDefined()
  expect(entry.length).toBeLessThan(40_000)
  const map = new TraceMap(files.get(`${name}.map`) ?? '')
  expect(map.sources.some((source) => source?.endsWith('src/net.tsjit'))).toBe(true)
  // The exported name is where generated code meets the user's.
  let isMapped = false
  eachMapping(map, ({ source, originalLine }) => {
    isMapped ||= source?.endsWith('src/net.tsjit') === true && originalLine === 6
  })
  expect(isMapped).toBe(true)
  const types = await readFile(project.path('.tsjit/types/src/net.d.tsjit.ts'), 'utf8')
  expect(types).toContain('net')
})

test('Vite: a model that a CPU runs before a GPU has started is WebAssembly first', async () => {
  await using project = await createProject('vite')
  const files = await buildWithVite(project, {})
  const [, entry = ''] = [...files].find(([file]) => /^index-.*\.js$/.test(file)) ?? []
  expect(entry).not.toContain('@compute')
  expect(entry).toContain('WebAssembly')
  expect([...files].some(([file, code]) => file.startsWith('net-') && code.includes('@compute'))).toBe(true)
})

test('Vite: a mistake shows at the expression of the user', async () => {
  await using project = await createProject('vite')
  await project.edit('src/main.ts', () => "import './wrong.tsjit'\n")
  await expect(buildWithVite(project)).rejects.toThrow(
    /src\/wrong\.tsjit:5:34 error tsjit\(\w+\)[^]*> 5 \| {3}forward: \(\{ x, y \}\) => \(\{ sum: x \+ y \}\),/,
  )
})

test('webpack: the same module', { timeout: 60_000 }, async () => {
  await using project = await createProject('webpack')
  const bundler = webpack({
    mode: 'production',
    context: project.root,
    entry: './src/main.js',
    output: { path: project.path('dist') },
    resolve: { conditionNames: ['tsjit-source', '...'] },
    // Only here: this package and its neighbours are taken from their sources.
    module: {
      rules: [
        {
          test: /(?<!\.tsjit)\.ts$/,
          loader: new URL('./support/strip-loader.cjs', import.meta.url).pathname,
          type: 'javascript/auto',
        },
      ],
    },
    plugins: [plugin.webpack({ targets: ['webgpu', 'wasm'] })],
  })
  const stats = await new Promise<string>((resolve, reject) => {
    bundler?.run((error, result) => {
      bundler.close(() => (error ? reject(error) : resolve(result?.toString('errors-only') ?? '')))
    })
  })
  expect(stats).toBe('')
  expect(await readFile(project.path('dist/main.js'), 'utf8')).toContain('@compute')
})

test('Vite: a call of the host stays JavaScript in the bundle, and the build says what it costs', async () => {
  await using project = await createProject('vite')
  await project.edit(
    'src/net.tsjit',
    () => `import { f32, host, model } from '@tsjit/dsl'

const step: number = 7

export const net = model({
  inputs: { x: f32(4) },
  forward: ({ x }) => host((a) => a.data.map((each: number) => each * step + Date.now()), f32(4))(x),
})
`,
  )
  const notes: string[] = []
  await build({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: [...conditions] },
    plugins: [plugin.vite({ targets: ['webgpu'] })],
    build: { rolldownOptions: { onLog: (level, { message }) => void notes.push(`${level}: ${message}`) } },
  })
  expect(notes.join('\n')).toMatch(/info: .*net\.tsjit:7:23 info tsjit\(flow_host_cost\): .* 16 B leave the device/)
  const names = await readdir(project.path('dist/assets'))
  const texts = await Promise.all(names.map((name) => readFile(project.path(`dist/assets/${name}`), 'utf8')))
  expect(texts.find((text) => text.includes('@compute'))).toMatch(/\*\s*7\s*\+\s*Date\.now\(\)/)
})
