// associativeScan: what a function of two makes of all elements up to each one
//
// As many elements as are known at build are combined in pairs, the pairs scanned, and what is between filled in (G.
// Blelloch, "Prefix sums and their applications"): about 2n combinations in 2 log n steps. Of a dimension the reach of
// every element is doubled turn by turn (W. Hillis and G. Steele, "Data parallel algorithms").

import type { BoundArguments, Param } from '../operations/signature.ts'
import { type Dim, compare, sub } from '../types/dim.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { axisOf, isSameShape } from '../types/shape.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'
import { runCarryLoop } from './carry.ts'
import type { Callback, ControlMachine } from './machine.ts'
import { asTensor, printLeaf } from './scalars.ts'
import { type PlacedLeaf, describe, findDifference, flatten, ordered, printPath, unflatten } from './structure.ts'

export const associativeParams: readonly Param[] = [
  { name: 'fn', kind: 'function' },
  { name: 'xs', kind: 'structure' },
  { name: 'axis', kind: 'axis', default: 0 },
]

type Elements = readonly TensorBase[]

interface Work {
  readonly m: ControlMachine
  /** Combines elements, all along an axis at once. */
  readonly combine: (left: Elements, right: Elements) => Elements
  /** Of each tensor. */
  readonly axes: readonly number[]
}

/** `associativeScan(fn, xs, axis)` */
export function associativeScan(m: ControlMachine, args: BoundArguments): unknown {
  const op = 'associativeScan'
  const { xs } = args
  const given = Number(args['axis'])
  const leaves = flatten({ op, name: 'xs', place: { argument: ['xs'] } }, xs)
  const tensors = leaves.map(({ value }) => asTensor(m.t, op, value, 'f32'))
  const axes = tensors.map(({ shape }) => axisOf(op, given, shape.length))
  const length = lengthOf(tensors, axes, xs)
  const combine = (left: Elements, right: Elements): Elements =>
    combined(m, args['fn'] as Callback, { xs, axes, leaves }, left, right)
  const work = { m, combine, axes }
  return unflatten(xs, typeof length === 'number' ? inPairs(work, tensors, length) : byDoubling(work, tensors, length))
}

function lengthOf(tensors: Elements, axes: readonly number[], xs: unknown): Dim {
  const [first, ...others] = tensors
  if (first === undefined) {
    const names = { argument: 'xs', callee: 'associativeScan', expected: 'tensors', got: describe(xs) }
    return refuse('source_bad_argument', names, { argument: 'xs' })
  }
  const length = first.shape[axes[0] ?? 0] ?? 0
  others.forEach((other, i) => {
    const answer = compare(length, '==', other.shape[axes[i + 1] ?? 0] ?? 0)
    if (answer === 'yes') return
    const names = { op: 'associativeScan', left: printType(first), right: printType(other) }
    refuse('shape_mismatch', names, { argument: 'xs' })
  })
  return length
}

interface Subjects {
  readonly xs: unknown
  readonly axes: readonly number[]
  readonly leaves: readonly PlacedLeaf[]
}

/** Applies `fn` to two elements at every place: it sees neither the axis nor how many there are. */
function combined(m: ControlMachine, fn: Callback, { xs, axes }: Subjects, left: Elements, right: Elements): Elements {
  const size = left[0]?.shape[axes[0] ?? 0] ?? 0
  return m.onLanes(size, (lanes) => {
    const split = (all: Elements): Elements => all.map((x, i) => lanes.split(x, axes[i] ?? 0))
    const [a, b] = [split(left), split(right)]
    const result = fn(unflatten(xs, a), unflatten(xs, b))
    const place = { argument: ['fn'], returned: [] } as const
    flatten({ op: 'associativeScan', name: 'result', place }, result)
    const difference = findDifference(xs, result)
    if (difference !== undefined) return changed(difference.path, difference.left, difference.right, result)
    const outs = flatten({ op: 'associativeScan', name: 'result', place }, ordered(result, xs))
    return outs.map(({ path, value }, i) => {
      const before = a[i]
      const next = asTensor(m.t, 'associativeScan', value, before?.dtype ?? 'f32')
      if (before !== undefined && (next.dtype !== before.dtype || !isSameShape(next.shape, before.shape)))
        return changed(path, printType(before), printLeaf(next), value)
      return lanes.join(next, axes[i] ?? 0)
    })
  })
}

