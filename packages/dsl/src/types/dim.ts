// dim: the algebra of sizes and indices
//
// A Dim is an integer, or an integer expression over named dimensions in normal form. The same algebra carries shapes
// in signatures and index expressions in kernels, so one prover serves both. Comparison is three-valued.

import { slopeOfPolynomial } from './slope.ts'
import { boundsOf, isBelow, isZero, subtractPolynomials } from './bounds.ts'
import { divide, splitByFactor } from './divide.ts'
import {
  type Atom,
  type FunctionAtom,
  Polynomial,
  type SymbolAtom,
  addPolynomials,
  constant,
  constantOf,
  evaluate,
  fromAtom,
  fromTerms,
  multiplyPolynomials,
  scale,
} from './polynomial.ts'

export { printDim } from './print-dim.ts'

/** A size or an index: a number, or an expression over dimensions. Constants are always plain numbers. */
export type Dim = number | Polynomial

/** The answer of a comparison: proved, refuted, or neither. */
export type Decision = 'yes' | 'no' | 'unknown'

/** Bounds of a symbol: inclusive `min` and `max`, exclusive symbolic `below`. */
export interface DimOptions {
  readonly min?: number
  readonly max?: number
  readonly multipleOf?: number
  readonly below?: Dim
  readonly current?: () => number
}

/** Returns a fresh named dimension. Equal names are the same dimension. `min` defaults to 1. */
export function symbol(name: string, options: DimOptions = {}): Dim {
  const step = options.multipleOf ?? 1
  const below = options.below === undefined ? undefined : toPolynomial(options.below)
  const limit = below === undefined ? undefined : constantOf(below)
  const max = Math.min(options.max ?? Infinity, limit === undefined ? Infinity : limit - 1)
  const atom: SymbolAtom = {
    kind: 'symbol',
    key: name,
    name,
    scale: step,
    min: Math.ceil((options.min ?? 1) / step),
    max: Math.floor(max / step),
    ...(below !== undefined && limit === undefined ? { below } : {}),
    ...(options.current === undefined ? {} : { current: options.current }),
  }
  if (atom.min === atom.max) return atom.min * step // a range of one value is that value
  return scale(fromAtom(atom), step)
}

/** Returns `a + b`. */
export function add(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return toDim(recombine(addPolynomials(toPolynomial(a), toPolynomial(b))))
}

/** Returns `a - b`. */
export function sub(a: Dim, b: Dim): Dim {
  return add(a, mul(b, -1))
}

/** Returns `a * b`. */
export function mul(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  return toDim(multiplyPolynomials(toPolynomial(a), toPolynomial(b)))
}

/** Returns the product; 1 for no factors. */
export function product(dims: readonly Dim[]): Dim {
  return dims.reduce(mul, 1)
}

/** Returns `a / b` rounded towards minus infinity. `b` must be positive. */
export function floorDiv(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b)
  const { quotient, rest } = divide(toPolynomial(a), toPolynomial(b))
  if (isBelow(rest, toPolynomial(b))) return toDim(quotient)
  return add(toDim(quotient), simplifiedQuotient(rest, toPolynomial(b)))
}

/** Returns `a / b` rounded up. `b` must be positive. */
export function ceilDiv(a: Dim, b: Dim): Dim {
  return floorDiv(add(a, sub(b, 1)), b)
}

/** Returns the remainder of floorDiv. `b` must be positive. */
export function mod(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a - b * Math.floor(a / b)
  const divisor = toPolynomial(b)
  const { rest } = divide(toPolynomial(a), divisor)
  if (isBelow(rest, divisor)) return toDim(rest)
  const value = constantOf(rest)
  const limit = constantOf(divisor)
  if (value !== undefined && limit !== undefined) return value - limit * Math.floor(value / limit)
  const split = limit === undefined ? undefined : splitByFactor(rest, limit)
  if (limit !== undefined && split !== undefined) {
    const { factor, whole, small } = split
    return add(mul(factor, mod(toDim(whole), limit / factor)), toDim(small))
  }
  return toDim(fromAtom(functionAtom('mod', rest, divisor)))
}

/** Returns the smaller of `a` and `b`. */
export function min(a: Dim, b: Dim): Dim {
  if (compare(a, '<=', b) === 'yes') return a
  if (compare(b, '<=', a) === 'yes') return b
  return toDim(fromAtom(functionAtom('min', toPolynomial(a), toPolynomial(b))))
}

/** Returns the larger of `a` and `b`. */
export function max(a: Dim, b: Dim): Dim {
  if (compare(a, '>=', b) === 'yes') return a
  if (compare(b, '>=', a) === 'yes') return b
  return toDim(fromAtom(functionAtom('max', toPolynomial(a), toPolynomial(b))))
}

/** Returns whether the relation holds for every value of the dimensions ('yes'), for none ('no'), or neither is proved. */
export function compare(a: Dim, relation: '==' | '!=' | '<' | '<=' | '>' | '>=', b: Dim): Decision {
  const difference = subtractPolynomials(toPolynomial(a), toPolynomial(b))
  if (relation === '==') return isZero(difference)
  if (relation === '!=') return opposite(isZero(difference))
  const { low, high } = boundsOf(difference)
  switch (relation) {
    case '<':
      return high < 0 ? 'yes' : low >= 0 ? 'no' : 'unknown'
    case '<=':
      return high <= 0 ? 'yes' : low > 0 ? 'no' : 'unknown'
    case '>':
      return low > 0 ? 'yes' : high <= 0 ? 'no' : 'unknown'
    case '>=':
      return low >= 0 ? 'yes' : high < 0 ? 'no' : 'unknown'
  }
}

