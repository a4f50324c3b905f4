// `.tsjit` text as plain JavaScript.
import { parse } from '@babel/parser'
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping'
import { expect, test } from 'vitest'
import { stripModule } from './strip-module.ts'

function strip(text: string, rewrite: (specifier: string) => string = (s) => s): string {
  const ast = parse(text, { sourceType: 'module', plugins: ['typescript'] })
  const { code } = stripModule({ file: 'm.tsjit', text, ast, rewrite })
  expect(() => parse(code, { sourceType: 'module' }), code).not.toThrow()
  return code
}

test.each([
  ['const a: number = 1', 'const a = 1'],
  ['const f = <T,>(x: T, y?: T): T => x', 'const f = (x, y) => x'],
  ['const f = (x: Tensor): {\n  a: 1\n} => ({ a: x })', 'const f = (x) => ({ a: x })'],
  ['function f(x: number, ...rest: number[]): void {}', 'function f(x, ...rest) {}'],
  ['const { a, b }: { a: 1; b: 2 } = c', 'const { a, b } = c'],
  ['const a = (b as number) + (c)! + (<number>d)', 'const a = (b ) + (c) + (d)'],
  ['const a = [1, 2] as const satisfies readonly number[]', 'const a = [1, 2]  '],
  ['const a = (b) as any as B', 'const a = (b)  '],
  ['let a!: number', 'let a'],
  ['const a = f<number>(1)', 'const a = f(1)'],
  ['const a = b as C\n[1].map(d)', 'const a = b ;\n[1].map(d)'],
  ['const a = b as C\n  + 1', 'const a = b \n  + 1'],
  ['type A = 1\ninterface B { x: 1 }\nexport type C = A\nexport interface D {}\ndeclare const e: 1\nlet f', 'let f'],
  [
    'export declare function f(x: 1): 2\nfunction g(x: 1): 2\nfunction g(x: any) { return x }',
    'function g(x) { return x }',
  ],
])('%s', (text, wanted) => expect(strip(text).trim()).toBe(wanted.trim()))

test('imports that only types use are gone, the others stay', () => {
  const text = `import { model, Tensor, type DType, tj as t } from '@tsjit/dsl'
import type { X } from './x'
import * as all from './all'
import Only, { other } from './only'
import './effect'
const f = (x: Tensor, y: DType, z: X, o: Only): all.A => model(t, other)`
  expect(strip(text).split('\n')).toEqual([
    "import { model, tj as t } from '@tsjit/dsl'",
    '',
    '',
    "import { other } from './only'",
    "import './effect'",
    'const f = (x, y, z, o) => model(t, other)',
  ])
})

test('exports of types are gone', () => {
  expect(
    strip("type A = 1\nconst b = 2\nexport { b, A, type A as C }\nexport type { D } from './d'\nexport * from './e'")
      .trim()
      .split('\n'),
  ).toEqual(['const b = 2', 'export { b }', '', "export * from './e'"])
})

test('specifiers are rewritten', () => {
  const text = `import { a } from './layers.tsjit'\nimport { b } from "@tsjit/nn"\nexport { c } from './c.tsjit'\nexport const d = a(b)`
  expect(strip(text, (s) => (s.includes('tsjit') ? `${s}?eager` : s))).toBe(
    `import { a } from "./layers.tsjit?eager"\nimport { b } from "@tsjit/nn?eager"\nexport { c } from "./c.tsjit?eager"\nexport const d = a(b)`,
  )
})

test('what is left maps to where it was', () => {
  const text = `import type { T } from 't'\ntype A = {\n  x: 1\n}\nexport const f = (x: number): A => g(x as T)`
  const ast = parse(text, { sourceType: 'module', plugins: ['typescript'] })
  const { code, map } = stripModule({ file: 'm.tsjit', text, ast, rewrite: (s) => s })
  const trace = new TraceMap({
    ...map,
    version: 3,
    sources: [...map.sources],
    sourcesContent: [...map.sourcesContent],
    names: [...map.names],
  })
  for (const word of ['export', 'const', 'g(x']) {
    const at = code.indexOf(word)
    const line = code.slice(0, at).split('\n').length
    const column = at - (code.lastIndexOf('\n', at - 1) + 1)
    const found = originalPositionFor(trace, { line, column })
    const lines = text.split('\n')
    expect(lines[(found.line ?? 0) - 1]!.slice(found.column!)).toMatch(new RegExp(`^${word.replace(/\W.*/, '')}`))
  }
})
