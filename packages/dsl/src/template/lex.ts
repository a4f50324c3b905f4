// lex: template texts -> tokens
//
// Lines end tokens runs except inside brackets. Interpolations become tokens of their own. Everything that cannot be
// a token is an error here, with what to write instead where JavaScript or NumPy habits explain it.

import type { TemplateError, TemplatePlace, TemplateSpan } from './ast.ts'

/** The smallest parts of a template. A `line` token ends a line; `end` closes the list. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'value' | 'sign' | 'line' | 'end'
  /** The characters; the content for a `text`, the index for a `value`. */
  readonly text: string
  readonly span: TemplateSpan
}

/** Returns the tokens of a template, and every error of this level. */
export function lexTemplate(quasis: readonly string[]): {
  readonly tokens: readonly Token[]
  readonly errors: readonly TemplateError[]
} {
  const state: LexState = { tokens: [], errors: [], open: [] }
  quasis.forEach((text, quasi) => {
    lexText(text, quasi, state)
    const end = { quasi, offset: text.length }
    if (quasi < quasis.length - 1)
      state.tokens.push({
        kind: 'value',
        text: String(quasi),
        span: { start: end, end: { quasi: quasi + 1, offset: 0 } },
      })
    else
      state.tokens.push(
        { kind: 'line', text: '', span: { start: end, end } },
        { kind: 'end', text: '', span: { start: end, end } },
      )
  })
  // what is wrong before may hide the end of a bracket
  if (state.errors.length === 0)
    for (const bracket of state.open) addError(state, bracket.span, `\`${bracket.text}\` is never closed`)
  return { tokens: state.tokens, errors: state.errors }
}

interface LexState {
  readonly tokens: Token[]
  readonly errors: TemplateError[]
  readonly open: Token[]
}

const space = /[^\S\n\r]+|#[^\n\r]*/y
const lineEnd = /\r\n?|\n/y
const number = /0[xX][\da-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const name = /[\p{L}_][\p{L}\p{N}_]*/uy
const quoted = /'[^'\n\r]*'|"[^"\n\r]*"/y
const sign =
  /\.\.\.|===|!==|\*\*=|\/\/=|\*\*|\/\/|==|!=|<=|>=|<<|>>|&&|\|\||=>|->|:=|[-+*/%@&|]=|[-+*/%@&|~<>=()[\],.:]/y

const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
])

/** Signs of JavaScript, Python and C that a template does not have, with what to write. */
const foreign: ReadonlyMap<string, string> = new Map([
  ['===', 'write `==`'],
  ['!==', 'write `!=`'],
  ['&&', 'write `and`, or `&` between tensors'],
  ['||', 'write `or`, or `|` between tensors'],
  ['!', 'write `not`, or `~` before a tensor'],
  ['^', 'write `**` for a power'],
  ['<<', 'call `shiftLeft(a, b)`'],
  ['>>', 'call `shiftRight(a, b)`'],
  ['?', 'write `where(condition, a, b)`'],
  ['=>', 'functions come in through `${…}`'],
  ['->', "an equation stands in quotes, `einsum('i j -> j i', x)`"],
  [':=', 'write `name = formula` on a line of its own'],
  [';', 'write each formula on a line of its own'],
  ['\\', 'brackets continue a line'],
  ['{', 'values of JavaScript come in through `${…}`'],
  ['}', 'values of JavaScript come in through `${…}`'],
])

function lexText(text: string, quasi: number, state: LexState): void {
  let offset = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset
    return pattern.exec(text)?.[0]
  }
  const spanOf = (length: number): TemplateSpan => spanIn(quasi, offset, length)
  while (offset < text.length) {
    const blank = match(space)
    if (blank !== undefined) {
      offset += blank.length
      continue
    }
    const line = match(lineEnd)
    if (line !== undefined) {
      if (state.open.length === 0) state.tokens.push({ kind: 'line', text: '', span: spanOf(line.length) })
      offset += line.length
      continue
    }
    offset += lexToken(match, spanOf, text, offset, state)
  }
}

/** Adds the token at the current offset and returns its length. */
function lexToken(
  match: (pattern: RegExp) => string | undefined,
  spanOf: (length: number) => TemplateSpan,
  text: string,
  offset: number,
  state: LexState,
): number {
  const digits = text.startsWith('...', offset) ? undefined : match(number)
  if (digits !== undefined) {
    const next = text.slice(offset + digits.length).match(/^[\p{L}_\p{N}]+/u)?.[0]
    if (next === undefined) state.tokens.push({ kind: 'number', text: digits, span: spanOf(digits.length) })
    else
      addError(
        state,
        spanOf(digits.length + next.length),
        `\`${digits}${next}\` is not a number: write \`*\` for a product`,
      )
    return digits.length + (next ?? '').length
  }
  const word = match(name)
  if (word !== undefined) {
    state.tokens.push({ kind: 'name', text: word, span: spanOf(word.length) })
    return word.length
  }
  const quote = match(quoted)
  if (quote !== undefined) {
    state.tokens.push({ kind: 'text', text: quote.slice(1, -1), span: spanOf(quote.length) })
    return quote.length
  }
  const known = match(sign)
  if (known !== undefined && !foreign.has(known)) {
    addSign({ kind: 'sign', text: known, span: spanOf(known.length) }, state)
    return known.length
  }
  const odd = known ?? String.fromCodePoint(text.codePointAt(offset) ?? 0)
  const isQuote = odd === "'" || odd === '"'
  const advice = isQuote ? 'a string ends on the line where it begins, and holds no `${…}`' : foreign.get(odd)
  addError(state, spanOf(odd.length), `\`${odd}\` has no meaning here${advice === undefined ? '' : `; ${advice}`}`)
  // the rest of an unclosed string would only repeat the error
  return isQuote ? (text.slice(offset).match(/^[^\n\r]*/)?.[0].length ?? 1) : odd.length
}

function addSign(token: Token, state: LexState): void {
  state.tokens.push(token)
  if (closers.has(token.text)) state.open.push(token)
  if (token.text !== ')' && token.text !== ']') return
  const opener = state.open.pop()
  if (opener === undefined) addError(state, token.span, `\`${token.text}\` closes nothing`)
  else if (closers.get(opener.text) !== token.text)
    addError(state, token.span, `\`${token.text}\` cannot close \`${opener.text}\``)
}

function addError(state: LexState, span: TemplateSpan, message: string): void {
  state.errors.push({ code: 'template_syntax', params: { message }, span })
}

function spanIn(quasi: number, offset: number, length: number): TemplateSpan {
  const place = (at: number): TemplatePlace => ({ quasi, offset: at })
  return { start: place(offset), end: place(offset + length) }
}
