// shape: what shapes have in common, or refuse to have
//
// Comparisons are three-valued: a size that is proved different is the caller's mistake, and so is one that cannot be
// decided, with the bound that would settle it.

import { type Dim, compare, product } from './dim.ts'
import { refuse, shownSize, shownType } from './errors.ts'
import type { Shape, TensorType } from './tensor-type.ts'

/** Returns the number of elements. */
export function elementsOf(shape: Shape): Dim {
  return product(shape)
}

/** Returns the axis counted from 0. Throws shape_axis_out_of_range. */
export function axisOf(op: string, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (at < 0 || at >= rank) refuse('shape_axis_out_of_range', { op, axis, rank }, { argument: 'axis' })
  return at
}

/** Returns the axes counted from 0, in the order given; all of them for undefined. Throws shape_duplicate_axis too. */
export function axesOf(op: string, axes: readonly number[] | undefined, rank: number): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis)
  const seen = new Set<number>()
  for (const axis of axes) {
    const at = axisOf(op, axis, rank)
    if (seen.has(at)) refuse('shape_duplicate_axis', { op, axis }, { argument: 'axis' })
    seen.add(at)
  }
  return [...seen]
}

/** Returns the size of an axis known to exist. */
export function sizeAt(shape: Shape, axis: number): Dim {
  const size = shape[axis < 0 ? axis + shape.length : axis]
  if (size === undefined) throw new RangeError(`internal: no axis ${axis} in a shape of ${shape.length} axes`)
  return size
}

/** Returns whether two shapes are proved equal. */
export function isSameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((size, axis) => compare(size, '==', sizeAt(right, axis)) === 'yes')
}

/** Throws shape_mismatch or shape_undecided unless the shapes are proved equal. */
export function requireSameShape(op: string, left: TensorType, right: TensorType): void {
  const names = { op, left: shownType(left), right: shownType(right) }
  if (left.shape.length !== right.shape.length) refuse('shape_mismatch', names)
  for (const [axis, size] of left.shape.entries()) requireSameSize(op, left, right, size, sizeAt(right.shape, axis))
}

/** Throws shape_mismatch or shape_undecided unless the two sizes, of these tensors, are proved equal. */
export function requireSameSize(op: string, left: TensorType, right: TensorType, a: Dim, b: Dim): void {
  const answer = compare(a, '==', b)
  if (answer === 'yes') return
  const names = { op, left: shownType(left), right: shownType(right) }
  if (answer === 'no') refuse('shape_mismatch', names)
  refuse('shape_undecided', { ...names, bound: `${shownSize(a)} == ${shownSize(b)}` })
}

/** Returns the shape that all the types broadcast to, as NumPy does. Throws shape_mismatch, shape_undecided. */
export function broadcastShape(op: string, types: readonly TensorType[]): Shape {
  const rank = Math.max(0, ...types.map((type) => type.shape.length))
  const sizes: Dim[] = Array.from({ length: rank }, () => 1)
  const owners: (TensorType | undefined)[] = Array.from({ length: rank })
  for (const type of types) {
    const offset = rank - type.shape.length
    for (const [axis, size] of type.shape.entries()) {
      const at = axis + offset
      const owner = owners[at]
      if (size === 1) continue
      if (owner !== undefined) requireSameSize(op, owner, type, sizes[at] ?? 1, size)
      else {
        owners[at] = type
        sizes[at] = size
      }
    }
  }
  return sizes
}
