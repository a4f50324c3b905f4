// codes: the generator refuses what cannot be relied on, and the table is what it would write

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderPage, renderTable } from '../../scripts/generate-messages.mjs'
import { parametersOf, parseMessages, placeholderTypes, readMessages } from '../../scripts/parse-messages.mjs'
import { diagnosticTable } from './codes.gen.ts'
import { show } from './placeholder.ts'

const folder = fileURLToPath(new URL('../../messages', import.meta.url))

const example = (verdict: string, language: string = 'tsjit'): string =>
  `\`\`\`${language} ${verdict}\nexport const a = 1\n\`\`\`\n`
const page = (code: string, change: (text: string) => string = (text) => text): string =>
  change(`## ${code}

severity: error

> {left:type} does not fit {n:int}

Why it does not fit, in a sentence.

help: make it fit {left:type}

${example('bad')}
${example('good')}
`)
const parse = (text: string, name: string = 'shape.md'): ReturnType<typeof parseMessages> =>
  parseMessages([{ name, text }])

describe('parseMessages', () => {
  test('reads fields, message, explanation, help, examples and parameters', () => {
    const [found] = parse(page('shape_fit'))
    expect(found).toMatchObject({
      code: 'shape_fit',
      subject: 'shape',
      fields: { severity: 'error' },
      message: '{left:type} does not fit {n:int}',
      explanation: 'Why it does not fit, in a sentence.',
      help: 'make it fit {left:type}',
      examples: [{ verdict: 'bad', text: 'export const a = 1\n' }, { verdict: 'good' }],
    })
    expect(found && parametersOf(found)).toEqual([
      { name: 'left', kind: 'type' },
      { name: 'n', kind: 'int' },
    ])
  })

  test.each<readonly [string, (text: string) => string]>([
    ['has no severity', (text) => text.replace('severity: error', '')],
    ['has severity: fatal', (text) => text.replace('severity: error', 'severity: fatal')],
    ['has no message', (text) => text.replace(/^> .*$/m, '')],
    ['ends with a period', (text) => text.replace('{n:int}', '{n:int}.')],
    ['has no explanation', (text) => text.replace(/^Why.*$/m, '')],
    ['has no help', (text) => text.replace(/^help.*$/m, '')],
    ['has no bad example', (text) => text.replace(example('bad'), '')],
    ['has no good example', (text) => text.replace(example('good'), '')],
    ['neither bad nor good', (text) => text.replace('tsjit bad', 'tsjit worse')],
    ['in text, not in tsjit', (text) => text.replace('tsjit bad', 'text bad')],
    ['in tsjit, not in text', (text) => text.replace('severity: error', 'severity: error\nwhere: load')],
    ['unknown kind, {n:number}', (text) => text.replace('{n:int}', '{n:number}')],
    ['shows left as two kinds', (text) => text.replace('fit {left:type}', 'fit {left:name}')],
    ['name of its subject', (text) => text.replace('shape_fit', 'dtype_fit')],
    ['is in shape.md and in shape.md', (text) => text + text],
  ])('refuses a page that %s', (problem, change) => {
    expect(() => parse(page('shape_fit', change))).toThrow(problem)
  })

  test('refuses to bring back a retired code', () => {
    const retired = { name: 'retired.md', text: '# Retired\n\n## shape_fit\n\nSince 0.2.\n' }
    expect(() => parseMessages([{ name: 'shape.md', text: page('shape_fit') }, retired])).toThrow('is retired')
  })

  test('lists every problem at once', () => {
    const text = page('shape_a').replace('severity: error', '') + page('shape_b').replace(/^help.*$/m, '')
    expect(() => parse(text)).toThrow(/2 to repair[^]*shape_a: has no severity[^]*shape_b: has no help/)
  })
})

describe('generated files', () => {
  const pages = readMessages(folder)

  test('codes.gen.ts is what the messages say', () => {
    const path = fileURLToPath(new URL('codes.gen.ts', import.meta.url))
    expect(readFileSync(path, 'utf8')).toBe(renderTable(pages))
    expect(Object.keys(diagnosticTable)).toEqual(pages.map(({ code }) => code))
  })

  test('every kind of placeholder can be shown', () => {
    expect(Object.keys(show).sort()).toEqual(Object.keys(placeholderTypes).sort())
  })

  test('text that looks like code reaches the table unchanged', () => {
    const text = page('shape_fit').replace(
      'help: make it fit {left:type}',
      "help: write tj`${x} \\\\ y` or it's {left:type}",
    )
    expect(renderTable(parse(text))).toContain(
      "help: (params) => `write tj\\`\\${x} \\\\\\\\ y\\` or it's ${show.type(params.left)}`",
    )
  })

  test('a documentation page shows placeholders by name', () => {
    const [found] = parse(page('shape_fit'))
    expect(found && renderPage(found)).toContain('> *left* does not fit *n*')
  })
})
