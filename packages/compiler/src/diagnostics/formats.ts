// formats: diagnostics -> what other tools read
//
// JSON for scripts and editors, annotations for GitHub's runners, SARIF 2.1.0 for code scanning. Columns
// count from 0 in JSON, as in the compiler, and from 1 in the other two, as their formats say.

import { positionAt } from '../base/span.ts'
import type { Position, Span } from '../base/span.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'
import { shownPath } from './render.ts'
import type { SourceTexts } from './render.ts'

/** A span by positions: lines from 1, columns from 0. */
export interface JsonSpan {
  readonly start: Position
  readonly end: Position
}

/** One diagnostic as `tsjit check --format json` prints it. */
export interface JsonDiagnostic {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly file: string
  readonly span: JsonSpan
  readonly related: readonly { readonly message: string; readonly file: string; readonly span: JsonSpan }[]
  readonly help: string | null
  readonly fix: {
    readonly title: string
    readonly edits: readonly { readonly file: string; readonly span: JsonSpan; readonly text: string }[]
  } | null
  readonly url: string
}

/** What the formats need beside the diagnostics: the folder that paths are relative to, and the version of tsjit. */
export interface FormatOptions {
  readonly cwd?: string
  readonly version?: string
}

/** Returns the diagnostics as plain data with positions. A file without a text has all positions at its start. */
export function toJsonData(
  diagnostics: readonly Diagnostic[],
  sources: SourceTexts,
  options: FormatOptions = {},
): readonly JsonDiagnostic[] {
  const place = (span: Span): { readonly file: string; readonly span: JsonSpan } => ({
    file: shownPath(span.file, options.cwd),
    span: positionsOf(span, sources),
  })
  return diagnostics.map(({ code, severity, message, span, related, help, fix, url }) => ({
    code,
    severity,
    message,
    ...place(span),
    related: related.map((each) => ({ message: each.message, ...place(each.span) })),
    help: help ?? null,
    fix: fix ? { title: fix.title, edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })) } : null,
    url,
  }))
}

/** Returns a JSON array with one object for each diagnostic. */
export function toJson(diagnostics: readonly Diagnostic[], sources: SourceTexts, options: FormatOptions = {}): string {
  return JSON.stringify(toJsonData(diagnostics, sources, options), null, 2)
}

/** Returns one workflow command a line, which GitHub shows as annotations in the diff. */
export function toGithub(
  diagnostics: readonly Diagnostic[],
  sources: SourceTexts,
  options: FormatOptions = {},
): string {
  const lines = diagnostics.map((diagnostic) => {
    const { start, end } = positionsOf(diagnostic.span, sources)
    const properties = {
      file: shownPath(diagnostic.span.file, options.cwd),
      line: String(start.line),
      endLine: String(end.line),
      // GitHub takes columns only for spans within one line.
      ...(start.line === end.line ? { col: String(start.column + 1), endColumn: String(end.column + 1) } : {}),
      title: `tsjit(${diagnostic.code})`,
    }
    const fields = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`)
    const text = [diagnostic.message, ...(diagnostic.help ? [`help: ${diagnostic.help}`] : []), diagnostic.url].join(
      '\n',
    )
    return `::${githubLevels[diagnostic.severity]} ${fields.join(',')}::${escapeData(text)}`
  })
  return lines.join('\n')
}

/** Returns a SARIF 2.1.0 log with one run; every code that occurs is a rule with its page. */
export function toSarif(diagnostics: readonly Diagnostic[], sources: SourceTexts, options: FormatOptions = {}): string {
  const codes = [...new Map(diagnostics.map((each) => [each.code, each])).values()]
  const location = (span: Span): SarifLocation => locationOf(span, sources, options.cwd)
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tsjit',
            ...(options.version === undefined ? {} : { semanticVersion: options.version }),
            informationUri: 'https://tsjit.dev',
            rules: codes.map(({ code, severity, url }) => ({
              id: code,
              helpUri: url,
              defaultConfiguration: { level: sarifLevels[severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((each) => ({
          ruleId: each.code,
          ruleIndex: codes.findIndex(({ code }) => code === each.code),
          level: sarifLevels[each.severity],
          message: { text: each.help === undefined ? each.message : `${each.message}\nhelp: ${each.help}` },
          locations: [location(each.span)],
          relatedLocations: each.related.map((related, id) => ({
            id,
            message: { text: related.message },
            ...location(related.span),
          })),
        })),
      },
    ],
  }
  return JSON.stringify(log, null, 2)
}

const githubLevels: { readonly [S in Severity]: string } = { error: 'error', warning: 'warning', info: 'notice' }
const sarifLevels: { readonly [S in Severity]: string } = { error: 'error', warning: 'warning', info: 'note' }

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>
  }
}

function locationOf(span: Span, sources: SourceTexts, cwd: string | undefined): SarifLocation {
  const { start, end } = positionsOf(span, sources)
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(shownPath(span.file, cwd)) },
      region: {
        startLine: start.line,
        startColumn: start.column + 1,
        endLine: end.line,
        endColumn: end.column + 1,
      },
    },
  }
}

function uriOf(path: string): string {
  const encoded = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
  if (path.startsWith('/')) return `file://${encoded}`
  return /^[A-Za-z]%3A\//.test(encoded) ? `file:///${encoded.replace('%3A', ':')}` : encoded
}

function positionsOf(span: Span, sources: SourceTexts): JsonSpan {
  const text = sources.get(span.file) ?? ''
  return { start: positionAt(text, span.start), end: positionAt(text, Math.max(span.start, span.end)) }
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
