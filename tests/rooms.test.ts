// The table of who may import whom: packages of one another, and the rooms inside the DSL and the compiler. Type imports count.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isBuiltin } from 'node:module'
import { importsOf } from './support/imports.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface PackageRule {
  readonly name: string
  readonly mayImport: readonly string[]
  /** npm packages that its sources may import, besides those of the workspace. */
  readonly outside?: readonly string[]
  /** Whether it may use Node's own modules. */
  readonly node?: true
}

const packages: { readonly [folder: string]: PackageRule } = {
  host: { name: '@tsjit/host', mayImport: [] },
  dsl: { name: '@tsjit/dsl', mayImport: ['@tsjit/host'] },
  nn: { name: '@tsjit/nn', mayImport: ['@tsjit/dsl'] },
  compiler: {
    name: '@tsjit/compiler',
    mayImport: ['@tsjit/dsl', '@tsjit/host'],
    outside: ['@babel/parser', '@babel/types', 'binaryen', 'magic-string'],
  },
  'runtime-webgpu': { name: '@tsjit/runtime-webgpu', mayImport: ['@tsjit/host'] },
  'runtime-wasm': { name: '@tsjit/runtime-wasm', mayImport: ['@tsjit/host'] },
  'runtime-cuda': { name: '@tsjit/runtime-cuda', mayImport: ['@tsjit/host'], outside: ['koffi'], node: true },
  'unplugin-tsjit': {
    name: 'unplugin-tsjit',
    mayImport: ['@tsjit/compiler'],
    outside: ['unplugin', 'vite', 'webpack', 'rollup', 'rolldown', 'esbuild', '@rspack/core', '@farmfe/core'],
    node: true,
  },
  cli: {
    name: 'tsjit',
    mayImport: ['@tsjit/compiler', '@tsjit/dsl', '@tsjit/host', '@tsjit/runtime-webgpu', 'unplugin-tsjit'],
    outside: ['webgpu'],
    node: true,
  },
}

const nouns = ['ir/source', 'ir/type', 'ir/graph', 'ir/kernel', 'ir/plan']

type Rooms = { readonly [room: string]: readonly string[] | 'everything' }

const roomsOfDsl: Rooms = {
  types: [],
  primitives: ['types'],
  operations: ['types', 'primitives'],
  template: ['types', 'operations'],
  declare: ['types', 'operations'],
  combinators: ['types', 'primitives', 'operations'],
  eager: 'everything',
  compiler: 'everything',
  index: 'everything',
}

// A room is named by its path under src, without `.ts` where it is one file.
const rooms: Rooms = {
  base: [],
  diagnostics: ['base'],
  'ir/type': ['base'],
  'ir/source': ['base', 'diagnostics'],
  'ir/graph': ['base', 'diagnostics', 'ir/type', 'ir/source'],
  'ir/kernel': ['base', 'ir/type'],
  'ir/plan': ['base', 'ir/type', 'ir/graph', 'ir/kernel'],
  '1-parse': ['base', 'diagnostics', 'ir/source'],
  '2-lower': ['base', 'diagnostics', 'ir/source', 'ir/type', 'ir/graph'],
  '3-optimize': ['base', 'ir/type', 'ir/graph'],
  '4-schedule': ['base', 'diagnostics', ...nouns],
  '5-codegen': ['base', 'diagnostics', 'ir/type', 'ir/kernel', 'ir/plan'],
  '6-emit': ['base', 'diagnostics', 'ir/source', 'ir/type', 'ir/graph', 'ir/kernel', 'ir/plan'],
  compile: 'everything',
  'export-c': 'everything',
  'place-plans': 'everything',
  'print-plans': 'everything',
  explain: 'everything',
  strip: 'everything',
  options: 'everything',
  index: 'everything',
}

interface SourceFile {
  readonly path: string
  readonly text: string
}

interface Findings {
  readonly violations: readonly string[]
  readonly seen: number
}

describe('packages', () => {
  for (const [folder, rule] of Object.entries(packages)) {
    test(`${rule.name} imports only what it may`, () => {
      const files = sourcesIn(join(root, 'packages', folder, 'src'))
      expect(files).not.toHaveLength(0)
      expect(checkPackage(rule, files).violations).toEqual([])
    })
  }

  test('every package has a row', () => {
    expect(readdirSync(join(root, 'packages')).toSorted()).toEqual(Object.keys(packages).toSorted())
  })

  test('imports were seen', () => {
    const seen = Object.entries(packages).map(
      ([folder, rule]) => checkPackage(rule, sourcesIn(join(root, 'packages', folder, 'src'))).seen,
    )
    expect(seen.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10)
  })

  test('a planted import is found, in every form that an import takes', () => {
    const texts = [
      `import { a } from '@tsjit/compiler'`,
      `import type { A } from '@tsjit/compiler'`,
      `import '@tsjit/compiler/x'`,
      `export { a } from '@tsjit/compiler'`,
      `export * from '@tsjit/compiler'`,
      `export type { A } from '@tsjit/compiler'`,
      `const load = () => import('@tsjit/compiler')`,
      `type A = import('@tsjit/compiler').A`,
      `export function f(): import('@tsjit/compiler').A { return import.meta as never }`,
    ]
    for (const text of texts) {
      const { violations } = checkPackage(packages['dsl']!, [{ path: 'planted.ts', text }])
      expect(violations, text).toEqual([expect.stringMatching(/^planted\.ts imports @tsjit\/compiler/)])
    }
  })

  test('leaving a package by a relative path, or using Node in the browser, is found', () => {
    const text = `import { a } from '../../../dsl/src/index.ts'; import fs from 'node:fs'; import x from 'left-pad'`
    expect(checkPackage(packages['host']!, [{ path: 'planted.ts', text }]).violations).toEqual([
      'planted.ts imports ../../../dsl/src/index.ts, which is outside the package',
      'planted.ts imports node:fs',
      'planted.ts imports left-pad',
    ])
  })
})

