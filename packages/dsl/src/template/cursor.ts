// cursor: where the parser stands in the tokens of one line
//
// Looks at, takes and demands tokens. Throws SyntaxFailure, the only exception of the parser.

import type { TemplateSpan } from './ast.ts'
import type { Token } from './lex.ts'

/** A line that is not a formula; caught by parseTemplate. */
export class SyntaxFailure extends Error {
  readonly span: TemplateSpan

  constructor(message: string, span: TemplateSpan) {
    super(message)
    this.span = span
  }
}

/** Words of Python and JavaScript that a template does not have, with what to write. */
const refusedWords: ReadonlyMap<string, string> = new Map([
  ['if', 'write `where(condition, a, b)`'],
  ['else', 'write `where(condition, a, b)`'],
  ['for', 'loop in TypeScript around the template'],
  ['in', 'compare with `==`'],
  ['is', 'compare with `==`'],
  ['lambda', 'functions come in through `${…}`'],
  ['return', 'the last line is the value'],
  ['const', 'write `name = formula`'],
  ['let', 'write `name = formula`'],
])

// Deeper than any formula that people write, and shallow enough for every stack.
const deepest = 200

/** A position in the tokens of one line. */
export class Cursor {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** The token `ahead` of the next one, or undefined at the end of the line. */
  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead]
  }

  /** Moves over `count` tokens. */
  skip(count = 1): void {
    this.#next += count
  }

  /** Whether the next token is this sign or word. */
  sees(text: string): boolean {
    const token = this.peek()
    return token !== undefined && (token.kind === 'sign' || token.kind === 'name') && token.text === text
  }

  /** Takes the next token where it is this sign or word. */
  take(text: string): Token | undefined {
    return this.sees(text) ? this.#tokens[this.#next++] : undefined
  }

  /** Takes the next token where it is one of these signs or words. */
  takeOneOf<Text extends string>(texts: readonly Text[]): Text | undefined {
    const found = texts.find((text) => this.sees(text))
    if (found !== undefined) this.skip()
    return found
  }

  /** Takes the sign that must stand here, at the end of `what`. */
  expect(text: string, what: string): Token {
    const token = this.take(text)
    if (token !== undefined) return token
    const next = this.peek()
    if (next === undefined) throw this.missing()
    const advice = adviceOn(next)
    if (advice !== undefined) throw new SyntaxFailure(advice, next.span)
    if (next.kind === 'sign' && next.text === '=')
      throw new SyntaxFailure('`=` binds a name or gives an option; compare with `==`', next.span)
    throw new SyntaxFailure(
      `${shown(next)} does not belong to ${what}; \`,\` or \`${text}\` is missing before it`,
      next.span,
    )
  }

  /** Throws where something is left on the line. */
  expectEnd(): void {
    const token = this.peek()
    if (token === undefined) return
    if (token.kind === 'sign' && token.text === '=') throw new SyntaxFailure('one line binds one value', token.span)
    if (token.kind === 'sign' && token.text.endsWith('='))
      throw new SyntaxFailure(
        `\`${token.text}\` is not an operator here; write \`x = x ${token.text.slice(0, -1)} …\``,
        token.span,
      )
    throw new SyntaxFailure(adviceOn(token) ?? `${shown(token)} does not follow a value`, token.span)
  }

  /** Returns the failure of a line that ends too early. */
  missing(): SyntaxFailure {
    return new SyntaxFailure(
      `a value is missing after ${shown(this.#tokens[this.#next - 1])}; brackets continue a line`,
      this.last(),
    )
  }

  /** The place of the token taken last. */
  last(): TemplateSpan {
    const token = this.#tokens[Math.max(0, this.#next - 1)]
    return token?.span ?? { start: { quasi: 0, offset: 0 }, end: { quasi: 0, offset: 0 } }
  }

  /** Reads one level deeper; throws where that is too deep. */
  nested<T>(read: () => T): T {
    if (++this.#depth > deepest)
      throw new SyntaxFailure('it is nested too deeply; bind parts of it to names', this.last())
    const result = read()
    this.#depth--
    return result
  }
}

/** Returns a token as messages show it. */
export function shown(token: Token | undefined): string {
  if (token === undefined) return 'the start'
  return token.kind === 'value' ? '`${…}`' : token.kind === 'text' ? `the string '${token.text}'` : `\`${token.text}\``
}

/** Returns what to write instead of a word that templates do not have. */
export function adviceOn(token: Token): string | undefined {
  const advice = token.kind === 'name' ? refusedWords.get(token.text) : undefined
  return advice === undefined ? undefined : `\`${token.text}\` has no meaning here; ${advice}`
}