/** Returns whether `a` and `b` are the same expression, which implies equal. */
export function isSame(a: Dim, b: Dim): boolean {
  return typeof a === 'number' || typeof b === 'number' ? a === b : a.key === b.key
}

/** Returns the inclusive range of values; infinite ends where nothing bounds it. */
export function bounds(a: Dim): { readonly low: number; readonly high: number } {
  return typeof a === 'number' ? { low: a, high: a } : boundsOf(a)
}

/** Returns the value for given values of the named dimensions. Throws RangeError for a name without a value. */
export function valueOf(a: Dim, values: ReadonlyMap<string, number>): number {
  if (typeof a === 'number') return a
  return evaluate(a, (s) => {
    const value = values.get(s.name)
    if (value === undefined) throw new RangeError(`dimension ${s.name} has no value`)
    return value / s.scale
  })
}

/** Returns `a` with symbols replaced; a symbol that is not in the map stays. Replacements are of printed values. */
export function substitute(a: Dim, replacements: ReadonlyMap<string, Dim>): Dim {
  if (typeof a === 'number') return a
  let sum: Dim = 0
  for (const term of a.terms) {
    let part: Dim = term.coefficient
    for (const atom of term.atoms) part = mul(part, substituteAtom(atom, replacements))
    sum = add(sum, part)
  }
  return sum
}

/** Returns by how much `a` grows when the symbol `name` grows by 1; undefined where that differs from place to place. */
export function slopeOf(a: Dim, name: string): Dim | undefined {
  const slope = slopeOfPolynomial(toPolynomial(a), name)
  return slope && toDim(slope)
}

/** Returns the symbols of `a`, each once. */
export function symbolsOf(a: Dim): readonly SymbolAtom[] {
  const found = new Map<string, SymbolAtom>()
  const visit = (p: Polynomial): void => {
    for (const term of p.terms)
      for (const atom of term.atoms) {
        if (atom.kind === 'symbol') found.set(atom.key, atom)
        else {
          visit(atom.left)
          visit(atom.right)
        }
      }
  }
  if (typeof a !== 'number') visit(a)
  return [...found.values()]
}

/** Returns the constant term: 3 of `2*B + 3`. */
export function constantTerm(a: Dim): number {
  return typeof a === 'number' ? a : (a.terms.find((t) => t.atoms.length === 0)?.coefficient ?? 0)
}

/** Returns a key that is equal for equal expressions. */
export function keyOf(a: Dim): string {
  return typeof a === 'number' ? String(a) : a.key
}

/** Returns whether `value` is a Dim expression (a plain number is a Dim too, but not an expression). */
export function isDimExpression(value: unknown): value is Polynomial {
  return value instanceof Polynomial
}

function toPolynomial(a: Dim): Polynomial {
  return typeof a === 'number' ? constant(a) : a
}

function toDim(p: Polynomial): Dim {
  return constantOf(p) ?? p
}

function opposite(d: Decision): Decision {
  return d === 'yes' ? 'no' : d === 'no' ? 'yes' : 'unknown'
}

function functionAtom(kind: FunctionAtom['kind'], left: Polynomial, right: Polynomial): FunctionAtom {
  return { kind, key: `${kind}(${left.key},${right.key})`, left, right }
}

function simplifiedQuotient(rest: Polynomial, divisor: Polynomial): Dim {
  const limit = constantOf(divisor)
  const value = constantOf(rest)
  if (value !== undefined && limit !== undefined) return Math.floor(value / limit)
  if (limit !== undefined) {
    const split = splitByFactor(rest, limit)
    if (split !== undefined) return floorDiv(toDim(split.whole), limit / split.factor)
    // (x // a) // b -> x // (a*b)
    const [only, ...others] = rest.terms
    const atom = only?.atoms[0]
    if (only?.coefficient === 1 && others.length === 0 && only.atoms.length === 1 && atom?.kind === 'floorDiv') {
      const inner = constantOf(atom.right)
      if (inner !== undefined) return floorDiv(toDim(atom.left), inner * limit)
    }
  }
  return toDim(fromAtom(functionAtom('floorDiv', rest, divisor)))
}

/** (x // n) * n + x % n -> x, wherever a sum holds both parts. */
function recombine(p: Polynomial): Polynomial {
  for (const term of p.terms) {
    const [atom, ...others] = term.atoms
    if (atom?.kind !== 'mod' || others.length > 0) continue
    const quotient = toPolynomial(simplifiedQuotient(atom.left, atom.right))
    const whole = scale(multiplyPolynomials(quotient, atom.right), term.coefficient)
    const keys = new Map(p.terms.map((t) => [t.atoms.map((a) => a.key).join('*'), t.coefficient]))
    const present = whole.terms.every((t) => keys.get(t.atoms.map((a) => a.key).join('*')) === t.coefficient)
    if (!present || whole.terms.length === 0) continue
    const without = subtractPolynomials(subtractPolynomials(p, whole), fromTerms([term]))
    return recombine(addPolynomials(without, scale(atom.left, term.coefficient)))
  }
  return p
}

function substituteAtom(atom: Atom, replacements: ReadonlyMap<string, Dim>): Dim {
  if (atom.kind === 'symbol') {
    const value = replacements.get(atom.name)
    if (value === undefined) return fromAtom(atom)
    return atom.scale === 1 ? value : floorDiv(value, atom.scale)
  }
  const left = substitute(toDim(atom.left), replacements)
  const right = substitute(toDim(atom.right), replacements)
  return { floorDiv, mod, min, max }[atom.kind](left, right)
}
