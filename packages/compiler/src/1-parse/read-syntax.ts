// read-syntax: text -> syntax tree
//
// Parses one module as TypeScript and reports every syntax error that the parser can recover from, at its place.
// Knows nothing of what tsjit can compile.

import { parse } from '@babel/parser'
import type { File } from '@babel/types'
import { splitLines } from '../base/text.ts'
import type { Reporter } from '../diagnostics/reporter.ts'
import { findTooDeep } from './find-too-deep.ts'

/** Returns the syntax tree, or undefined after reporting `syntax_invalid` for every error. */
export function readSyntax(file: string, text: string, reporter: Reporter): File | undefined {
  const report = (problem: string, position: number, help?: string): undefined => {
    const options = help === undefined ? {} : { help }
    reporter.report('syntax_invalid', { file, ...wordAt(text, position) }, { problem }, options)
  }
  // What stands for bytes that are no character. Compiling it would change a text without a word.
  const unreadable = text.indexOf('\uFFFD')
  if (unreadable >= 0) {
    const help = 'save the file as UTF-8; where this character itself is meant, write `\\uFFFD` in a string'
    return report('this is not UTF-8: here is no character', unreadable, help)
  }
  const deep = (position: number): undefined => {
    report('this is nested too deeply to be compiled', position, 'bind parts of it to names, or use a loop')
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
    for (const error of errors) report(`this is not TypeScript: ${plain(error.message)}`, positionOf(error, text))
    const tooDeep = findTooDeep(ast.program)
    if (tooDeep) return deep(tooDeep.start ?? 0)
    return errors.length === 0 ? ast : undefined
  } catch (error) {
    // The parser is recursive; its stack ends before it finds a place.
    if (error instanceof RangeError) return deep(deepest(text))
    if (!(error instanceof SyntaxError)) throw error
    return report(`this is not TypeScript: ${plain(error.message)}`, positionOf(error, text))
  }
}

/** Returns where most brackets are open. Those in strings count, too: it is only a place to look at. */
function deepest(text: string): number {
  let [depth, most, place] = [0, 0, 0]
  for (const { 0: bracket, index } of text.matchAll(/[()[\]{}]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1
    if (depth > most) [most, place] = [depth, index]
  }
  return place
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
