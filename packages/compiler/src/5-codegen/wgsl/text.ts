// text: pieces of WGSL with their precedence
//
// A piece knows how tightly it binds, so that parentheses appear where they are needed and nowhere else.

/** How tightly a piece of text binds: `other` holds comparisons, shifts and bitwise operators, which never mix. */
export type Level = 'primary' | 'product' | 'sum' | 'other'

/** A piece of an expression. */
export interface Text {
  readonly text: string
  readonly level: Level
}

const order: { readonly [L in Level]: number } = { primary: 3, product: 2, sum: 1, other: 0 }

/** Returns text that needs no parentheses anywhere: a name, a literal, a call, an element. */
export function primary(text: string): Text {
  return { text, level: 'primary' }
}

/** Returns `name(a, b)`. Comparisons among the arguments get parentheses: `f(a < b, c > d)` would be a template list. */
export function call(name: string, ...args: readonly Text[]): Text {
  return primary(`${name}(${args.map((arg) => within(arg, 'sum')).join(', ')})`)
}

/** Returns the text, in parentheses where it binds less tightly than `level`. */
export function within(piece: Text, level: Level): string {
  return order[piece.level] >= order[level] ? piece.text : `(${piece.text})`
}

/** Returns `a * b`, `a / b` or `a % b`. */
export function product(a: Text, operator: '*' | '/' | '%', b: Text): Text {
  return { text: `${within(a, 'product')} ${operator} ${within(b, 'primary')}`, level: 'product' }
}

/** Returns `a + b` or `a - b`. */
export function sum(a: Text, operator: '+' | '-', b: Text): Text {
  return { text: `${within(a, 'sum')} ${operator} ${within(b, 'product')}`, level: 'sum' }
}

/** Returns `a < b`, `a & b`, `a << b`, … */
export function operation(a: Text, operator: string, b: Text): Text {
  return { text: `${within(a, 'primary')} ${operator} ${within(b, 'primary')}`, level: 'other' }
}

/** Returns `-a`, `!a` or `~a`. Binds like a sum, so that no two minus signs ever meet. */
export function prefix(operator: '-' | '!' | '~', a: Text): Text {
  return { text: `${operator}${within(a, 'primary')}`, level: 'sum' }
}
