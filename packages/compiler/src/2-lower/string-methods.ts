// string-methods: what strings can do while compiling

import type { Node } from '@babel/types'
import { describe } from './describe.ts'
import type { Evaluation } from './evaluation.ts'
import { refuse } from './report.ts'
import { Builtin, Poison, type Value, poison } from './value.ts'

/** A string that a model builds is short; more is a mistake. */
const MAX_LENGTH = 1_000_000

type Method = (text: string, args: readonly (string | number | undefined)[]) => Value

const asText = (value: string | number | undefined): string => String(value ?? '')
const asNumber = (value: string | number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value)

const methods: { readonly [name: string]: Method } = {
  at: (text, [index]) => text.at(asNumber(index) ?? 0),
  charAt: (text, [index]) => text.charAt(asNumber(index) ?? 0),
  charCodeAt: (text, [index]) => text.charCodeAt(asNumber(index) ?? 0),
  codePointAt: (text, [index]) => text.codePointAt(asNumber(index) ?? 0),
  concat: (text, args) => text.concat(...args.map(asText)),
  endsWith: (text, [search, end]) => text.endsWith(asText(search), asNumber(end)),
  includes: (text, [search, start]) => text.includes(asText(search), asNumber(start)),
  indexOf: (text, [search, start]) => text.indexOf(asText(search), asNumber(start)),
  lastIndexOf: (text, [search]) => text.lastIndexOf(asText(search)),
  padEnd: (text, [length, fill]) =>
    text.padEnd(Math.min(MAX_LENGTH, Number(length)), fill === undefined ? ' ' : asText(fill)),
  padStart: (text, [length, fill]) =>
    text.padStart(Math.min(MAX_LENGTH, Number(length)), fill === undefined ? ' ' : asText(fill)),
  repeat: (text, [count]) =>
    text.repeat(Math.min(Math.max(0, Number(count)), Math.floor(MAX_LENGTH / Math.max(1, text.length)))),
  replace: (text, [from, to]) => text.replace(asText(from), () => asText(to)),
  replaceAll: (text, [from, to]) => text.replaceAll(asText(from), () => asText(to)),
  slice: (text, [start, end]) => text.slice(asNumber(start), asNumber(end)),
  split: (text, [separator]) => (separator === undefined ? [text] : text.split(asText(separator))),
  startsWith: (text, [search, start]) => text.startsWith(asText(search), asNumber(start)),
  substring: (text, [start, end]) => text.substring(asNumber(start) ?? 0, asNumber(end)),
  toLowerCase: (text) => text.toLowerCase(),
  toString: (text: string) => text,
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  trimEnd: (text) => text.trimEnd(),
  trimStart: (text) => text.trimStart(),
}

/** The names of properties and methods, for proposals. */
export const stringMemberNames: readonly string[] = ['length', ...Object.keys(methods)]

/** Returns a property or a bound method of a string; undefined where there is none of this name. */
export function stringMember(evaluation: Evaluation, text: string, name: string, node: Node): Value {
  if (name === 'length') return text.length
  if (/^\d+$/.test(name)) return text[Number(name)] ?? ''
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return undefined
  return new Builtin(name, (args, site) => {
    const plain: (string | number | undefined)[] = []
    for (const [index, arg] of args.entries()) {
      if (arg instanceof Poison) return poison
      if (arg !== undefined && typeof arg !== 'string' && typeof arg !== 'number') {
        const params = {
          argument: `argument ${index + 1}`,
          callee: name,
          expected: 'a string or a number',
          got: describe(arg),
        }
        return refuse(evaluation, site.args[index] ?? node, 'source_bad_argument', params)
      }
      plain.push(arg)
    }
    return method(text, plain)
  })
}
