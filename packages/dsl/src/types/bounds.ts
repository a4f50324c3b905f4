// bounds: polynomial -> interval
//
// Interval arithmetic, sharpened by eliminating symbols with a symbolic upper bound (i < T) where the sign of their
// cofactor is known, so that T*C - 1 - (t*C + c) is proved to be at least 0, and by counting symbols from their least
// values. Sound, not complete.

import {
  type Atom,
  type Interval,
  type Polynomial,
  addPolynomials,
  constant,
  constantOf,
  fromAtom,
  fromTerms,
  multiplyPolynomials,
  scale,
} from './polynomial.ts'

/** Returns an interval that holds every value of `p`. */
export function boundsOf(p: Polynomial): Interval {
  p.interval ??= findBounds(p)
  return p.interval
}

function findBounds(p: Polynomial): Interval {
  const plain = interval(p)
  const low = interval(eliminate(p, 'low')).low
  const high = interval(eliminate(p, 'high')).high
  const found = { low: Math.max(plain.low, low), high: Math.min(plain.high, high) }
  if (found.low >= 0 || found.high <= 0 || !isSizeProduct(p)) return found
  const shifted = interval(fromZero(p))
  return { low: Math.max(found.low, shifted.low), high: Math.min(found.high, shifted.high) }
}

/** Whether `p` multiplies dimensions, and nothing else is in it: indices, of which there are many, have other ways. */
function isSizeProduct({ terms }: Polynomial): boolean {
  return (
    terms.some(({ atoms }) => atoms.length > 1) &&
    terms.every(({ atoms }) => atoms.every((atom) => atom.kind === 'symbol' && atom.below === undefined))
  )
}

/** Counts symbols from their least value, so that H*W - 2*H - 2*W + 4 of at least 2 each shows as a product. */
function fromZero(p: Polynomial): Polynomial {
  const part = (atom: Atom): Polynomial => {
    if (atom.kind !== 'symbol' || !Number.isFinite(atom.min)) return fromAtom(atom)
    return addPolynomials(fromAtom({ ...atom, min: 0, max: atom.max - atom.min }), constant(atom.min))
  }
  return p.terms.reduce(
    (sum, { coefficient, atoms }) =>
      addPolynomials(sum, atoms.map(part).reduce(multiplyPolynomials, constant(coefficient))),
    constant(0),
  )
}

/** Replaces bounded symbols by the end of their range that minimises (or maximises) `p`, innermost bounds first. */
function eliminate(p: Polynomial, end: 'low' | 'high'): Polynomial {
  let current = p
  // each step removes one symbol, and `below` mentions only symbols made earlier, so this ends
  for (;;) {
    const step = nextElimination(current, end)
    if (step === undefined) return current
    current = step
  }
}

function nextElimination(p: Polynomial, end: 'low' | 'high'): Polynomial | undefined {
  for (const atom of innerAtoms(p)) {
    const split = splitLinear(p, atom)
    if (split === undefined) continue
    const sign = interval(split.cofactor)
    const wantsTop = end === 'low' ? sign.high <= 0 : sign.low >= 0
    const wantsBottom = end === 'low' ? sign.low >= 0 : sign.high <= 0
    const value = wantsBottom ? lowest(atom) : wantsTop ? highest(atom) : undefined
    if (value !== undefined) return addPolynomials(multiplyPolynomials(split.cofactor, value), split.rest)
  }
  return undefined
}

/** Atoms that only occur as the smaller part of something: loop variables, quotients and remainders, by size known. */
function innerAtoms(p: Polynomial): readonly Atom[] {
  const found = new Map<string, Atom>()
  for (const term of p.terms)
    for (const atom of term.atoms) {
      if (atom.kind !== 'symbol' ? term.atoms.length > 1 : atom.below !== undefined) found.set(atom.key, atom)
      else if (atom.kind === 'symbol' && atom.min === 0 && term.atoms.length > 1) found.set(atom.key, atom)
    }
  return [...found.values()]
}

function lowest(atom: Atom): Polynomial | undefined {
  const { low } = atomBounds(atom)
  return Number.isFinite(low) ? constant(low) : undefined
}

