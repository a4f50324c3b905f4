// memory-part: an index -> the part of a buffer that it reaches, and how that lies in group memory
//
// An index is a sum of terms. Those of the number of the group say where the part begins. Each other is a digit: so many
// elements, so far apart. Group memory has the elements of all digits without the gaps between them.

import { type Dim, Polynomial, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'

/** A part of a buffer, and a copy of it. */
export interface MemoryPart {
  /** Equal parts have equal keys. */
  readonly key: string
  /** Where in the buffer it begins. */
  readonly base: Dim
  /** Innermost first. */
  readonly digits: readonly Digit[]
  readonly elements: number
  /** Elements that the copy takes, with those left free. */
  readonly length: number
  /** The element of the copy that is at the index. */
  readonly index: Dim
}

/** `extent` elements that lie `step` apart, `stride` in the copy; the index has the one with the number `index`. */
interface Digit {
  readonly step: number
  readonly extent: number
  readonly index: Dim
  readonly stride: number
}

type Place = Omit<Digit, 'stride'>

/** Words of group memory that lanes read at once. */
const BANKS = 32

/** Returns the part that `width` elements from an index on are of; undefined where no bounds are known, or it depends on names that change. */
export function partOf(index: Dim, width: number, changing: ReadonlySet<string>): MemoryPart | undefined {
  let base: Dim = 0
  const places: Place[] = width === 1 ? [] : [{ step: 1, extent: width, index: 0 }]
  for (const { coefficient, atoms } of typeof index === 'number' ? [] : index.terms) {
    const term = dims.product(atoms.map((atom) => new Polynomial([{ coefficient: 1, atoms: [atom] }], atom.key)))
    const names = dims.symbolsOf(term).map(({ name }) => name)
    if (names.every((name) => name === 'g0')) {
      base = dims.add(base, dims.mul(term, coefficient))
      continue
    }
    const { low, high } = dims.bounds(term)
    const isBounded = low === 0 && Number.isFinite(high) && coefficient > 0
    if (!isBounded || names.some((name) => changing.has(name))) return undefined
    places.push({ step: coefficient, extent: high + 1, index: term })
  }
  if (places.length === 0) return undefined
  const digits = withStrides(apart(places))
  const last = digits.at(-1)
  invariant(last !== undefined, 'a part has digits')
  const shape = digits.map(({ step, extent, stride }) => `${step}x${extent}:${stride}`).join(' ')
  return {
    key: `${dims.keyOf(base)} ${shape}`,
    base,
    digits,
    elements: digits.reduce((product, { extent }) => product * extent, 1),
    length: last.stride * last.extent,
    index: digits.reduce((sum: Dim, digit) => dims.add(sum, dims.mul(digit.index, digit.stride)), 0),
  }
}

/** Returns where an element is, counted by digits: in the buffer, and in the copy. */
export function placeOf(element: Dim, { base, digits }: MemoryPart): { readonly source: Dim; readonly copy: Dim } {
  let source = base
  let copy: Dim = 0
  let rest = element
  for (const { step, extent, stride } of digits) {
    const own = dims.mod(rest, extent)
    source = dims.add(source, dims.mul(own, step))
    copy = dims.add(copy, dims.mul(own, stride))
    rest = dims.floorDiv(rest, extent)
  }
  return { source, copy }
}

/** Returns digits of which each begins beyond the ones before it; those that overlap are one. */
function apart(places: readonly Place[]): readonly Place[] {
  const found: Place[] = []
  for (const place of [...places].sort((a, b) => a.step - b.step)) {
    let own = place
    for (let last = found.at(-1); last !== undefined && own.step < spanOf(found); last = found.at(-1)) {
      found.pop()
      const step = divisor(own.step, last.step)
      const index = dims.add(dims.mul(own.index, own.step / step), dims.mul(last.index, last.step / step))
      own = { step, index, extent: ((own.extent - 1) * own.step + (last.extent - 1) * last.step) / step + 1 }
    }
    found.push(own)
  }
  return found
}

/** One more than the last place that digits reach. */
function spanOf(places: readonly Place[]): number {
  return places.reduce((sum, { step, extent }) => sum + step * (extent - 1), 1)
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

/** Lays digits out so that runs that neighbouring lanes read at once begin in different banks. */
function withStrides(places: readonly Place[]): readonly Digit[] {
  let next = 1
  // what neighbouring lanes read side by side
  let run = 1
  return places.map((place, i) => {
    const ofLanes = dims.symbolsOf(place.index).some(({ name }) => name === 'l0')
    const isRun = run === next && (ofLanes || i === 0)
    let stride = next
    if (ofLanes && !isRun && run < BANKS) while ((stride / run) % 2 === 0) stride += run
    next = stride * place.extent
    if (isRun) run = next
    return { ...place, stride }
  })
}
