// messages: diagnostics -> what each host shows best
//
// The Rollup family shows one error with a place and a frame; the webpack family shows a message and nothing else;
// esbuild draws its own frames. What each does with which field was measured; the fields here are those that work.

import type { CompileResult, Diagnostic, JsonDiagnostic } from '@tsjit/compiler'
import type { Compiler } from './compiler.ts'

/** The part of a compilation that messages are made of. */
export type Diagnosed = Pick<CompileResult, 'diagnostics' | 'sources'>

/** An error as Rollup, Rolldown and Vite read it: columns from 0, a frame of `N | code` lines. */
export interface RollupError extends Error {
  readonly id: string
  readonly loc: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame: string
  readonly plugin: string
  readonly pluginCode: string
}

/** A message as esbuild takes it: columns from 0 in UTF-8 bytes, the line of the source with it. */
export interface EsbuildMessage {
  readonly text: string
  readonly location: {
    readonly file: string
    readonly line: number
    readonly column: number
    readonly length: number
    readonly lineText: string
  }
  readonly notes: readonly { readonly text: string }[]
}

/** Returns the diagnostics that stop a build. */
export function errorsOf({ diagnostics }: Diagnosed): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

/** Returns the diagnostics that a build reports and goes on. */
export function warningsOf({ diagnostics }: Diagnosed): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'warning')
}

/** Returns what a build tells those who want to know. */
export function notesOf({ diagnostics }: Diagnosed): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'info')
}

/**
 * Returns the error that stands for all `errors`: the place and frame of the first, and a message that has every one
 * with its `file:line:column`. The stack is empty, so that hosts print none of their own insides.
 */
export function rollupError(
  compiler: Compiler,
  { sources }: Diagnosed,
  errors: readonly Diagnostic[],
  cwd: string,
): RollupError {
  const all = positions(compiler, { sources, diagnostics: errors }, cwd)
  const [first, ...rest] = all
  const primary = errors[0]
  const count = rest.length === 0 ? '' : `\n\n${all.length} errors in this module`
  const error = new Error(all.map(headOf).join('\n\n') + count)
  const text = primary === undefined ? undefined : sources.get(primary.span.file)
  const fields = {
    name: 'TsjitError',
    id: primary?.span.file ?? '',
    loc: {
      file: primary?.span.file ?? '',
      line: first?.span.start.line ?? 1,
      column: first?.span.start.column ?? 0,
    },
    frame: primary && text !== undefined ? compiler.codeFrame(text, primary.span.start, primary.span.end) : '',
    // Vite names the plugin only in errors without a code.
    plugin: 'tsjit',
    pluginCode: primary?.code ?? 'error',
    stack: '',
  }
  return Object.assign(error, fields)
}

/** Returns an error whose message has every diagnostic with its frame, for hosts that show only the message. */
export function plainError(
  compiler: Compiler,
  { sources }: Diagnosed,
  errors: readonly Diagnostic[],
  cwd: string,
): Error {
  // The empty first line parts the text from the host's own heading.
  const error = new Error(`\n${compiler.renderAll(errors, sources, { cwd })}`)
  return Object.assign(error, { name: 'TsjitError', stack: '', hideStack: true })
}

/** Returns the diagnostics as esbuild's messages. */
export function esbuildMessages(compiler: Compiler, diagnosed: Diagnosed, cwd: string): readonly EsbuildMessage[] {
  const places = positions(compiler, diagnosed, cwd)
  return diagnosed.diagnostics.map((diagnostic, index) => {
    const text = diagnosed.sources.get(diagnostic.span.file) ?? ''
    const place = places[index]
    const start = place?.span.start ?? { line: 1, column: 0, offset: 0 }
    const lineText = text.split(/\r\n|[\n\r\u2028\u2029]/)[start.line - 1] ?? ''
    const length = Math.max(1, Math.min(lineText.length - start.column, diagnostic.span.end - diagnostic.span.start))
    const bytes = (part: string): number => Buffer.byteLength(part)
    return {
      text: `${diagnostic.message} [${diagnostic.code}]`,
      location: {
        file: place?.file ?? diagnostic.span.file,
        line: start.line,
        column: bytes(lineText.slice(0, start.column)),
        length: bytes(lineText.slice(start.column, start.column + length)),
        lineText,
      },
      notes: [
        ...(diagnostic.help === undefined ? [] : [{ text: `help: ${diagnostic.help}` }]),
        { text: diagnostic.url },
      ],
    }
  })
}

function headOf({ file, span, severity, code, message, related, help, url }: JsonDiagnostic): string {
  const lines = [`${file}:${span.start.line}:${span.start.column + 1} ${severity} tsjit(${code}): ${message}`]
  for (const each of related) {
    lines.push(`${each.file}:${each.span.start.line}:${each.span.start.column + 1} note: ${each.message}`)
  }
  if (help !== null) lines.push(`help: ${help}`)
  return [...lines, url].join('\n')
}

function positions(compiler: Compiler, { diagnostics, sources }: Diagnosed, cwd: string): readonly JsonDiagnostic[] {
  return JSON.parse(compiler.toJson(diagnostics, sources, { cwd })) as readonly JsonDiagnostic[]
}
