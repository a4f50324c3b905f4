// code-frame: a span -> the lines around it, with the span underlined
//
// Plain ASCII in the form `N | code`, a `>` before the lines of the span and a line of carets under the
// first and last of them. Vite's overlay shows a frame only if its lines match the expression
// /^(?:>?\s*\d+\s+\|.*|\s+\|\s*\^.*)\r?\n/, so every line here ends in a line feed and `>` comes first.

import { positionAt } from '../base/span.ts'
import { splitLines } from '../base/text.ts'

const linesAround = 2
const longestSpan = 6
const widestLine = 160
const control = /(?!\t)\p{Cc}/gu

/** Returns the frame of a span, offsets into `text`. Every line ends in a line feed. */
export function codeFrame(text: string, start: number, end: number): string {
  const lines = splitLines(text)
  const from = positionAt(text, start)
  const to = positionAt(text, Math.max(start, end))
  const first = Math.max(1, from.line - linesAround)
  const last = Math.min(lines.length, to.line + linesAround)
  const digits = String(last).length
  const shown: string[] = []
  for (let line = first; line <= last; line += 1) {
    if (line === from.line + longestSpan - 1 && line < to.line) line = to.line
    // What would steer a terminal is shown as one character that does not.
    const code = (lines[line - 1] ?? '').replace(control, '\uFFFD')
    const isMarked = line >= from.line && line <= to.line
    const left = line === from.line ? from.column : indentation(code)
    const right = line === to.line ? to.column : code.length
    const view = clip(code, left, right)
    shown.push(`${isMarked ? '>' : ' '} ${String(line).padStart(digits)} | ${view.code}`.trimEnd())
    if (line !== from.line && line !== to.line) continue
    if (line !== from.line && right <= left) continue
    shown.push(
      `  ${' '.repeat(digits)} | ${blank(view.code.slice(0, view.left))}${carets(view.code.slice(view.left, view.right))}`,
    )
  }
  return shown.map((line) => `${line}\n`).join('')
}

function indentation(code: string): number {
  return code.length - code.trimStart().length
}

interface View {
  readonly code: string
  readonly left: number
  readonly right: number
}

// Cuts a long line down to the part around the span.
function clip(code: string, left: number, right: number): View {
  if (code.length <= widestLine) return { code, left, right }
  const start = Math.max(0, Math.min(left - 40, code.length - widestLine))
  const end = Math.min(code.length, start + widestLine)
  const before = start > 0 ? '...' : ''
  const after = end < code.length ? '...' : ''
  const shift = before.length - start
  return { code: before + code.slice(start, end) + after, left: left + shift, right: Math.min(right, end) + shift }
}

// The space before the carets: tabs stay tabs, wide characters take two columns.
function blank(code: string): string {
  return [...code].map((character) => (character === '\t' ? '\t' : ' '.repeat(widthOf(character)))).join('')
}

function carets(code: string): string {
  const width = [...code].reduce((sum, character) => sum + widthOf(character), 0)
  return '^'.repeat(Math.max(1, width))
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const combining = /\p{Mn}|\p{Me}|\u200d|\ufe0f/u

function widthOf(character: string): number {
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
