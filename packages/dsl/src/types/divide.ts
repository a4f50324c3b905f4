// divide: long division of polynomials, as far as it is exact
//
// What floorDiv and mod simplify by: the terms that a divisor divides, and the rest that stays under the quotient, where
// terms that are small together do not matter.

import { type Polynomial, type Term, addPolynomials, constant, fromTerms, multiplyPolynomials } from './polynomial.ts'
import { gcd, isBelow, subtractPolynomials } from './bounds.ts'

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

/**
 * Writes `p` as factor * whole + small with a factor of `limit` and 0 <= small < factor, so that a quotient by `limit` is
 * one of whole: (6*i + 5) / 4 -> (3*i + 2) / 2, and (20*i + j) / 40 -> i / 2 where j < 20.
 */
export function splitByFactor(
  p: Polynomial,
  limit: number,
): { readonly factor: number; readonly whole: Polynomial; readonly small: Polynomial } | undefined {
  const terms = p.terms.filter((t) => t.atoms.length > 0)
  terms.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient))
  const constantPart = p.terms.find((t) => t.atoms.length === 0)?.coefficient ?? 0
  let factor = limit
  for (const [index, term] of terms.entries()) {
    factor = gcd(factor, Math.abs(term.coefficient))
    if (factor === 1) return undefined
    const carried = Math.floor(constantPart / factor)
    const small = fromTerms([...terms.slice(index + 1), { coefficient: constantPart - carried * factor, atoms: [] }])
    if (!isBelow(small, constant(factor))) continue
    const part = terms.slice(0, index + 1).map((t) => ({ ...t, coefficient: t.coefficient / factor }))
    return { factor, whole: fromTerms([...part, { coefficient: carried, atoms: [] }]), small }
  }
  return undefined
}
