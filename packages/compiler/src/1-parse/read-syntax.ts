// read-syntax: text -> syntax tree
//
// Parses one module as TypeScript and reports every syntax error that the parser can recover from, at its place.
// Knows nothing of what tsjit can compile.

import { parse } from '@babel/parser'
import type { File } from '@babel/types'
import { splitLines } from '../base/text.ts'
import type { Reporter } from '../diagnostics/reporter.ts'

/** Returns the syntax tree, or undefined after reporting `syntax_invalid` for every error. */
export function readSyntax(file: string, text: string, reporter: Reporter): File | undefined {
  const report = (message: string, position: number): void => {
    reporter.report('syntax_invalid', { file, ...wordAt(text, position) }, { message: plain(message) })
  }
  try {
    const ast = parse(text, {
      sourceType: 'module',
      sourceFilename: file,
      errorRecovery: true,
      allowUndeclaredExports: true,
      attachComment: false,
      plugins: ['typescript', 'explicitResourceManagement'],
    })
    const errors = ast.errors ?? []
    for (const error of errors) report(error.message, positionOf(error, text))
    return errors.length === 0 ? ast : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    report(error.message, positionOf(error, text))
    return undefined
  }
}

function positionOf(error: object, text: string): number {
  return 'pos' in error && typeof error.pos === 'number' ? error.pos : text.length
}

/** Takes the place that Babel appends off a message, and its final period. */
function plain(message: string): string {
  const [first = message] = splitLines(message)
  return first.replace(/\s*\(\d+:\d+\)\s*$/, '').replace(/\.$/, '')
}

/** Returns the word or the single character at a position, so that an editor has something to underline. */
function wordAt(text: string, position: number): { readonly start: number; readonly end: number } {
  const word = /^[\w$]+/.exec(text.slice(position, position + 80))?.[0] ?? ''
  return { start: position, end: Math.min(text.length, position + Math.max(1, word.length)) }
}
