// js-text: JavaScript values and code, laid out
//
// Readable code breaks what is longer than a line; minified code has no spaces that it can do without.

/** A piece of a module: code as it is, an array, or an object. */
export type Js =
  | string
  | { readonly list: readonly Js[] }
  | { readonly record: readonly (readonly [name: string, value: Js])[] }

/** How code looks. */
export type CodeStyle = 'readable' | 'minified'

const lineWidth = 100

/** Returns the piece as code; `indent` is that of the line it starts on. */
export function printJs(piece: Js, style: CodeStyle, indent: string = ''): string {
  if (typeof piece === 'string') return piece
  const isList = 'list' in piece
  const colon = style === 'minified' ? ':' : ': '
  const parts = isList
    ? piece.list.map((value) => ({ key: '', value }))
    : piece.record.map(([name, value]) => ({ key: `${propertyName(name)}${colon}`, value }))
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return open + close
  const flat = parts.map(({ key, value }) => key + printJs(value, style, indent))
  if (style === 'minified') return `${open}${flat.join(',')}${close}`
  const pad = isList ? '' : ' '
  const line = `${open}${pad}${flat.join(', ')}${pad}${close}`
  if (line.length + indent.length <= lineWidth && !line.includes('\n')) return line
  const inner = `${indent}  `
  const broken = parts.map(({ key, value }) => `${inner}${key}${printJs(value, style, inner)},\n`)
  return `${open}\n${broken.join('')}${indent}${close}`
}

/** Returns code without strings as the style has it: as it is, or without spaces. */
export function squeeze(code: string, style: CodeStyle): string {
  return style === 'readable' ? code : code.replaceAll(/(?<![\p{ID_Continue}$]) | (?![\p{ID_Continue}$])/gu, '')
}

/** Returns plain data as a piece: numbers of every kind, strings, booleans, null, undefined, arrays and objects. */
export function dataJs(value: unknown): Js {
  if (Array.isArray(value)) return { list: value.map(dataJs) }
  if (typeof value === 'object' && value !== null) {
    return { record: Object.entries(value).map(([name, part]) => [name, dataJs(part)]) }
  }
  return typeof value === 'string' ? quote(value) : numberText(value)
}

/** Returns a string literal. */
export function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

/** Returns a template literal of the text. */
export function template(text: string): string {
  return `\`${text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')}\``
}

/** Returns whether a text can be the name of a variable. */
export function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text) && !reserved.has(text)
}

const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
)

function numberText(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function propertyName(name: string): string {
  // `__proto__: x` would set the prototype
  if (name === '__proto__') return "['__proto__']"
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quote(name)
}
