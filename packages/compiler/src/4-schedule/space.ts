// space: iteration ranges, and the index tuples of values inside them
//
// A tuple says which element of a value is wanted, one index expression an axis, over the ranges of a kernel.

import { type Dim, type Shape, dims } from '@tsjit/dsl/compiler'

/** A loop variable: 0 .. extent-1. */
export interface Range {
  readonly name: string
  readonly extent: Dim
  /** The variable as an index expression (0 where the extent is 1). */
  readonly index: Dim
}

/** Which element of a value: one index expression an axis. */
export type Tuple = readonly Dim[]

/** Makes names and ranges that are unique within one schedule. */
export interface Namer {
  name(prefix: string): string
  range(prefix: string, extent: Dim): Range
}

/** Returns a namer that starts from nothing. */
export function createNamer(): Namer {
  const counts = new Map<string, number>()
  const name = (prefix: string): string => {
    const count = counts.get(prefix) ?? 0
    counts.set(prefix, count + 1)
    return `${prefix}${count}`
  }
  return { name, range: (prefix, extent) => namedRange(name(prefix), extent) }
}

/** Returns the range `name` = 0 .. extent-1. */
export function namedRange(name: string, extent: Dim): Range {
  return { name, extent, index: dims.symbol(name, { min: 0, below: extent }) }
}

/** Whether a size or an index is proved to be a multiple of another. */
export function isMultiple(size: Dim, of: Dim): boolean {
  return dims.compare(dims.mod(size, of), '==', 0) === 'yes'
}

/** Returns the row-major strides of a shape. */
export function stridesOf(shape: Shape): readonly Dim[] {
  const strides: Dim[] = []
  let stride: Dim = 1
  for (const size of [...shape].reverse()) {
    strides.unshift(stride)
    stride = dims.mul(stride, size)
  }
  return strides
}

/** Returns the row-major position of a tuple in a shape. */
export function linearise(tuple: Tuple, shape: Shape): Dim {
  const strides = stridesOf(shape)
  return tuple.reduce((sum: Dim, index, axis) => dims.add(sum, dims.mul(index, strides[axis] ?? 0)), 0)
}

/** Returns the tuple at a row-major position of a shape. */
export function delinearise(position: Dim, shape: Shape): Tuple {
  const strides = stridesOf(shape)
  return shape.map((size, axis) => {
    const quotient = dims.floorDiv(position, strides[axis] ?? 1)
    return axis === 0 ? quotient : dims.mod(quotient, size)
  })
}

/** Returns a stable key of a tuple. */
export function keyOf(tuple: Tuple): string {
  return tuple.map((d) => (typeof d === 'number' ? String(d) : d.key)).join(';')
}

/** Returns the names of the symbols in a tuple that `among` holds. */
export function symbolsIn(tuple: Tuple, among: ReadonlyMap<string, Range>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const index of tuple) for (const s of dims.symbolsOf(index)) if (among.has(s.name)) found.add(s.name)
  return found
}

/**
 * Returns the ranges that walk a shape exactly once under a tuple (a bijection, proved), with the stride of each in the
 * shape's row-major order, innermost first; undefined where no such proof is found.
 */
export function coverage(
  tuple: Tuple,
  shape: Shape,
  ranges: ReadonlyMap<string, Range>,
): readonly { readonly range: Range; readonly stride: Dim }[] | undefined {
  const position = linearise(tuple, shape)
  const size = dims.product(shape)
  const left = new Map([...symbolsIn([position], ranges)].map((name) => [name, dims.slopeOf(position, name)]))
  const found: { range: Range; stride: Dim }[] = []
  let stride: Dim = 1
  let rest = position
  while (left.size > 0) {
    const next = [...left].find(([, cofactor]) => cofactor !== undefined && dims.isSame(cofactor, stride))
    const range = next && ranges.get(next[0])
    if (next === undefined || range === undefined) return undefined
    left.delete(next[0])
    found.push({ range, stride })
    rest = dims.sub(rest, dims.mul(stride, range.index))
    stride = dims.mul(stride, range.extent)
  }
  return dims.isSame(rest, 0) && dims.compare(stride, '==', size) === 'yes' ? found : undefined
}