function changed(path: PlacedLeaf['path'], before: string, after: string, value: unknown): never {
  const name = printPath('x', path)
  const places: readonly ErrorPlace[] = [
    { message: `${name} is ${after} here`, argument: ['fn'], returned: path, value },
  ]
  return refuse('flow_associative_changed', { path: name, before, after }, { argument: 'fn', places })
}

function inPairs(work: Work, xs: Elements, length: number): Elements {
  if (length < 2) return xs
  const { combine } = work
  const half = Math.floor(length / 2)
  const second = inPairs(work, combine(part(work, xs, 0, half, 2), part(work, xs, 1, half, 2)), half)
  const count = Math.ceil(length / 2) - 1
  const rest = count === 0 ? [] : combine(part(work, second, 0, count), part(work, xs, 2, count, 2))
  const first = part(work, xs, 0, 1).map((x, i) => joined(work, i, rest[i] === undefined ? [x] : [x, rest[i]]))
  return first.map((x, i) => interleaved(work, i, x, second[i] ?? x, length))
}

/** Returns `count` elements from `start` on, every `step`-th. */
function part({ m, axes }: Work, xs: Elements, start: number, count: number, step = 1): Elements {
  return xs.map((x, i) => {
    const own = <T>(value: T, others: T): readonly T[] => x.shape.map((_, at) => (at === axes[i] ? value : others))
    const sizes = x.shape.map((size, at) => (at === axes[i] ? count : size))
    return m.t.emit('slice', [x], { starts: own<Dim>(start, 0), steps: own(step, 1), sizes })
  })
}

function joined({ m, axes }: Work, i: number, parts: readonly TensorBase[]): TensorBase {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : m.t.emit('concat', parts, { axis: axes[i] ?? 0 })
}

/** Elements of both by turns; the first has as many as the second, or one more. */
function interleaved({ m, axes }: Work, i: number, even: TensorBase, odd: TensorBase, length: number): TensorBase {
  const axis = axes[i] ?? 0
  const nothing = even.shape.map(() => 0)
  const after = nothing.map((_, at) => (at === axis ? length % 2 : 0))
  const full = length % 2 === 0 ? odd : m.t.emit('pad', [odd], { before: nothing, after, value: 0 })
  const apart = [...even.shape.slice(0, axis + 1), 1, ...even.shape.slice(axis + 1)]
  const pairs = [even, full].map((x) => m.t.emit('reshape', [x], { shape: apart }))
  const both = m.t.emit('concat', pairs, { axis: axis + 1 })
  const shape = even.shape.map((size, at) => (at === axis ? length + (length % 2) : size))
  const flat = m.t.emit('reshape', [both], { shape })
  if (length % 2 === 0) return flat
  const sizes = shape.map((size, at) => (at === axis ? length : size))
  return m.t.emit('slice', [flat], { starts: nothing, steps: shape.map(() => 1), sizes })
}

/** Every turn an element takes in what the one `reach` before it has: 1, 2, 4, … until all is taken in. */
function byDoubling({ m, combine, axes }: Work, xs: Elements, length: Dim): Elements {
  const { t } = m
  const powers = t.emit('literal', [], {
    data: Array.from({ length: 31 }, (_, i) => 2 ** i),
    dtype: 'i32',
    shape: [31],
  })
  const count = t.sum(t.cast(t.lt(powers, length), 'i32'))
  const places = t.emit('iota', [], { length })
  const { carry } = runCarryLoop(m, {
    op: 'associativeScan',
    init: xs,
    spec: { count },
    body: (state, index) => {
      const all = state as Elements
      const reach = t.shiftLeft(1, t.emit('dimension', [], { value: index }))
      const from = t.clip(t.sub(places, reach), 0, sub(length, 1))
      const before = all.map((x, i) => t.gather(x, from, axes[i] ?? 0))
      const taken = combine(before, all)
      const next = taken.map((x, i) => {
        const along = x.shape.map((_, at) => (at === axes[i] ? length : 1))
        return t.where(t.reshape(t.ge(places, reach), along), x, all[i] ?? x)
      })
      return { carry: next, stacked: [] }
    },
  })
  return carry as Elements
}
