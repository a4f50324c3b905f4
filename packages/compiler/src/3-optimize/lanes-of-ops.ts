// lanes-of-ops: ops of a graph on many lanes at once
//
// What a loop does in each turn, or what pieces of a tensor have in common, is one op with an axis of lanes in front.

import { type Lanes, type MappedOperand, type TensorBase, applyToLanes, dims, inferType } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import { BuiltTensor } from '../ir/graph/build.ts'
import type { AnyOp, Dim, Origin, PrimitiveKind, PrimitiveParams, Value } from '../ir/graph/graph.ts'
import { createOp } from '../ir/graph/record.ts'

/** Lanes whose ops are appended to a list. */
export interface LanesOfOps {
  readonly ops: readonly AnyOp[]
  /** Returns lanes whose ops come from a place in the source. */
  at(origin: Origin): Lanes
}

/** Returns some lanes, and a list for their ops. */
export function createLanes(size: Dim, nextId: () => number): LanesOfOps {
  const ops: AnyOp[] = []
  const emitAt =
    (origin: Origin): Lanes['emit'] =>
    (kind, inputs, params) => {
      const values = inputs.map((input) => built(input).value)
      const types = values.map(({ type }) => type)
      const result: Value = { id: nextId(), type: inferType(kind, types, params) }
      ops.push(createOp(kind, values, params, result, origin))
      return new BuiltTensor(result)
    }
  return { ops, at: (origin) => ({ size, emit: emitAt(origin) }) }
}

/** Applies an op to operands of which at least one has lanes. */
export function applyLanes<K extends PrimitiveKind>(
  op: AnyOp,
  lanes: Lanes,
  operands: readonly MappedOperand[],
): BuiltTensor {
  // kind and parameters of an op belong together
  return built(applyToLanes(op.kind as K, lanes, operands, op.params as unknown as PrimitiveParams[K]))
}

/** Applies an op to operands that are the same in every lane. */
export function applyPlain<K extends PrimitiveKind>(
  op: AnyOp,
  { emit }: Lanes,
  inputs: readonly BuiltTensor[],
): BuiltTensor {
  return built(emit(op.kind as K, inputs, op.params as unknown as PrimitiveParams[K]))
}

/** Slices of one tensor that are equally far apart along an axis. */
export interface MovingSlice {
  readonly axis: number
  readonly step: number
  /** Where the first one starts along the axis. */
  readonly first: Dim
}

/** Returns what a slice shows that moves with the lanes, with their number in front. */
export function sliceLanes(
  op: Extract<AnyOp, { kind: 'slice' }>,
  base: BuiltTensor,
  { axis, step, first }: MovingSlice,
  { size, emit }: Lanes,
): BuiltTensor {
  const { starts, steps, sizes } = op.params
  const at = <T>(list: readonly T[], own: T): readonly T[] => list.map((each, i) => (i === axis ? own : each))
  const others = sizes.map((_, i) => i).filter((i) => i !== axis)
  const run = sizes[axis] ?? 1
  if (run === 1) {
    const rows = emit('slice', [base], { starts: at(starts, first), steps: at(steps, step), sizes: at(sizes, size) })
    const front = emit('permute', [rows], { axes: [axis, ...others] })
    return built(emit('reshape', [front], { shape: [size, ...sizes] }))
  }
  // runs that may overlap are windows: [… lanes …, run]
  const reach = dims.add(dims.mul(dims.sub(size, 1), step), run)
  const span = emit('slice', [base], { starts: at(starts, first), steps, sizes: at(sizes, reach) })
  const windows = emit('window', [span], { axis, size: run, stride: step, dilation: 1 })
  const back = sizes.map((_, i) => (i === axis ? sizes.length : i))
  return built(emit('permute', [windows], { axes: [axis, ...back] }))
}

/** Returns a tensor of a graph. */
export function built(tensor: TensorBase): BuiltTensor {
  return tensor instanceof BuiltTensor ? tensor : internalError('a tensor of another graph')
}

/** Returns what gives the same again without making it again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
