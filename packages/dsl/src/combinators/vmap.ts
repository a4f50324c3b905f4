// vmap: a function of one lane, applied to many at once
//
// Arguments are mapped over an axis each, which the function does not see; its results get an axis of lanes back.

import type { LaneBuilder } from '../primitives/lanes.ts'
import type { BoundArguments, Param } from '../operations/signature.ts'
import { type Dim, compare, printDim } from '../types/dim.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'
import type { Callback, ControlMachine } from './machine.ts'
import { asTensor, printLeaf } from './scalars.ts'
import { type Leaf, type Path, flatten, isLeaf, printPath, unflatten } from './structure.ts'

export const vmapParams: readonly Param[] = [
  { name: 'fn', kind: 'function' },
  { name: 'args', kind: 'structure' },
  { name: 'in', kind: 'structure', optional: true },
  { name: 'out', kind: 'structure', optional: true },
]

/** `vmap(fn, { in, out })(...args)` */
export function vmap(m: ControlMachine, bound: BoundArguments): unknown {
  const fn = bound['fn'] as Callback
  const args = bound['args'] as readonly unknown[]
  const leaves = args.flatMap((arg, i) => mappedLeaves(arg, axesOf(bound['in'], i), [i]))
  const size = sizeOf(leaves)
  return m.onLanes(size, (lanes) => {
    const given = args.map((arg, i) => {
      const own = leaves.filter(({ path }) => path[0] === i)
      return unflatten(
        arg,
        own.map((leaf) => (leaf.axis === undefined ? leaf.value : laneOf(lanes, leaf.value, leaf.axis))),
      )
    })
    const result = fn(...given)
    const outs = flatten({ op: 'vmap', name: 'result', place: { argument: ['fn'], returned: [] } }, result)
    return unflatten(
      result,
      outs.map(({ path, value }) => stacked(m, lanes, value, outAxis(bound['out'], path))),
    )
  })
}

interface MappedLeaf {
  readonly path: Path
  readonly value: Leaf
  /** From 0; undefined where it is the same in every lane. */
  readonly axis: number | undefined
}

/** The axes of argument `index`: of its own where they are given by argument, else those of all. */
function axesOf(given: unknown, index: number): unknown {
  return Array.isArray(given) ? given[index] : (given ?? 0)
}

/** Returns the leaves of an argument with their axes: a number stands for all leaves inside, null for none. */
function mappedLeaves(value: unknown, axes: unknown, path: Path): readonly MappedLeaf[] {
  const isOne = axes === null || axes === undefined || typeof axes === 'number'
  if (!isOne && !isLeaf(value)) {
    const parts = Array.isArray(value) ? value.map((part, i) => [i, part] as const) : Object.entries(Object(value))
    return parts.flatMap(([key, part]) =>
      mappedLeaves(part, (axes as Readonly<Record<string, unknown>>)[key], [...path, key]),
    )
  }
  const axis = typeof axes === 'number' ? axes : undefined
  const [index = 0, ...rest] = path
  const subject = { op: 'vmap', name: `argument ${Number(index)}`, place: { argument: ['args', ...path] as const } }
  return flatten(subject, value).map((leaf) => ({
    path: [index, ...rest, ...leaf.path],
    value: leaf.value,
    axis: axis === undefined ? undefined : axisOf(leaf.value, axis, [index, ...rest, ...leaf.path]),
  }))
}

function axisOf(value: Leaf, axis: number, path: Path): number {
  const rank = value instanceof TensorBase ? value.shape.length : 0
  const at = axis < 0 ? axis + rank : axis
  if (value instanceof TensorBase && Number.isInteger(axis) && at >= 0 && at < rank) return at
  const names = { path: nameOf(path), got: printLeaf(value), axis }
  return refuse('flow_vmap_axis', names, { argument: 'args', places: placesOf([{ path, value, axis: undefined }]) })
}

/** Returns the number of lanes. Throws flow_vmap_none, flow_vmap_sizes. */
function sizeOf(leaves: readonly MappedLeaf[]): Dim {
  const mapped = leaves.filter(({ axis }) => axis !== undefined)
  const [first, ...others] = mapped
  if (first === undefined) return refuse('flow_vmap_none', {}, { argument: 'in' })
  const size = along(first)
  for (const other of others) {
    const answer = compare(size, '==', along(other))
    if (answer === 'yes') continue
    const [left, right] = [first, other].map(({ path, value, axis }) => {
      return `axis ${axis} of ${nameOf(path)}, ${printLeaf(value)}`
    })
    const details = { argument: 'args', places: placesOf([other, first]) } as const
    if (answer === 'unknown') {
      const bound = `${printDim(size)} == ${printDim(along(other))}`
      return refuse('shape_undecided', { op: 'vmap', left: left ?? '', right: right ?? '', bound }, details)
    }
    return refuse('flow_vmap_sizes', { left: left ?? '', right: right ?? '' }, details)
  }
  return size
}

function along({ value, axis = 0 }: MappedLeaf): Dim {
  return value instanceof TensorBase ? (value.shape[axis] ?? 0) : 0
}

function nameOf([index = 0, ...path]: Path): string {
  return printPath(`argument ${Number(index) + 1}`, path)
}

function placesOf(leaves: readonly MappedLeaf[]): readonly ErrorPlace[] {
  return leaves.map(({ path, value }) => ({
    message: `${nameOf(path)} is ${value instanceof TensorBase ? printType(value) : printLeaf(value)}`,
    argument: ['args', ...path],
    value,
  }))
}

function laneOf(lanes: LaneBuilder, value: Leaf, axis: number): Leaf {
  if (!(value instanceof TensorBase)) return value
  return lanes.split(value, axis)
}

function outAxis(out: unknown, path: Path): number {
  const found = path.reduce<unknown>(
    (axes, key) => (typeof axes === 'object' && axes !== null ? Reflect.get(axes, key) : axes),
    out,
  )
  return typeof found === 'number' ? found : 0
}

function stacked(m: ControlMachine, lanes: LaneBuilder, value: Leaf, axis: number): TensorBase {
  const one = asTensor(m.t, 'vmap', value, 'f32')
  const rank = one.shape.length + 1
  const at = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || at < 0 || at >= rank)
    return refuse('shape_axis_out_of_range', { op: 'vmap', axis, rank }, { argument: 'out' })
  return lanes.join(one, at)
}
