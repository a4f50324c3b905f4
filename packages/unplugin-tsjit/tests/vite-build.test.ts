// Vite, build: the output, chunks, maps, declarations, and errors as they reach the terminal.
import { readFile, readdir } from 'node:fs/promises'
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { createPlugin } from '../src/plugin.ts'
import type { Options } from '../src/options.ts'
import { conditions, createProject } from './support/project.ts'
import type { Project } from './support/project.ts'
import { stubCompiler } from './support/stub-compiler.ts'

async function buildWith(project: Project, options?: Options): Promise<Map<string, string>> {
  await build({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: [...conditions] },
    plugins: [createPlugin(stubCompiler).vite(options)],
    build: { sourcemap: true, minify: false },
  })
  const files = await readdir(project.path('dist/assets'))
  const texts = await Promise.all(files.map((file) => readFile(project.path(`dist/assets/${file}`), 'utf8')))
  return new Map(files.map((file, index) => [file, texts[index] ?? '']))
}

test('a build compiles, minifies names, and keeps the eager form in a chunk of its own', async () => {
  await using project = await createProject('vite')
  const files = await buildWith(project)
  const [entry = ''] = [...files].filter(([name]) => /^index-.*\.js$/.test(name)).map(([, text]) => text)
  expect(entry).toContain('name: "net"')
  expect(entry).toContain('names: "minified"')
  expect(entry).not.toContain('import.meta.hot')
  const chunk = [...files].find(([name]) => /^net-.*\.js$/.test(name))
  expect(chunk?.[1]).toContain('scale')
})

test('source maps lead to the .tsjit file', async () => {
  await using project = await createProject('vite')
  const files = await buildWith(project)
  const [name = '', code = ''] = [...files].find(([file]) => /^index-.*\.js$/.test(file)) ?? []
  const lines = code.split('\n')
  const line = lines.findIndex((text) => text.includes('name: "net"'))
  const start = lines.findLastIndex((text, index) => index <= line && text.includes('net ='))
  const place = originalPositionFor(new TraceMap(files.get(`${name}.map`) ?? ''), {
    line: start + 1,
    column: (lines[start] ?? '').indexOf('net'),
  })
  expect(place.source).toMatch(/src\/net\.tsjit$/)
  expect(place.line).toBe(6)
})

test('declarations are mirrored, and only where wanted', async () => {
  await using project = await createProject('vite')
  await buildWith(project)
  expect(await readFile(project.path('.tsjit/types/src/net.d.tsjit.ts'), 'utf8')).toContain('declare const net')
  expect(await readFile(project.path('.tsjit/types/.gitignore'), 'utf8')).toBe('*\n')
  await using other = await createProject('vite')
  await buildWith(other, { types: false })
  await expect(readdir(other.path('.tsjit'))).rejects.toThrow('ENOENT')
})

test('a mistake fails the build with place, frame and every error of the module', async () => {
  await using project = await createProject('vite')
  await project.edit('src/net.tsjit', (text) => `${text}export const bad = () => [a + b, c + d]\n`)
  const error = await buildWith(project).then(
    () => undefined,
    (reason: unknown) => reason as Error & { errors?: readonly unknown[] },
  )
  const text = String(error?.message)
  expect(text).toMatch(/src\/net\.tsjit:10:27 error tsjit\(\w+\): /)
  expect(text).toMatch(/src\/net\.tsjit:10:34 error tsjit\(\w+\): /)
  expect(text).toMatch(/> 10 \| export const bad/)
  expect(text).not.toContain('node_modules')
})

test('unknown options and wrong values are refused', () => {
  const create = (options: object) => () => createPlugin(stubCompiler).vite(options as Options)
  expect(create({ nmes: 'minified' })).toThrow(
    /config_unknown\): there is no compiler option `nmes`\nhelp: did you mean names\?/,
  )
  expect(create({ names: 'short' })).toThrow(
    /config_invalid\): .*`names` must be 'readable' or 'minified', not "short"/,
  )
  expect(create({ modes: ['test'] })).toThrow(/config_invalid/)
  expect(create({ names: undefined, modes: ['eval'], eager: false, hmr: true, types: { out: 'types' } })).not.toThrow()
})
