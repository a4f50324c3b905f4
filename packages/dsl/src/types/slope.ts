// slope: by how much an expression grows with one symbol

import {
  type Atom,
  type Polynomial,
  addPolynomials,
  constant,
  fromAtom,
  multiplyPolynomials,
  scale,
} from './polynomial.ts'

/**
 * Returns by how much `p` grows when the symbol `name` grows by 1, where that is the same everywhere: undefined where
 * the symbol stands in a quotient, a remainder or a power.
 */
export function slopeOfPolynomial(p: Polynomial, name: string): Polynomial | undefined {
  let slope = constant(0)
  for (const { coefficient, atoms } of p.terms) {
    const own = atoms.filter((atom) => atom.kind === 'symbol' && atom.name === name)
    const others = atoms.filter((atom) => !own.includes(atom))
    if (own.length > 1 || others.some((atom) => names(atom, name))) return undefined
    const [atom] = own
    if (atom?.kind !== 'symbol') continue
    if (coefficient % atom.scale !== 0) return undefined // an atom is the printed value divided by its scale
    const rest = others.reduce((part, other) => multiplyPolynomials(part, fromAtom(other)), constant(1))
    slope = addPolynomials(slope, scale(rest, coefficient / atom.scale))
  }
  return slope
}

function names(atom: Atom, name: string): boolean {
  if (atom.kind === 'symbol') return atom.name === name
  return [atom.left, atom.right].some((p) => p.terms.some(({ atoms }) => atoms.some((inner) => names(inner, name))))
}
