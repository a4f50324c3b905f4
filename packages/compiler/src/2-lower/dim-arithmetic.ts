// dim-arithmetic: JavaScript's arithmetic on dimensions
//
// Sums, products and differences of dimensions are dimensions. A quotient stays a Ratio until Math.floor or Math.ceil
// makes it whole, unless the division is provably exact. What has no such form is undefined here.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { Ratio } from './value.ts'

/** A number, a dimension, or a quotient of dimensions. */
export type Size = Dim | Ratio

/** Returns `left operator right`, or undefined where the result has no form. Operands may be any numbers. */
export function arithmetic(operator: string, left: Size, right: Size): Size | undefined {
  switch (operator) {
    case '+':
    case '-':
      return sum(left, right, operator === '+' ? 1 : -1)
    case '*':
      return product(left, right)
    case '/':
      return quotient(left, right)
    case '%':
      return remainder(left, right)
    case '**':
      return power(left, right)
    case '>>':
      return typeof right === 'number' && right >= 0 ? floor(quotient(left, 2 ** right)) : undefined
    case '<<':
      return typeof right === 'number' && right >= 0 ? product(left, 2 ** right) : undefined
    case '|':
      return right === 0 ? truncate(left) : undefined
    default:
      return undefined
  }
}

/** Returns `a` rounded down. */
export function floor(a: Size | undefined): Dim | undefined {
  return a instanceof Ratio ? dims.floorDiv(a.numerator, a.denominator) : a
}

/** Returns `a` rounded up. */
export function ceil(a: Size): Dim {
  return a instanceof Ratio ? dims.ceilDiv(a.numerator, a.denominator) : a
}

/** Returns `a` rounded to the nearest, halves up. */
export function round(a: Size): Dim {
  if (!(a instanceof Ratio)) return a
  const { numerator, denominator } = a
  return dims.floorDiv(dims.add(dims.mul(numerator, 2), denominator), dims.mul(denominator, 2))
}

/** Returns `a` rounded towards 0, or undefined where its sign is open. */
export function truncate(a: Size): Dim | undefined {
  if (!(a instanceof Ratio)) return a
  if (dims.compare(a.numerator, '>=', 0) === 'yes') return floor(a)
  return dims.compare(a.numerator, '<=', 0) === 'yes' ? ceil(a) : undefined
}

/** Returns whether the relation holds for all sizes, for none, or neither is proved. */
export function compareSizes(left: Size, relation: '==' | '!=' | '<' | '<=' | '>' | '>=', right: Size): dims.Decision {
  const [a, b] = [partsOf(left), partsOf(right)]
  const constant = [left, right].find((side) => typeof side === 'number')
  if (constant !== undefined && !Number.isInteger(constant)) return compareToFraction(left, relation, right)
  return dims.compare(dims.mul(a.numerator, b.denominator), relation, dims.mul(b.numerator, a.denominator))
}

/** Compares with a number that no dimension equals: a fraction, an infinity or NaN. */
function compareToFraction(left: Size, relation: string, right: Size): dims.Decision {
  const isLeft = typeof left === 'number'
  const [number, other] = isLeft ? [left, right] : [Number(right), left]
  if (Number.isNaN(number)) return relation === '!=' ? 'yes' : 'no'
  if (relation === '==' || relation === '!=') {
    // a quotient may be a fraction itself
    if (other instanceof Ratio) return 'unknown'
    return relation === '!=' ? 'yes' : 'no'
  }
  const { low, high } = rangeOf(other)
  const points = isLeft ? relation.startsWith('>') : relation.startsWith('<')
  if (points ? high < number : low > number) return 'yes'
  return (points ? low > number : high < number) ? 'no' : 'unknown'
}

function rangeOf(a: Size): { readonly low: number; readonly high: number } {
  if (!(a instanceof Ratio)) return dims.bounds(a)
  const [top, bottom] = [dims.bounds(a.numerator), dims.bounds(a.denominator)]
  const ends = [top.low / bottom.low, top.low / bottom.high, top.high / bottom.low, top.high / bottom.high]
  const known = ends.map((end) => (Number.isNaN(end) ? 0 : end))
  return { low: Math.min(...known), high: Math.max(...known) }
}

function partsOf(a: Size): { readonly numerator: Dim; readonly denominator: Dim } {
  return a instanceof Ratio ? a : { numerator: a, denominator: 1 }
}

/** Dimensions are whole: a fractional number has no place among them. */
function isWhole(a: Size): boolean {
  return typeof a !== 'number' || Number.isSafeInteger(a)
}

function sum(left: Size, right: Size, sign: 1 | -1): Size | undefined {
  if (!isWhole(left) || !isWhole(right)) return undefined
  const [a, b] = [partsOf(left), partsOf(right)]
  const added = dims.mul(dims.mul(b.numerator, a.denominator), sign)
  return ratio(dims.add(dims.mul(a.numerator, b.denominator), added), dims.mul(a.denominator, b.denominator))
}

function product(left: Size, right: Size): Size | undefined {
  const halved = [left, right].find((side) => typeof side === 'number' && !Number.isInteger(side))
  if (halved !== undefined) {
    // t * 0.5 is t / 2
    const inverse = 1 / Number(halved)
    return Number.isSafeInteger(inverse) ? quotient(left === halved ? right : left, inverse) : undefined
  }
  const [a, b] = [partsOf(left), partsOf(right)]
  return ratio(dims.mul(a.numerator, b.numerator), dims.mul(a.denominator, b.denominator))
}

function quotient(left: Size, right: Size): Size | undefined {
  if (!isWhole(left) || !isWhole(right)) return undefined
  const [a, b] = [partsOf(left), partsOf(right)]
  const sign = dims.compare(b.numerator, '>', 0) === 'yes' ? 1 : -1
  if (sign === -1 && dims.compare(b.numerator, '<', 0) !== 'yes') return undefined
  const numerator = dims.mul(dims.mul(a.numerator, b.denominator), sign)
  return ratio(numerator, dims.mul(dims.mul(a.denominator, b.numerator), sign))
}

function remainder(left: Size, right: Size): Size | undefined {
  if (left instanceof Ratio || right instanceof Ratio || !isWhole(left) || !isWhole(right)) return undefined
  const isPlain = dims.compare(left, '>=', 0) === 'yes' && dims.compare(right, '>', 0) === 'yes'
  return isPlain ? dims.mod(left, right) : undefined
}

function power(left: Size, right: Size): Size | undefined {
  if (typeof right !== 'number' || !Number.isSafeInteger(right) || right < 0 || right > 16) return undefined
  let result: Size | undefined = 1
  for (let i = 0; i < right && result !== undefined; i += 1) result = product(result, left)
  return result
}

function ratio(numerator: Dim, denominator: Dim): Size {
  if (denominator === 1) return numerator
  const isExact = dims.compare(dims.mod(numerator, denominator), '==', 0) === 'yes'
  return isExact ? dims.floorDiv(numerator, denominator) : new Ratio(numerator, denominator)
}
