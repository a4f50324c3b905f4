// print-dim: a size or an index -> text as users write it

import { type FunctionAtom, type Polynomial, type Term, constantOf } from './polynomial.ts'

/** Returns `2*B + 1`, as users write it. */
export function printDim(a: number | Polynomial): string {
  if (typeof a === 'number') return String(a)
  const parts = [...a.terms].sort((x, y) => y.atoms.length - x.atoms.length).map(printTerm)
  return parts.join(' + ').replaceAll('+ -', '- ')
}

function printTerm(term: Term): string {
  let coefficient = term.coefficient
  const names = term.atoms.map((atom) => {
    if (atom.kind !== 'symbol') return printFunction(atom)
    if (coefficient % atom.scale === 0) {
      coefficient /= atom.scale
      return atom.name
    }
    return `(${atom.name}/${atom.scale})`
  })
  if (names.length === 0) return String(coefficient)
  const product = names.join('*')
  return coefficient === 1 ? product : coefficient === -1 ? `-${product}` : `${coefficient}*${product}`
}

const spelling = { floorDiv: 'floor', mod: 'mod', min: 'min', max: 'max' } as const

function printFunction(atom: FunctionAtom): string {
  const left = printDim(constantOf(atom.left) ?? atom.left)
  const right = printDim(constantOf(atom.right) ?? atom.right)
  return atom.kind === 'floorDiv' ? `floor((${left})/${right})` : `${spelling[atom.kind]}(${left}, ${right})`
}
