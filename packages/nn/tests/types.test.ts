import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderTypes, sourceFolder } from '../scripts/generate-types.mjs'

test('the layers type-check, and their declarations are current', { timeout: 60_000 }, () => {
  const rendered = renderTypes()
  const written = readdirSync(sourceFolder).filter((file) => file.endsWith('.d.tsjit.ts'))
  expect(written.sort()).toEqual([...rendered.keys()].sort())
  for (const [file, text] of rendered) expect(readFileSync(join(sourceFolder, file), 'utf8')).toBe(text)
})