describe('rooms of the dsl', () => {
  const files = sourcesIn(join(root, 'packages', 'dsl', 'src'))

  test('every room imports only what it may', () => {
    expect(checkRooms(files, roomsOfDsl).violations).toEqual([])
  })

  test('planted violations are found', () => {
    const planted = [
      { path: 'operations/logic.ts', text: `import { cond } from '../combinators/branches.ts'` },
      { path: 'combinators/scan.ts', text: `import type { EagerTensor } from '../eager/eager-tensor.ts'` },
    ]
    expect(checkRooms(planted, roomsOfDsl).violations).toEqual([
      'operations/logic.ts: operations imports combinators',
      'combinators/scan.ts: combinators imports eager',
    ])
  })
})

describe('rooms of the compiler', () => {
  const files = sourcesIn(join(root, 'packages', 'compiler', 'src'))

  test('every room imports only what it may', () => {
    expect(checkRooms(files, rooms).violations).toEqual([])
  })

  test('imports were seen', () => {
    expect(checkRooms(files, rooms).seen).toBeGreaterThan(3)
  })

  test('planted violations are found', () => {
    const planted = [
      { path: 'ir/graph/graph.ts', text: `import type { Pass } from '../../3-optimize/optimize.ts'` },
      { path: '2-lower/lower.ts', text: `import { parse } from '../1-parse/parse.ts'` },
      { path: '3-optimize/simplify.ts', text: `export { report } from '../diagnostics/reporter.ts'` },
      { path: '5-codegen/wgsl/render.ts', text: `const p = () => import('../../4-schedule/schedule.ts')` },
      { path: 'helpers/text.ts', text: '' },
    ]
    expect(checkRooms(planted, rooms).violations).toEqual([
      'ir/graph/graph.ts: ir/graph imports 3-optimize',
      '2-lower/lower.ts: 2-lower imports 1-parse',
      '3-optimize/simplify.ts: 3-optimize imports diagnostics',
      '5-codegen/wgsl/render.ts: 5-codegen imports 4-schedule',
      'helpers/text.ts: no such room in the table',
    ])
  })
})

/** Returns what a package's files import against its row; a file's path is relative to the package's `src`. */
function checkPackage(rule: PackageRule, files: readonly SourceFile[]): Findings {
  const violations: string[] = []
  let seen = 0
  for (const { path, text } of files) {
    for (const specifier of importsOf(text, path)) {
      seen += 1
      if (specifier.startsWith('.')) {
        if (join(path, '..', specifier).startsWith('..')) {
          violations.push(`${path} imports ${specifier}, which is outside the package`)
        }
      } else if (!isAllowedOutside(rule, specifier)) violations.push(`${path} imports ${specifier}`)
    }
  }
  return { violations, seen }
}

function isAllowedOutside(rule: PackageRule, specifier: string): boolean {
  if (isBuiltin(specifier)) return rule.node === true
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  return rule.mayImport.includes(name) || (rule.outside ?? []).includes(name)
}

/** Returns what files of a package import against its table of rooms; paths are relative to `src`. */
function checkRooms(files: readonly SourceFile[], table: Rooms): Findings {
  const violations: string[] = []
  let seen = 0
  for (const { path, text } of files) {
    const room = roomOf(path, table)
    if (room === undefined) {
      violations.push(`${path}: no such room in the table`)
      continue
    }
    for (const specifier of importsOf(text, path).filter((name) => name.startsWith('.'))) {
      seen += 1
      const target = join(path, '..', specifier)
      const other = roomOf(target, table)
      const allowed = table[room]!
      const isAllowed = other !== undefined && (other === room || allowed === 'everything' || allowed.includes(other))
      if (!isAllowed) violations.push(`${path}: ${room} imports ${other ?? target}`)
    }
  }
  return { violations, seen }
}

function roomOf(path: string, table: Rooms): string | undefined {
  const bare = path.replace(/\.tsx?$/, '')
  return Object.keys(table).find((room) => bare === room || bare.startsWith(`${room}/`))
}

// Tests may import anything: they are not part of what is shipped.
function sourcesIn(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsjit)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), text: readFileSync(file, 'utf8') }))
}
