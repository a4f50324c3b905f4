// Parsing: syntax errors, imports, and what may stand at the top of a module.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

test('every syntax error at its place', async () => {
  const { messages, module } = await lowerText('const a = 1\nconst a = 2\nconst b\nexport const c = 08')
  expect(module).toBeUndefined()
  expect(messages).toEqual([
    "2:7 syntax_invalid: this is not TypeScript: Identifier 'a' has already been declared",
    '3:8 syntax_invalid: this is not TypeScript: Missing initializer in const declaration',
    '4:18 syntax_invalid: this is not TypeScript: Legacy octal literals are not allowed in strict mode',
  ])
})

test('a syntax error in an imported module is reported there', async () => {
  const { messages, module } = await lowerText("import { a } from './a.tsjit'", {}, { '/app/a.tsjit': '\n  const = 1' })
  expect(module).toBeUndefined()
  expect(messages.map((message) => message.slice(0, 19))).toEqual(['2:9 syntax_invalid:'])
})

test('all that cannot stand at the top of a module, in one go', async () => {
  const { diagnostics, places } = await lowerText(`
let a = 1
class B {}
if (1) {}
for (;;) {}
console.log(1)
enum E { X }
namespace N {}
throw 1
x = 2
export let c = 3
`)
  const codes = diagnostics.filter(({ code }) => code === 'source_unsupported_module_level')
  expect(codes).toHaveLength(10)
  expect(places).toContain('let c = 3')
})

test('what cannot stand there is said once, each at its place and in order', async () => {
  const { diagnostics } = await lowerText("class B {}\nconsole.log('hi')\nthrow new Error('no')\nif (x) y\n")
  expect(diagnostics.map(({ code, span }) => [code, span.start])).toEqual([
    ['source_unsupported_module_level', 0],
    ['source_unsupported_module_level', 11],
    ['source_unsupported_module_level', 29],
    ['source_unsupported_module_level', 51],
  ])
})

test.each([
  ['brackets', `export const a = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, 17 + 19_999],
  ['arrays', `export const a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 17 + 19_999],
  ['a sum', `export const a = 1${' + 1'.repeat(20_000)}`, 0],
  ['a chain of calls', `export const f = (x) => x${'.relu()'.repeat(3000)}`, 24],
])('%s nested too deeply are an error and no overflow', async (_, text, start) => {
  const { diagnostics } = await lowerText(text)
  expect(diagnostics).toMatchObject([{ code: 'syntax_invalid', span: { start } }])
  expect(diagnostics[0]?.message).toContain('nested too deeply')
})

test('bytes that are no UTF-8 are an error at their place', async () => {
  const { diagnostics } = await lowerText("export const a = '\uFFFD'")
  expect(diagnostics).toMatchObject([
    { code: 'syntax_invalid', message: expect.stringContaining('not UTF-8'), span: { start: 18, end: 19 } },
  ])
})

test('types, declarations and directives may stand there', async () => {
  const { messages } = await lowerText(`'use strict'
type A = number
interface B { a: A }
declare const c: number
declare function d(): void
declare module 'x' {}
export type { A }
export interface E {}
;
import type { F } from 'anything'
import { type G } from 'anything'
`)
  expect(messages).toEqual([])
})

test.each([
  ['react', 'import from `@tsjit/dsl`'],
  ['./none.tsjit', 'check the path'],
  ['@tsjit/none', 'npm install @tsjit/none'],
  ['./plain.ts', 'is not a `.tsjit` module'],
  ['./bad.json', 'is not JSON'],
])('an import of %s', async (specifier, help) => {
  const files = { '/app/plain.ts': 'export const a = 1', '/app/bad.json': '{' }
  const { diagnostics, places } = await lowerText(
    `import { a } from '${specifier}'\nexport const b = [a, a.b, a()]`,
    {},
    files,
  )
  expect(diagnostics.map(({ code }) => code)).toEqual(['source_unknown_import'])
  expect(places).toEqual([`'${specifier}'`])
  expect(diagnostics[0]?.help).toContain(help)
})

test('a cycle of imports shows its way', async () => {
  const { messages } = await lowerText(
    "import { b } from './b.tsjit'\nexport const a = 1",
    {},
    {
      '/app/b.tsjit': "import { c } from './c'\nexport const b = c",
      '/app/c.tsjit': "import { a } from './m.tsjit'\nexport const c = a",
    },
  )
  expect(messages).toEqual([
    '1:19 source_cyclic_import: these modules import each other: m.tsjit → b.tsjit → c.tsjit → m.tsjit',
  ])
})
