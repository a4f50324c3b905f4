// associativeScan: what a function of two makes of all elements up to each one
//
// The reach of every element is doubled turn by turn (W. Hillis and G. Steele, "Data parallel algorithms"): about log n
// turns of one and the same code. Combining pairs first (G. Blelloch) takes fewer combinations, but every level is other
// code, which kernels repeat: a thousand elements took minutes to compile, and take milliseconds so.

import type { BoundArguments, Param } from '../operations/signature.ts'
import { type Dim, compare, sub } from '../types/dim.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { axisOf, isSameShape } from '../types/shape.ts'
import { type TensorBase, printType } from '../types/tensor-type.ts'
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
  return unflatten(xs, byDoubling({ m, combine, axes }, tensors, length))
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

/** Every turn an element takes in what the one `reach` before it has: 1, 2, 4, … until all is taken in. */
function byDoubling({ m, combine, axes }: Work, xs: Elements, length: Dim): Elements {
  const { t } = m
  if (length === 0) return xs
  const count = typeof length === 'number' ? Math.ceil(Math.log2(length)) : turnsOf(m, length)
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

/** The number of powers of 2 below a dimension: so many doublings reach all of it. */
function turnsOf({ t }: ControlMachine, length: Dim): TensorBase {
  const data = Array.from({ length: 31 }, (_, i) => 2 ** i)
  const powers = t.emit('literal', [], { data, dtype: 'i32', shape: [data.length] })
  return t.sum(t.cast(t.lt(powers, length), 'i32'))
}
