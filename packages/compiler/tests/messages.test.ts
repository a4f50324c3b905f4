// messages: the examples of every code, compiled
//
// Each bad example reports exactly its code, once; each good one reports nothing. Codes that are planned, or
// that no single file can show, are skipped by name, so that they are counted and not forgotten.

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
    target: 'webgpu',
    host: testHost({ '/virtual/m.tsjit': text }),
    verify: true,
  })
  return diagnostics.map(({ code, message }) => `${code}: ${message}`)
}

const reasonToSkip = ({ fields: { where = 'compile', status } }: Page): string | undefined => {
  if (where !== 'compile') return `where: ${where}, no single file shows it`
  return status === 'planned' ? 'planned' : undefined
}

interface Case {
  readonly name: string
  readonly code: string
  readonly reason?: string
  readonly verdict?: string
  readonly text?: string
}

const cases = pages.flatMap((page): readonly Case[] => {
  const { code } = page
  const reason = reasonToSkip(page)
  if (reason !== undefined) return [{ name: `${code} (${reason})`, code, reason }]
  return page.examples.map(({ verdict, text }, index) => {
    return { name: `${code} ${verdict} example ${index + 1}`, code, text, verdict }
  })
})

test('there are pages and examples', () => {
  expect(pages.length).toBeGreaterThan(50)
  expect(cases.filter(({ reason }) => reason === undefined).length).toBeGreaterThan(100)
})

test.for(cases)('$name', async ({ code, reason, text = '', verdict }, { skip }) => {
  if (reason !== undefined) return skip(reason)
  const expected = verdict === 'bad' ? [expect.stringMatching(`^${code}: `)] : []
  expect(await codesOf(text)).toEqual(expected)
})
