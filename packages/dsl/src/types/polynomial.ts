// polynomial: the normal form of dimension expressions
//
// A sum of integer multiples of products of atoms, terms sorted by key, so that equal expressions have equal keys.
// Atoms are symbols, and the quotients, remainders, minima and maxima that do not simplify away (see dim.ts).

/** A named integer: a dimension of a signature, or a loop variable of a kernel. */
export interface SymbolAtom {
  readonly kind: 'symbol'
  readonly key: string
  /** The name as printed. */
  readonly name: string
  /** The printed value is `scale` times this atom: `dim('B', { multipleOf: 8 })` is 8 times an atom. */
  readonly scale: number
  /** Bounds of the atom itself (after division by scale), inclusive. */
  readonly min: number
  readonly max: number
  /** The atom is less than this, where the bound is symbolic (a loop variable below a dimension). */
  readonly below?: Polynomial
  /** The value at this moment, for eager runs, where a dimension in an expression reads as its number. */
  readonly current?: () => number
}

/** An integer function of polynomials that has no simpler form. Quotients and remainders are floored. */
export interface FunctionAtom {
  readonly kind: 'floorDiv' | 'mod' | 'min' | 'max'
  readonly key: string
  readonly left: Polynomial
  readonly right: Polynomial
}

/** What polynomials are made of. */
export type Atom = SymbolAtom | FunctionAtom

/** A closed interval; infinite where nothing is known. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** An integer multiple of a product of atoms, sorted by key; no atoms for the constant term. */
export interface Term {
  readonly coefficient: number
  readonly atoms: readonly Atom[]
}

/** An integer expression in normal form. */
export class Polynomial {
  readonly terms: readonly Term[]
  readonly key: string
  /** What holds every value, once bounds.ts has found it: the parts of an expression are asked for it again and again. */
  interval: Interval | undefined

  constructor(terms: readonly Term[], key: string) {
    this.terms = terms
    this.key = key
  }

  /** Reads as a number where every symbol has a current value (an eager run), and as NaN elsewhere. */
  valueOf(): number {
    return evaluate(this, (symbol) => (symbol.current === undefined ? Number.NaN : symbol.current() / symbol.scale))
  }
}

/** Returns the constant `value`. */
export function constant(value: number): Polynomial {
  return ordered(value === 0 ? [] : [{ coefficient: value, atoms: [] }])
}

/** Returns `atom` by itself. */
export function fromAtom(atom: Atom): Polynomial {
  return ordered([{ coefficient: 1, atoms: [atom] }])
}

/** Terms that are in the order of the normal form, each with other atoms. */
function ordered(terms: readonly Term[]): Polynomial {
  const keys = terms.map(({ coefficient, atoms }) =>
    atoms.length === 0 ? coefficient : `${coefficient}*${keyOf(atoms)}`,
  )
  return new Polynomial(terms, keys.join('+') || '0')
}

/** Returns the sum of `terms` in normal form. */
export function fromTerms(terms: readonly Term[]): Polynomial {
  if (terms.length === 1 && terms[0]?.coefficient !== 0) return ordered(terms)
  const byKey = new Map<string, Term>()
  for (const term of terms) {
    const key = keyOf(term.atoms)
    const seen = byKey.get(key)
    byKey.set(key, seen === undefined ? term : { coefficient: seen.coefficient + term.coefficient, atoms: seen.atoms })
  }
  const sorted = [...byKey]
    .filter(([, term]) => term.coefficient !== 0)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return new Polynomial(
    sorted.map(([, term]) => term),
    sorted.map(([key, term]) => `${term.coefficient}${key === '' ? '' : `*${key}`}`).join('+') || '0',
  )
}

/** Returns `a + b`. */
export function addPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.terms.length === 0) return b
  if (b.terms.length === 0) return a
  return fromTerms([...a.terms, ...b.terms])
}

/** Returns `a * factor` for an integer factor. */
export function scale(a: Polynomial, factor: number): Polynomial {
  if (factor === 0 || factor === 1) return factor === 0 ? constant(0) : a
  return ordered(a.terms.map((t) => ({ coefficient: t.coefficient * factor, atoms: t.atoms })))
}

/** Returns `a * b`. */
export function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  const [left, right] = [constantOf(a), constantOf(b)]
  if (right !== undefined) return scale(a, right)
  if (left !== undefined) return scale(b, left)
  return fromTerms(
    a.terms.flatMap((x) =>
      b.terms.map((y) => ({ coefficient: x.coefficient * y.coefficient, atoms: sortAtoms([...x.atoms, ...y.atoms]) })),
    ),
  )
}

/** Returns the value of a constant polynomial, or undefined. */
export function constantOf(p: Polynomial): number | undefined {
  const [first, ...rest] = p.terms
  if (first === undefined) return 0
  return rest.length === 0 && first.atoms.length === 0 ? first.coefficient : undefined
}

/** Returns the value under `valueOfSymbol`, which gives the atom's own value (before scale). */
export function evaluate(p: Polynomial, valueOfSymbol: (symbol: SymbolAtom) => number): number {
  let sum = 0
  for (const term of p.terms) {
    let product = term.coefficient
    for (const atom of term.atoms) product *= evaluateAtom(atom, valueOfSymbol)
    sum += product
  }
  return sum
}

function evaluateAtom(atom: Atom, valueOfSymbol: (symbol: SymbolAtom) => number): number {
  if (atom.kind === 'symbol') return valueOfSymbol(atom)
  const left = evaluate(atom.left, valueOfSymbol)
  const right = evaluate(atom.right, valueOfSymbol)
  switch (atom.kind) {
    case 'floorDiv':
      return Math.floor(left / right)
    case 'mod':
      return left - right * Math.floor(left / right)
    case 'min':
      return Math.min(left, right)
    case 'max':
      return Math.max(left, right)
  }
}

/** Returns atoms in the order of the normal form. */
export function sortAtoms(atoms: readonly Atom[]): readonly Atom[] {
  return [...atoms].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function keyOf(atoms: readonly Atom[]): string {
  return atoms.map((a) => a.key).join('*')
}
