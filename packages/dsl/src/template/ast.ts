// ast: the syntax tree of a `tj` template
//
// Plain data, made by parse.ts and read by evaluate.ts. Places are given in the texts between the interpolations
// (as written, before escapes), so that the compiler can map them into the file.

/** A place in a template: which text between interpolations, and the UTF-16 offset in it. */
export interface TemplatePlace {
  readonly quasi: number
  readonly offset: number
}

/** A half-open range of a template. An interpolation lies between the end of one text and the start of the next. */
export interface TemplateSpan {
  readonly start: TemplatePlace
  readonly end: TemplatePlace
}

/** Operators of two operands, by increasing strength: `or`, `and`, comparisons, `|`, `&`, sums, products, power. */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '|'
  | '&'
  | '+'
  | '-'
  | '*'
  | '@'
  | '/'
  | '//'
  | '%'
  | '**'

/** Operators of one operand. */
export type UnaryOperator = 'not' | '+' | '-' | '~'

/** One part of a formula. `span` covers all of it, brackets around it left out. */
export type Formula =
  | NumberFormula
  | TextFormula
  | WordFormula
  | ValueFormula
  | NameFormula
  | UnaryFormula
  | BinaryFormula
  | CallFormula
  | MemberFormula
  | IndexFormula
  | ListFormula

/** A number as written. */
export interface NumberFormula {
  readonly kind: 'number'
  readonly value: number
  readonly span: TemplateSpan
}

/** A string, for options and equations. */
export interface TextFormula {
  readonly kind: 'text'
  readonly value: string
  readonly span: TemplateSpan
}

/** True, False or None. */
export interface WordFormula {
  readonly kind: 'word'
  readonly value: true | false | null
  readonly span: TemplateSpan
}

/** An interpolation: the index-th `${…}`. */
export interface ValueFormula {
  readonly kind: 'value'
  readonly index: number
  readonly span: TemplateSpan
}

/** A name: bound by an earlier line, or an operation. */
export interface NameFormula {
  readonly kind: 'name'
  readonly name: string
  readonly span: TemplateSpan
}

/** An operator before its operand. */
export interface UnaryFormula {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Formula
  readonly span: TemplateSpan
}

/** An operator between its operands. */
export interface BinaryFormula {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Formula
  readonly right: Formula
  readonly span: TemplateSpan
}

/** A call, with positional arguments and then keywords. */
export interface CallFormula {
  readonly kind: 'call'
  readonly callee: Formula
  readonly positional: readonly Formula[]
  readonly keywords: readonly Keyword[]
  readonly span: TemplateSpan
}

/** `axis=-1` in a call. */
export interface Keyword {
  readonly name: string
  readonly value: Formula
  readonly span: TemplateSpan
}

/** A property or method: `x.T`. `nameSpan` covers the word after the dot. */
export interface MemberFormula {
  readonly kind: 'member'
  readonly object: Formula
  readonly name: string
  readonly nameSpan: TemplateSpan
  readonly span: TemplateSpan
}

/** An indexed value: `x[:, 0]`. */
export interface IndexFormula {
  readonly kind: 'index'
  readonly object: Formula
  readonly entries: readonly IndexEntry[]
  readonly span: TemplateSpan
}

/** One place between index brackets. */
export type IndexEntry =
  | { readonly kind: 'at'; readonly value: Formula; readonly span: TemplateSpan }
  | {
      readonly kind: 'slice'
      readonly start?: Formula
      readonly stop?: Formula
      readonly step?: Formula
      readonly span: TemplateSpan
    }
  | { readonly kind: 'rest'; readonly span: TemplateSpan }

/** A tuple or a list: the same thing to the evaluator. */
export interface ListFormula {
  readonly kind: 'list'
  readonly items: readonly Formula[]
  readonly span: TemplateSpan
}

/** A line that binds names: one name to the value, or several to its parts. */
export interface Binding {
  readonly names: readonly NameFormula[]
  /** Whether the value is taken apart (`a, b = …`, also `a, = …`). */
  readonly takesApart: boolean
  readonly value: Formula
}

/** A whole template: bindings in order, then the value. */
export interface Template {
  readonly bindings: readonly Binding[]
  readonly value: Formula
}

/** What is wrong in a template, and where. `code` is a diagnostic code, `params` its parameters. */
export interface TemplateError {
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
  readonly span: TemplateSpan
  /** The nearest name that exists, where a name does not. */
  readonly suggestion?: string
  /** The argument of the operation that is at fault. */
  readonly argument?: string
  /** What the operation threw. */
  readonly cause?: Error
}

/** Returns the range from the start of `first` to the end of `last`. */
export function spanFrom(first: TemplateSpan, last: TemplateSpan): TemplateSpan {
  return { start: first.start, end: last.end }
}