function highest(atom: Atom): Polynomial | undefined {
  if (atom.kind === 'symbol' && atom.below !== undefined) return addPolynomials(atom.below, constant(-1))
  const { high } = atomBounds(atom)
  return Number.isFinite(high) ? constant(high) : undefined
}

/** Writes `p` as cofactor * symbol + rest, or returns undefined where p is not linear in the symbol. */
function splitLinear(p: Polynomial, symbol: Atom): { cofactor: Polynomial; rest: Polynomial } | undefined {
  const inside = []
  const rest = []
  for (const term of p.terms) {
    const times = term.atoms.filter((a) => a.key === symbol.key).length
    if (times > 1) return undefined
    if (times === 0) rest.push(term)
    else inside.push({ coefficient: term.coefficient, atoms: term.atoms.filter((a) => a.key !== symbol.key) })
  }
  return { cofactor: fromTerms(inside), rest: fromTerms(rest) }
}

function interval(p: Polynomial): Interval {
  let low = 0
  let high = 0
  for (const term of p.terms) {
    let t: Interval = { low: term.coefficient, high: term.coefficient }
    for (const atom of term.atoms) t = times(t, atomBounds(atom))
    low += t.low
    high += t.high
  }
  return { low: Number.isNaN(low) ? -Infinity : low, high: Number.isNaN(high) ? Infinity : high }
}

function atomBounds(atom: Atom): Interval {
  if (atom.kind === 'symbol') {
    if (atom.below === undefined) return { low: atom.min, high: atom.max }
    return { low: atom.min, high: Math.min(atom.max, interval(atom.below).high - 1) }
  }
  const left = boundsOf(atom.left)
  const right = boundsOf(atom.right)
  switch (atom.kind) {
    case 'floorDiv':
      return quotient(left, right)
    case 'mod':
      return right.low > 0
        ? { low: 0, high: left.low >= 0 ? Math.min(left.high, right.high - 1) : right.high - 1 }
        : { low: -Infinity, high: Infinity }
    case 'min':
      return { low: Math.min(left.low, right.low), high: Math.min(left.high, right.high) }
    case 'max':
      return { low: Math.max(left.low, right.low), high: Math.max(left.high, right.high) }
  }
}

function quotient(left: Interval, right: Interval): Interval {
  if (right.low <= 0) return { low: -Infinity, high: Infinity }
  const ends = [left.low / right.low, left.low / right.high, left.high / right.low, left.high / right.high]
  return { low: Math.floor(Math.min(...ends.map(finite0))), high: Math.floor(Math.max(...ends.map(finite0))) }
}

/** Infinity / Infinity: the quotient of two unbounded ends, which the other ends already bound. */
function finite0(value: number): number {
  return Number.isNaN(value) ? 0 : value
}

function times(a: Interval, b: Interval): Interval {
  const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map(finite0)
  return { low: Math.min(...products), high: Math.max(...products) }
}

/** Returns whether `p` is 0 everywhere ('yes'), nowhere ('no'), or neither is proved. */
export function isZero(p: Polynomial): 'yes' | 'no' | 'unknown' {
  const value = constantOf(p)
  if (value !== undefined) return value === 0 ? 'yes' : 'no'
  const { low, high } = boundsOf(p)
  if (low > 0 || high < 0) return 'no'
  // a common factor of the coefficients that the constant term lacks: 2*T + 1 is never 0
  const factor = p.terms.filter((t) => t.atoms.length > 0).reduce((g, t) => gcd(g, Math.abs(t.coefficient)), 0)
  const rest = p.terms.find((t) => t.atoms.length === 0)?.coefficient ?? 0
  return rest % factor === 0 ? 'unknown' : 'no'
}

/** Returns the greatest common divisor. */
export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/** Returns `a - b`. */
export function subtractPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  return addPolynomials(a, scale(b, -1))
}

/** Returns whether 0 <= rest < divisor everywhere, as far as it is proved. */
export function isBelow(rest: Polynomial, divisor: Polynomial): boolean {
  return boundsOf(rest).low >= 0 && boundsOf(subtractPolynomials(divisor, rest)).low >= 1
}
