// parse: template texts -> syntax tree, or errors
//
// Splits a template into lines: bindings, then one value. Each line is read by parse-formula.ts; an error ends its line
// and the next line is read all the same, so that one run shows every error.

import type { Binding, Formula, NameFormula, Template, TemplateError, TemplateSpan } from './ast.ts'
import { Cursor, SyntaxFailure } from './cursor.ts'
import { type Token, lexTemplate } from './lex.ts'
import { readTuple } from './parse-formula.ts'

/** A parsed template; `template` is undefined where there are errors. */
export type ParsedTemplate =
  | { readonly template: Template; readonly errors: readonly [] }
  | { readonly template: undefined; readonly errors: readonly TemplateError[] }

/**
 * Parses the texts between the interpolations of a template (as written: `strings.raw`). All errors are
 * `template_syntax`, in the order of the text.
 */
export function parseTemplate(quasis: readonly string[]): ParsedTemplate {
  const { tokens, errors } = lexTemplate(quasis)
  if (errors.length > 0) return { template: undefined, errors }
  const lines = splitLines(tokens)
  if (lines.length === 0) return { template: undefined, errors: [syntaxError('it is empty', emptySpan(tokens))] }
  const parsed = lines.map((line, index) => parseLine(line, index === lines.length - 1))
  const failed = parsed.filter((line) => 'code' in line)
  if (failed.length > 0) return { template: undefined, errors: failed }
  const bindings: Binding[] = []
  for (const line of parsed) {
    if ('code' in line) continue
    if ('names' in line) bindings.push(line)
    else return { template: { bindings, value: line }, errors: [] }
  }
  throw new Error('internal: a template without errors has a last line that is its value')
}

function splitLines(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const lines: Token[][] = []
  let line: Token[] = []
  for (const token of tokens) {
    if (token.kind !== 'line' && token.kind !== 'end') line.push(token)
    else if (line.length > 0) {
      lines.push(line)
      line = []
    }
  }
  return lines
}

function parseLine(tokens: readonly Token[], isLast: boolean): Binding | Formula | TemplateError {
  try {
    const cursor = new Cursor(tokens)
    const formula = readTuple(cursor)
    const equals = cursor.take('=')
    if (equals === undefined) {
      cursor.expectEnd()
      if (!isLast)
        throw new SyntaxFailure(
          'only the last line is a value; bind this one, `name = …`, or take it out',
          formula.span,
        )
      return formula
    }
    const names = namesOf(formula)
    const value = readTuple(cursor)
    cursor.expectEnd()
    if (isLast) throw new SyntaxFailure('the last line is the value of the template, not a binding', formula.span)
    return { names, takesApart: formula.kind === 'list', value }
  } catch (error) {
    if (error instanceof SyntaxFailure) return syntaxError(error.message, error.span)
    throw error
  }
}

function namesOf(target: Formula): readonly NameFormula[] {
  if (target.kind === 'name') return [target]
  if (target.kind !== 'list' || target.items.length === 0)
    throw new SyntaxFailure('left of `=` stand names only', target.span)
  const names = target.items.map((item) => {
    if (item.kind !== 'name') throw new SyntaxFailure('left of `=` stand names only', item.span)
    return item
  })
  const twice = names.find((item, index) => names.findIndex((other) => other.name === item.name) < index)
  if (twice !== undefined && twice.name !== '_')
    throw new SyntaxFailure(`\`${twice.name}\` is bound twice in one line`, twice.span)
  return names
}

function syntaxError(message: string, span: TemplateSpan): TemplateError {
  return { code: 'template_syntax', params: { message }, span }
}

function emptySpan(tokens: readonly Token[]): TemplateSpan {
  const start = { quasi: 0, offset: 0 }
  return { start, end: tokens.at(-1)?.span.end ?? start }
}
