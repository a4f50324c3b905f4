// scan: a carry along axis 0 of what is gone over; what each turn gives is stacked

import type { BoundArguments, Param } from '../operations/signature.ts'
import { reshaped } from '../operations/operands.ts'
import { type Dim, compare } from '../types/dim.ts'
import { type ErrorPlace, refuse, shownSize } from '../types/errors.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'
import { type StructuredTurn, runCarryLoop } from './carry.ts'
import { turnNumber } from './loops.ts'
import type { Callback, ControlMachine } from './machine.ts'
import { asTensor, printLeaf } from './scalars.ts'
import { type PlacedLeaf, describe, flatten, printPath, unflatten } from './structure.ts'

export const scanParams: readonly Param[] = [
  { name: 'init', kind: 'structure', optional: true },
  { name: 'xs', kind: 'structure', optional: true },
  { name: 'body', kind: 'function' },
  { name: 'reverse', kind: 'bool', default: false },
  { name: 'length', kind: 'size', optional: true },
]

/** `scan(init, xs, body, { reverse, length })` */
export function scan(m: ControlMachine, args: BoundArguments): unknown {
  const { init, xs, reverse } = args
  const body = args['body'] as Callback
  const items = flatten({ op: 'scan', name: 'xs', place: { argument: ['xs'] } }, xs).map((leaf) => sequenceOf(leaf))
  const length = lengthOf(items, args['length'] as Dim | undefined)
  let last: unknown
  const { carry, stacked } = runCarryLoop(m, {
    op: 'scan',
    init,
    spec: { count: length, isReversed: reverse === true },
    carryPath: [0],
    body: (state, index): StructuredTurn => {
      const x = unflatten(
        xs,
        items.map(({ value }) => elementAt(m, value, index)),
      )
      const [next, y] = pairOf(body(state, x, turnNumber(m, index)))
      last = y
      return { carry: next, stacked: stackedOf(m, y) }
    },
  })
  return [carry, unflatten(last, stacked)]
}

/** A tensor that is gone over. */
interface Sequence {
  readonly path: PlacedLeaf['path']
  readonly value: TensorBase
}

function sequenceOf({ path, value }: PlacedLeaf): Sequence {
  if (value instanceof TensorBase && value.shape.length > 0) return { path, value }
  const places: readonly ErrorPlace[] = [{ message: `this is ${printLeaf(value)}`, argument: ['xs', ...path], value }]
  return refuse('flow_scan_axis', { path: printPath('xs', path), got: printLeaf(value) }, { argument: 'xs', places })
}

/** Returns how many turns there are. Throws flow_scan_lengths, shape_undecided, flow_scan_length_missing. */
function lengthOf(items: readonly Sequence[], given: Dim | undefined): Dim {
  const [first, ...others] = items
  if (first === undefined) return given ?? refuse('flow_scan_length_missing', {})
  const length = first.value.shape[0] ?? 0
  for (const other of others) requireLength(first, length, other)
  if (given === undefined) return length
  const answer = compare(length, '==', given)
  if (answer === 'yes') return length
  const [leftName, left, right] = [printPath('xs', first.path), printType(first.value), `${shownSize(given)}`]
  if (answer === 'no')
    return refuse('flow_scan_lengths', { leftName, left, rightName: 'length', right }, { argument: 'length' })
  return refuse('shape_undecided', { op: 'scan', left, right, bound: `${shownSize(length)} == ${right}` })
}

function requireLength(first: Sequence, length: Dim, other: Sequence): void {
  const answer = compare(length, '==', other.value.shape[0] ?? 0)
  if (answer === 'yes') return
  const [left, right] = [printType(first.value), printType(other.value)]
  const places = [other, first].map(({ path, value }): ErrorPlace => ({
    message: `${printPath('xs', path)} is ${printType(value)}`,
    argument: ['xs', ...path],
    value,
  }))
  if (answer === 'unknown') {
    const bound = `${shownSize(length)} == ${shownSize(other.value.shape[0] ?? 0)}`
    refuse('shape_undecided', { op: 'scan', left, right, bound }, { argument: 'xs', places })
  }
  const names = { leftName: printPath('xs', first.path), rightName: printPath('xs', other.path) }
  refuse('flow_scan_lengths', { ...names, left, right }, { argument: 'xs', places })
}

function elementAt(m: ControlMachine, xs: TensorBase, index: Dim): TensorBase {
  const [, ...rest] = xs.shape
  const starts = [index, ...rest.map(() => 0)]
  const sizes = [1, ...rest]
  const slice = m.builder.emit('slice', [xs], { starts, sizes, steps: sizes.map(() => 1) })
  return reshaped(m.t, slice, rest)
}

function pairOf(value: unknown): readonly [carry: unknown, y: unknown] {
  if (Array.isArray(value) && value.length === 2) return [value[0], value[1]]
  const places: readonly ErrorPlace[] = [
    { message: `this is ${describe(value)}`, argument: ['body'], returned: [], value },
  ]
  return refuse('flow_scan_result', { got: describe(value) }, { argument: 'body', places })
}

function stackedOf(m: ControlMachine, y: unknown): readonly TensorBase[] {
  return flatten({ op: 'scan', name: 'y', place: { argument: ['body'], returned: [1] } }, y).map(({ value }) =>
    asTensor(m.t, 'scan', value, 'f32'),
  )
}
