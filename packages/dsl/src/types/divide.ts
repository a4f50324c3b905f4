// divide: long division of polynomials, as far as it is exact
//
// What floorDiv and mod simplify by: the terms that a divisor divides, and the rest that stays under the quotient.

import { type Polynomial, type Term, addPolynomials, constant, fromTerms, multiplyPolynomials } from './polynomial.ts'
import { subtractPolynomials } from './bounds.ts'

/** Splits `a` into terms that `b` divides exactly and the rest, when `b` has one term. */
export function divide(a: Polynomial, b: Polynomial): { quotient: Polynomial; rest: Polynomial } {
  const [only, ...others] = b.terms
  if (only === undefined || others.length > 0) {
    return a.key === b.key ? { quotient: constant(1), rest: constant(0) } : divideBySum(a, b)
  }
  const quotient: Term[] = []
  const rest: Term[] = []
  for (const term of a.terms) {
    const exact = divideTerm(term, only)
    if (exact !== undefined) quotient.push(exact)
    else if (only.atoms.length === 0 && Math.abs(term.coefficient) > Math.abs(only.coefficient)) {
      // 7*i / 4 -> i + (3*i)/4; also brings a constant into 0 .. b-1
      const whole = Math.floor(term.coefficient / only.coefficient)
      quotient.push({ coefficient: whole, atoms: term.atoms })
      rest.push({ coefficient: term.coefficient - whole * only.coefficient, atoms: term.atoms })
    } else rest.push(term)
  }
  return { quotient: fromTerms(quotient), rest: fromTerms(rest) }
}

/** Long division by a sum, one step at a time: takes out q*b while its leading product occurs in `a`. */
function divideBySum(a: Polynomial, b: Polynomial): { quotient: Polynomial; rest: Polynomial } {
  let quotient = constant(0)
  let rest = a
  const lead = [...b.terms].sort((x, y) => y.atoms.length - x.atoms.length)[0]
  if (lead === undefined || lead.atoms.length === 0) return { quotient, rest }
  for (let step = 0; step < 8; step++) {
    const exact = rest.terms.map((t) => divideTerm(t, lead)).find((t) => t !== undefined)
    if (exact === undefined) break
    const q = fromTerms([exact])
    quotient = addPolynomials(quotient, q)
    rest = subtractPolynomials(rest, multiplyPolynomials(q, b))
  }
  return { quotient, rest }
}

function divideTerm(term: Term, by: Term): Term | undefined {
  if (term.coefficient % by.coefficient !== 0) return undefined
  const atoms = [...term.atoms]
  for (const atom of by.atoms) {
    const at = atoms.findIndex((a) => a.key === atom.key)
    if (at < 0) return undefined
    atoms.splice(at, 1)
  }
  return { coefficient: term.coefficient / by.coefficient, atoms }
}
