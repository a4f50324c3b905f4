import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolvePackage } from './resolve-package.ts'
import { createSourceHost } from './source-host.ts'

let root = ''

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tsjit-')))
  const exports = {
    '.': { tsjit: './src/index.tsjit', default: './dist/index.js' },
    './*.tsjit': './src/*.tsjit',
    './inner/*': { source: './src/*.tsjit', default: './dist/*.js' },
    './hidden': { none: './src/index.tsjit' },
  }
  const files: Readonly<Record<string, string>> = {
    'node_modules/@a/b/package.json': JSON.stringify({ exports }),
    'node_modules/@a/b/src/index.tsjit': '',
    'node_modules/@a/b/src/deep.tsjit': '',
    'node_modules/@a/b/dist/deep.js': '',
    'node_modules/old/package.json': JSON.stringify({ main: 'lib.tsjit' }),
    'node_modules/old/lib.tsjit': '',
    'app/src/net.tsjit': 'text',
    'app/src/other.tsjit.ts': '',
    'app/src/numbers.json': '[]',
    'app/src/folder/index.tsjit': '',
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
})

afterAll(() => rm(root, { recursive: true }))

test('bare specifiers follow exports: conditions, patterns, main', () => {
  const find = (specifier: string, conditions?: readonly string[]): string | undefined =>
    resolvePackage(specifier, join(root, 'app/src'), conditions)?.slice(root.length)
  expect(find('@a/b')).toBe('/node_modules/@a/b/src/index.tsjit')
  expect(find('@a/b/deep.tsjit')).toBe('/node_modules/@a/b/src/deep.tsjit')
  expect(find('@a/b/inner/deep')).toBe('/node_modules/@a/b/dist/deep.js')
  expect(find('@a/b/inner/deep', ['source'])).toBe('/node_modules/@a/b/src/deep.tsjit')
  expect(find('old')).toBe('/node_modules/old/lib.tsjit')
  expect(['@a/b/hidden', '@a/b/none.tsjit', '@a/none', 'none', './net.tsjit', '#x'].map((each) => find(each))).toEqual(
    Array.from({ length: 6 }),
  )
})

test('relative specifiers may leave out extensions', async () => {
  const host = createSourceHost()
  const importer = join(root, 'app/src/net.tsjit')
  const find = async (specifier: string): Promise<string | undefined> =>
    (await host.resolve(specifier, importer))?.slice(root.length + '/app/src/'.length)
  expect(await find('./net.tsjit')).toBe('net.tsjit')
  expect(await find('./net')).toBe('net.tsjit')
  expect(await find('./other.tsjit')).toBe('other.tsjit.ts')
  expect(await find('./other.tsjit.js')).toBe('other.tsjit.ts')
  expect(await find('./numbers')).toBe('numbers.json')
  expect(await find('./folder')).toBe('folder/index.tsjit')
  expect(await find('./none')).toBeUndefined()
})

test('a host knows when its answers no longer hold', async () => {
  const host = createSourceHost()
  const file = join(root, 'app/src/net.tsjit')
  expect(await host.read(file)).toBe('text')
  expect(await host.resolve('./new', file)).toBeUndefined()
  expect([...host.files]).toEqual([file])
  expect(await host.isCurrent()).toBe(true)
  await writeFile(join(root, 'app/src/new.tsjit'), '')
  expect(await host.isCurrent()).toBe(false)
})
