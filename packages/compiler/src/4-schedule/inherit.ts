// inherit: an op computed where it is used -> the uses of its operands

import type { Dim } from '@tsjit/dsl/compiler'
import type { AnyOp } from '../ir/graph/graph.ts'
import { mapIndex } from './index-maps.ts'
import { type Group, type PartitionState, type Use, addUse, isHeavy } from './partition-state.ts'
import { splitRow } from './row-fusion.ts'
import type { Tuple } from './space.ts'

/** The op is computed where it is used: its operands are used there too. */
export function inheritAll(state: PartitionState, op: AnyOp, uses: readonly Use[]): void {
  const rows = new Set<Group>()
  for (const use of uses) {
    use.group.members.add(op)
    // a staged row is computed once, whatever the number of its readers
    if (isHeavy(op) && use.group.grid !== undefined) {
      if (rows.has(use.group)) continue
      rows.add(use.group)
    }
    inherit(state, op, use)
  }
}

function inherit(state: PartitionState, op: AnyOp, use: Use): void {
  const { group, operand } = use
  if (op.kind === 'reduce') {
    const { axes } = op.params
    const shape = op.inputs[0]?.type.shape ?? []
    const rest = [...stagedTuple(state, op, use)]
    const tuple = shape.map((size, axis) =>
      axes.includes(axis) ? state.namer.range('r', size).index : (rest.shift() ?? 0),
    )
    for (const input of op.inputs) addUse(state, input, { group, tuple, operand: true })
  } else if (op.kind === 'contract') {
    const { a, b, out } = op.params
    const at = stagedTuple(state, op, use)
    const indices = new Map<string, Dim>(out.map((label, axis) => [label, at[axis] ?? 0]))
    ;[a, b].forEach((labels, side) => {
      const input = op.inputs[side]
      if (input === undefined) return
      const tuple = labels.map((label, axis) => {
        const index = indices.get(label) ?? state.namer.range('r', input.type.shape[axis] ?? 1).index
        indices.set(label, index)
        return index
      })
      addUse(state, input, { group, tuple, operand: true })
    })
  } else if (op.kind === 'gather' || op.kind === 'gatherElements') inheritGather(state, op, use)
  else
    for (const index of mapIndex(op, use.tuple)) {
      const input = op.inputs[index.operand]
      if (input !== undefined) addUse(state, input, { group, tuple: index.tuple, operand })
    }
}

function inheritGather(state: PartitionState, op: AnyOp, use: Use): void {
  if (op.kind !== 'gather' && op.kind !== 'gatherElements') return
  const [x, indices] = op.inputs
  if (x === undefined || indices === undefined) return
  const { axis } = op.params
  const size = x.type.shape[axis] ?? 1
  const found = state.namer.range('x', size).index // known when the kernel runs
  const count = op.kind === 'gather' ? indices.type.shape.length : 1
  const whole = op.kind === 'gatherElements'
  const tuple = [...use.tuple.slice(0, axis), found, ...use.tuple.slice(axis + count)]
  addUse(state, x, { ...use, tuple })
  addUse(state, indices, { ...use, tuple: whole ? use.tuple : use.tuple.slice(axis, axis + count) })
}

/** In a row kernel a heavy value is computed over its own inner ranges, not at its readers' places. */
function stagedTuple(state: PartitionState, op: AnyOp, use: Use): Tuple {
  const { grid } = use.group
  if (grid === undefined) return use.tuple
  const split = splitRow(use.group, grid, op.result, [use.tuple])
  if (split === undefined) return use.tuple
  return use.tuple.map((e, axis) =>
    split.innerAxes.includes(axis) ? state.namer.range('j', op.result.type.shape[axis] ?? 1).index : e,
  )
}
