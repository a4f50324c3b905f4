// The reference says what the definitions say.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OPERATION_NAMES } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { readFamilies } from './read-interfaces.ts'
import { renderReference } from './render-reference.ts'

const folder = fileURLToPath(new URL('../../docs/reference', import.meta.url))

describe('reference', () => {
  test('is up to date: `npm run reference` writes it', () => {
    const pages = renderReference()
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
    for (const [file, text] of pages) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(text)
  })

  test('has every operation once', () => {
    const names = readFamilies().flatMap(({ operations }) => operations.map(({ name }) => name))
    expect(names.sort()).toEqual([...OPERATION_NAMES].sort())
  })
})
