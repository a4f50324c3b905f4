// Where compilers of models go wrong without a word: each trap has a test (traps.ts names it), some of them here.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkDecisions } from './check-decisions.ts'
import { traps } from './traps.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test.each(traps.map((trap) => [trap.what, trap] as const))('%s', (_, { tests }) => {
  for (const [file, name] of tests) expect(readFileSync(`${root}/${file}`, 'utf8'), file).toContain(`'${name}`)
})

test('there are thirty', () => {
  expect(traps).toHaveLength(30)
})

test('each call decides for itself', () => checkDecisions('wasm'))
