// messages: the examples of every code, compiled
//
// Each bad example reports exactly its code, once; each good one reports nothing. A code that is planned is reported by
// nothing yet; one that shows only while a model is loaded or called has a test that names it.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readMessages } from '../scripts/parse-messages.mjs'
import type { Page } from '../scripts/parse-messages.mjs'
import { compile } from '../src/compile.ts'
import { testHost } from './support/test-host.ts'

const pages = readMessages(fileURLToPath(new URL('../messages', import.meta.url)))

async function codesOf(text: string): Promise<readonly string[]> {
  const { diagnostics } = await compile({
    file: '/virtual/m.tsjit',
    text,
    checks: true,
    target: 'webgpu',
    host: testHost({ '/virtual/m.tsjit': text }),
    verify: true,
  })
  return diagnostics.map(({ code, message }) => `${code}: ${message}`)
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

function textsUnder(folder: string, isWanted: (path: string) => boolean): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ts|tsjit)$/.test(path) && !/node_modules|dist|\.gen\.ts$/.test(path) && isWanted(path))
    .map((path) => readFileSync(join(root, folder, path), 'utf8'))
    .join('\n')
}

const isPlanned = ({ fields }: Page): boolean => fields['status'] === 'planned'
const isCompiled = ({ fields }: Page): boolean => (fields['where'] ?? 'compile') === 'compile'
const quoted = (text: string, code: string): boolean =>
  text.includes(`'${code}'`) || new RegExp(`(?<!\\w)${code}:`).test(text)

const cases = pages
  .filter((page) => isCompiled(page) && !isPlanned(page))
  .flatMap(({ code, examples }) =>
    examples.map(({ verdict, text }, index) => ({
      name: `${code} ${verdict} example ${index + 1}`,
      code,
      text,
      verdict,
    })),
  )

test('there are pages and examples', () => {
  expect(pages.length).toBeGreaterThan(50)
  expect(cases.length).toBeGreaterThan(100)
})

test.for(cases)('$name', async ({ code, text, verdict }) => {
  const expected = verdict === 'bad' ? [expect.stringMatching(`^${code}: `)] : []
  expect(await codesOf(text)).toEqual(expected)
})

test('planned codes are reported by nothing yet', () => {
  const sources = textsUnder('packages/compiler/src', (path) => !path.endsWith('.test.ts'))
  expect(pages.filter((page) => isPlanned(page) && quoted(sources, page.code)).map(({ code }) => code)).toEqual([])
})

test('codes of loads, calls and settings are named by a test', () => {
  const tests = textsUnder('packages', (path) => path.endsWith('.test.ts'))
  const untested = pages.filter((page) => !isCompiled(page) && !isPlanned(page) && !tests.includes(page.code))
  expect(untested.map(({ code }) => code)).toEqual([])
})
