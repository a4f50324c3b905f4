// webpack 5: the proof that nothing is Vite's alone.
import { readFile } from 'node:fs/promises'
import webpack from 'webpack'
import type { Configuration, Stats } from 'webpack'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import type { Options } from '../src/options.ts'
import { createProject } from './support/project.ts'
import type { Project } from './support/project.ts'
import { stubCompiler } from './support/stub-compiler.ts'

async function buildWith(project: Project, config: Configuration = {}, options?: Options): Promise<Stats> {
  const compiler = webpack({
    mode: 'production',
    context: project.root,
    entry: './src/main.js',
    devtool: 'source-map',
    resolve: { conditionNames: ['tsjit-source', '...'] },
    output: { path: project.path('dist') },
    optimization: { minimize: false },
    ...config,
    plugins: [createPlugin(stubCompiler).webpack(options), ...(config.plugins ?? [])],
  })
  return new Promise((resolve, reject) => {
    compiler?.run((error, stats) => {
      compiler.close(() => (error || !stats ? reject(error ?? new Error('no stats')) : resolve(stats)))
    })
  })
}

test('a build compiles, with the eager form in a chunk of its own', async () => {
  await using project = await createProject('webpack')
  const stats = await buildWith(project)
  expect(stats.toString('errors-only')).toBe('')
  const entry = await readFile(project.path('dist/main.js'), 'utf8')
  expect(entry).toContain("name: 'net'")
  expect(entry).toContain("names: 'minified'")
  expect(entry).not.toContain('(x) => tj')
  const assets = Object.keys(stats.compilation.assets).filter((name) => name.endsWith('.js'))
  expect(assets).toHaveLength(2)
  const map = JSON.parse(await readFile(project.path('dist/main.js.map'), 'utf8')) as { sources: string[] }
  expect(map.sources.some((source) => source.endsWith('src/net.tsjit'))).toBe(true)
  expect(await readFile(project.path('.tsjit/types/src/net.d.tsjit.ts'), 'utf8')).toContain('declare const net')
})

test('a mistake is one error: ours, with place and frame and no stack', async () => {
  await using project = await createProject('webpack')
  await project.edit('src/net.tsjit', (text) => `${text}export const bad = () => a + b\n`)
  const { errors = [] } = (await buildWith(project)).toJson({ all: false, errors: true })
  expect(errors).toHaveLength(1)
  expect(errors[0]?.message).toMatch(/src\/net\.tsjit:10:26 error tsjit\(dim_conflict\): /)
  expect(errors[0]?.message).toContain('> 10 | export const bad = () => a + b')
  expect(errors[0]?.message).not.toMatch(/^\s+at /m)
})

test('development is readable and replaces itself', async () => {
  await using project = await createProject('webpack')
  const plugins = [new webpack.HotModuleReplacementPlugin()]
  const rules = [{ test: /hot\.ts$/, loader: new URL('./support/strip-loader.cjs', import.meta.url).pathname }]
  const stats = await buildWith(project, { mode: 'development', devtool: false, plugins, module: { rules } })
  expect(stats.toString('errors-only')).toBe('')
  const entry = await readFile(project.path('dist/main.js'), 'utf8')
  expect(entry).toContain("names: 'readable'")
  expect(entry).toContain('module.hot.accept()')
})

test('the file system cache is not shared with other options', async () => {
  await using project = await createProject('webpack')
  const cache = (): Configuration => ({ cache: { type: 'filesystem', cacheDirectory: project.path('cache') } })
  await buildWith(project, cache())
  await buildWith(project, cache(), { names: 'readable' })
  expect(await readFile(project.path('dist/main.js'), 'utf8')).toContain("names: 'readable'")
})
