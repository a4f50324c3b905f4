// js-dims: sizes -> JavaScript
//
// Floored division by a power of two is a shift where the value surely fits 32 bits; byte counts may not.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { isIdentifier } from './js-text.ts'

type Expression = Exclude<Dim, number>
type Term = Expression['terms'][number]
type Atom = Term['atoms'][number]
type FunctionAtom = Extract<Atom, { readonly left: unknown }>

/** Returns a size as an expression; `nameOf` holds the variable of each dimension. */
export function jsDim(size: Dim, nameOf: ReadonlyMap<string, string>): string {
  if (typeof size === 'number') return String(size)
  // positive terms first, constants last
  const terms = [...size.terms].sort(
    (a, b) =>
      Number(b.atoms.length > 0) - Number(a.atoms.length > 0) || Math.sign(b.coefficient) - Math.sign(a.coefficient),
  )
  const texts = terms.map((term) => termText(term, nameOf))
  return texts.reduce((sum, { isNegative, text }, i) => {
    if (i === 0) return isNegative ? `-${text}` : text
    return `${sum} ${isNegative ? '-' : '+'} ${text}`
  }, '')
}

/** Returns a size as an operand of an operator that binds more tightly than `+`. */
export function jsOperand(size: Dim, nameOf: ReadonlyMap<string, string>): string {
  const text = jsDim(size, nameOf)
  return /^[\w$\u0080-\uffff]+$/.test(text) ? text : `(${text})`
}

/** Returns sizes as the elements of an array. */
export function jsDims(sizes: readonly Dim[], nameOf: ReadonlyMap<string, string>): string {
  return sizes.map((size) => jsDim(size, nameOf)).join(', ')
}

/** Returns a variable for each dimension of a program, by its name where that is legal and free. */
export function dimVariables(names: readonly string[], taken: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(taken)
  return new Map(
    names.map((name) => {
      const legal = name.replaceAll(/[^\p{ID_Continue}$]/gu, '_').replace(/^(?![\p{ID_Start}$_])/u, '_')
      let variable = legal
      for (let n = 1; used.has(variable) || !isIdentifier(variable); n++) variable = `${legal}_${n}`
      used.add(variable)
      return [name, variable]
    }),
  )
}

interface TermText {
  readonly isNegative: boolean
  readonly text: string
}

function termText(term: Term, nameOf: ReadonlyMap<string, string>): TermText {
  let coefficient = Math.abs(term.coefficient)
  const factors = term.atoms.map((atom) => {
    if (atom.kind !== 'symbol') return functionText(atom, nameOf)
    const name = nameOf.get(atom.name) ?? internalError(`no dimension ${atom.name}`)
    if (coefficient % atom.scale !== 0) return `(${name} / ${atom.scale})`
    coefficient /= atom.scale
    return name
  })
  const all = coefficient === 1 && factors.length > 0 ? factors : [String(coefficient), ...factors]
  return { isNegative: term.coefficient < 0, text: all.join(' * ') }
}

function functionText(atom: FunctionAtom, nameOf: ReadonlyMap<string, string>): string {
  const [a, b] = [toDim(atom.left), toDim(atom.right)]
  const { low, high } = dims.bounds(a)
  switch (atom.kind) {
    case 'min':
    case 'max':
      return `Math.${atom.kind}(${jsDim(a, nameOf)}, ${jsDim(b, nameOf)})`
    case 'floorDiv': {
      const power = typeof b === 'number' ? Math.log2(b) : 0.5
      const isShift = Number.isInteger(power) && low >= -(2 ** 31) && high < 2 ** 31
      if (isShift) return `(${jsOperand(a, nameOf)} >> ${power})`
      return `Math.floor(${jsOperand(a, nameOf)} / ${jsOperand(b, nameOf)})`
    }
    case 'mod': {
      const [left, right] = [jsOperand(a, nameOf), jsOperand(b, nameOf)]
      return low >= 0 ? `(${left} % ${right})` : `(((${left} % ${right}) + ${right}) % ${right})`
    }
  }
}

function toDim(expression: Expression): Dim {
  const [first, ...rest] = expression.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : expression
}
