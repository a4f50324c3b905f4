// render: diagnostics -> text for people
//
// `file:line:column severity tsjit(code): message`, the frame, the related places with theirs, help, the
// proposed change and the link. Columns in this text count from 1, as terminals and editors expect.
// Colour only where asked for: bundlers show the text as it is.

import { positionAt } from '../base/span.ts'
import type { Span } from '../base/span.ts'
import { countOf, joinWords } from '../base/text.ts'
import { codeFrame } from './code-frame.ts'
import type { Diagnostic, Fix, Related, Severity } from './diagnostic.ts'

export { codeFrame }

/** The texts of the modules that diagnostics point into, by module id. */
export interface SourceTexts {
  get(file: string): string | undefined
}

/** How to render: with ANSI colours or not, and the folder that paths are shown relative to. */
export interface RenderOptions {
  readonly color?: boolean
  readonly cwd?: string
}

/** Returns the text of one diagnostic, without a line feed at its end. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: SourceTexts, options: RenderOptions = {}): string {
  const paint = createPaint(options.color === true)
  const head = paint(severityColors[diagnostic.severity], `${diagnostic.severity} tsjit(${diagnostic.code})`)
  const lines = [`${paint('bold', placeOf(diagnostic.span, sources, options))} ${head}: ${diagnostic.message}`]
  lines.push(...frameOf(diagnostic.span, sources, paint))
  for (const related of diagnostic.related) lines.push(...renderRelated(related, sources, options, paint))
  if (diagnostic.help !== undefined) lines.push(`${paint('cyan', 'help:')} ${diagnostic.help}`)
  if (diagnostic.fix !== undefined) lines.push(...renderFix(diagnostic.fix, sources, paint))
  lines.push(paint('dim', diagnostic.url))
  return lines.join('\n')
}

/** Returns the texts of all diagnostics and a line that counts them; an empty text where there are none. */
export function renderAll(
  diagnostics: readonly Diagnostic[],
  sources: SourceTexts,
  options: RenderOptions = {},
): string {
  if (diagnostics.length === 0) return ''
  const texts = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, sources, options))
  return [...texts, summarize(diagnostics)].join('\n\n')
}

/** Returns how many there are of each severity: `2 errors and 1 warning`. */
export function summarize(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity): number => diagnostics.filter((each) => each.severity === severity).length
  const counts = [
    { count: count('error'), noun: 'error' },
    { count: count('warning'), noun: 'warning' },
    { count: count('info'), noun: 'note' },
  ]
  const words = counts.filter((each) => each.count > 0).map((each) => countOf(each.count, each.noun))
  return words.length === 0 ? 'no errors' : joinWords(words, 'and')
}

/** Returns a path relative to `cwd` where the file lies in it, otherwise the path as it is. */
export function shownPath(file: string, cwd: string | undefined): string {
  if (cwd === undefined) return file
  const path = file.replaceAll('\\', '/')
  const folder = cwd.replaceAll('\\', '/').replace(/\/*$/, '/')
  return path.startsWith(folder) && path.length > folder.length ? path.slice(folder.length) : file
}

type Color = 'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'cyan' | 'green'
type Paint = (color: Color, text: string) => string

const severityColors: { readonly [S in Severity]: Color } = { error: 'red', warning: 'yellow', info: 'blue' }

const ansi: { readonly [C in Color]: readonly [number, number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
}

function createPaint(isColored: boolean): Paint {
  if (!isColored) return (_, text) => text
  return (color, text) => `\u001b[${ansi[color][0]}m${text}\u001b[${ansi[color][1]}m`
}

function placeOf(span: Span, sources: SourceTexts, { cwd }: RenderOptions): string {
  const path = shownPath(span.file, cwd)
  const text = sources.get(span.file)
  if (text === undefined) return path
  const { line, column } = positionAt(text, span.start)
  return `${path}:${line}:${column + 1}`
}

function frameOf(span: Span, sources: SourceTexts, paint: Paint): readonly string[] {
  const text = sources.get(span.file)
  if (text === undefined) return []
  const lines = codeFrame(text, span.start, span.end).trimEnd().split('\n')
  return lines.map((line) => (/^\s+\|\s*\^+$/.test(line) ? paint('red', line) : line))
}

function renderRelated(
  related: Related,
  sources: SourceTexts,
  options: RenderOptions,
  paint: Paint,
): readonly string[] {
  const head = `${placeOf(related.span, sources, options)} ${paint('blue', 'note')}: ${related.message}`
  return [head, ...frameOf(related.span, sources, paint)]
}

// Shows the line as it would be, where the change stays within one.
function renderFix(fix: Fix, sources: SourceTexts, paint: Paint): readonly string[] {
  const head = `${paint('green', 'fix:')} ${fix.title}`
  const [edit] = fix.edits
  const text = edit === undefined ? undefined : sources.get(edit.span.file)
  if (edit === undefined || text === undefined || fix.edits.length > 1) return [head]
  const { line, column } = positionAt(text, edit.span.start)
  if (positionAt(text, edit.span.end).line !== line || /[\r\n]/.test(edit.text)) return [head]
  const lineStart = edit.span.start - column
  const rest = text.slice(edit.span.end).split(/[\r\n\u2028\u2029]/, 1)[0] ?? ''
  return [head, `  ${paint('green', '+')} ${(text.slice(lineStart, edit.span.start) + edit.text + rest).trim()}`]
}
