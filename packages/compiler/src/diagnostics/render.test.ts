// render: the text people see, and the form of frames that hosts recognise

import { describe, expect, test } from 'vitest'
import type { Span } from '../base/span.ts'
import { codeFrame, renderAll, renderDiagnostic } from './render.ts'
import { createDiagnostic } from './reporter.ts'

const file = '/app/src/mlp.tsjit'
const text = `import { model, f32 } from '@tsjit/dsl'

export const mlp = model({
  inputs: { x: f32(2, 3), b: f32(4) },
  forward: ({ x, b }) => x.add(b),
})
`
const sources = new Map([[file, text]])
const spanOf = (part: string): Span => ({ file, start: text.indexOf(part), end: text.indexOf(part) + part.length })
const mismatch = { op: 'add', left: 'f32[2, 3]', right: 'f32[4]' }

// Copied from Vite's client: its overlay shows a frame only if this matches.
const viteFrame = /^(?:>?\s*\d+\s+\|.*|\s+\|\s*\^.*)\r?\n/gm

describe('renderDiagnostic', () => {
  test('place, code, message, frame, related place, help and link', () => {
    const related = [{ message: '`b` gets its shape here', span: spanOf('f32(4)') }]
    const diagnostic = createDiagnostic('shape_mismatch', spanOf('x.add(b)'), mismatch, { related, help: 'reshape it' })
    expect(renderDiagnostic(diagnostic, sources, { cwd: '/app' })).toBe(
      `src/mlp.tsjit:5:26 error tsjit(shape_mismatch): \`add\` cannot combine f32[2, 3] and f32[4]
  3 | export const mlp = model({
  4 |   inputs: { x: f32(2, 3), b: f32(4) },
> 5 |   forward: ({ x, b }) => x.add(b),
    |                          ^^^^^^^^
  6 | })
  7 |
src/mlp.tsjit:4:30 note: \`b\` gets its shape here
  2 |
  3 | export const mlp = model({
> 4 |   inputs: { x: f32(2, 3), b: f32(4) },
    |                              ^^^^^^
  5 |   forward: ({ x, b }) => x.add(b),
  6 | })
help: reshape it
https://tsjit.dev/e/shape_mismatch`,
    )
  })

  test('a fix within a line shows the line as it would be', () => {
    const span = spanOf('x.add(b)')
    const fix = {
      title: 'transpose `b`',
      edits: [{ span: { file, start: span.end - 1, end: span.end - 1 }, text: '.T' }],
    }
    const shown = renderDiagnostic(createDiagnostic('shape_mismatch', span, mismatch, { fix }), sources)
    expect(shown).toContain('fix: transpose `b`\n  + forward: ({ x, b }) => x.add(b.T),\n')
  })

  test('a file without a text has no frame', () => {
    const diagnostic = createDiagnostic(
      'config_unknown',
      { file: 'vite.config.ts', start: 0, end: 0 },
      { option: 'targt' },
    )
    expect(renderDiagnostic(diagnostic, sources)).toBe(
      'vite.config.ts error tsjit(config_unknown): there is no compiler option `targt`\n' +
        'help: correct its spelling, or remove it\nhttps://tsjit.dev/e/config_unknown',
    )
  })

  test('colour changes nothing but colour', () => {
    const diagnostic = createDiagnostic('shape_mismatch', spanOf('x.add(b)'), mismatch)
    const colored = renderDiagnostic(diagnostic, sources, { color: true })
    expect(colored).toContain('\u001b[31merror tsjit(shape_mismatch)\u001b[39m')
    // oxlint-disable-next-line no-control-regex -- removes what the option added
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderDiagnostic(diagnostic, sources))
  })

  test('all diagnostics, then their number', () => {
    const unused = createDiagnostic('weight_unused', spanOf('x:'), { path: 'head' })
    const error = createDiagnostic('shape_mismatch', spanOf('x.add(b)'), mismatch)
    expect(renderAll([unused, error, error], sources)).toMatch(/\n\n2 errors and 1 warning$/)
    expect(renderAll([], sources)).toBe('')
  })
})

describe('codeFrame', () => {
  test('nothing in a file steers the terminal', () => {
    expect(codeFrame('a\t\u001b[2J\u0000\u009bb', 2, 3)).toBe('> 1 | a\t\ufffd[2J\ufffd\ufffdb\n    |  \t^\n')
  })

  test('every line is one that the overlay of Vite recognises', () => {
    for (const part of [text, 'x', 'b: f32', '({\n  inputs: { x: f32(2, 3), b: f32(4) },\n']) {
      const { start, end } = spanOf(part)
      const frame = codeFrame(text, start, end)
      expect(frame.replace(viteFrame, '')).toBe('')
    }
  })

  test('an empty span, the end of the text and offsets outside have one caret', () => {
    expect(codeFrame('ab', 1, 1)).toBe('> 1 | ab\n    |  ^\n')
    expect(codeFrame('ab\n', 3, 3)).toBe('  1 | ab\n> 2 |\n    | ^\n')
    expect(codeFrame('', 7, 9)).toBe('> 1 |\n    | ^\n')
  })

  test('tabs stay tabs, wide characters take two columns', () => {
    expect(codeFrame('\tx + y', 1, 2)).toBe('> 1 | \tx + y\n    | \t^\n')
    expect(codeFrame("'模型' + x", 7, 8)).toBe("> 1 | '模型' + x\n    |          ^\n")
  })

  test('a span over lines is underlined where it begins and ends', () => {
    const code = 'f(\n  a,\n  b,\n)\ng()'
    expect(codeFrame(code, 0, code.indexOf(')') + 1)).toBe(
      '> 1 | f(\n    | ^^\n> 2 |   a,\n> 3 |   b,\n> 4 | )\n    | ^\n  5 | g()\n',
    )
  })

  test('a long span leaves out its middle, a long line its ends', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n')
    const frame = codeFrame(lines, 0, lines.length)
    expect(frame.split('\n').length).toBeLessThan(12)
    expect(frame).toContain('> 40 | line 40\n')
    const long = `${'a'.repeat(500)}bad${'c'.repeat(500)}`
    const [code = '', carets = ''] = codeFrame(long, 500, 503).split('\n')
    expect(code.length).toBeLessThan(180)
    expect(code.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('bad')
  })

  test('Windows line ends are not shown', () => {
    expect(codeFrame('a\r\nb\r\nc', 3, 4)).toBe('  1 | a\n> 2 | b\n    | ^\n  3 | c\n')
  })
})
