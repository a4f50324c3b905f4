// index-maps: (op, tuple of its result) -> tuples of its operands
//
// What makes views free: a movement op is the arithmetic of its reader. Guards say where an operand is defined at all
// (padding, concatenation). One total table over the movement and elementwise kinds.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { AnyOp, Op } from '../ir/graph/graph.ts'
import { type Tuple, delinearise, linearise } from './space.ts'

/** index < bound (or >=), to be decided at build or tested by the kernel. */
export interface Guard {
  readonly left: Dim
  readonly relation: '<' | '>='
  readonly right: Dim
}

/** Where an operand is read for one element of the result. */
export interface OperandIndex {
  readonly operand: number
  readonly tuple: Tuple
  /** All must hold, or the operand does not define this element. */
  readonly guards: readonly Guard[]
}

/**
 * Returns what one element of the result of a movement or elementwise op reads. Of `concat` each entry is one
 * alternative; of `pad` the element is the padding where a guard fails. Gathers and heavy ops are not index maps.
 */
export function mapIndex(op: AnyOp, tuple: Tuple): readonly OperandIndex[] {
  switch (op.kind) {
    case 'reshape':
      return [plain(delinearise(linearise(tuple, op.params.shape), inputShape(op)))]
    case 'permute': {
      const { axes } = op.params
      return [plain(axes.map((_, axis) => tuple[axes.indexOf(axis)] ?? 0))]
    }
    case 'expand':
      return [plain(inputShape(op).map((size, axis) => (dims.isSame(size, 1) ? 0 : (tuple[axis] ?? 0))))]
    case 'slice': {
      const { starts, steps } = op.params
      return [plain(tuple.map((i, axis) => dims.add(starts[axis] ?? 0, dims.mul(i, steps[axis] ?? 1))))]
    }
    case 'window': {
      const { axis, stride, dilation } = op.params
      const inner = dims.mul(tuple[tuple.length - 1] ?? 0, dilation)
      const moved = (i: Dim): Dim => dims.add(dims.mul(i, stride), inner)
      return [plain(tuple.slice(0, -1).map((i, a) => (a === axis ? moved(i) : i)))]
    }
    case 'pad':
      return [mapPad(op, tuple)]
    case 'concat':
      return mapConcat(op, tuple)
    default:
      return op.inputs.map((_, operand) => ({ operand, tuple, guards: [] }))
  }
}

function plain(tuple: Tuple): OperandIndex {
  return { operand: 0, tuple, guards: [] }
}

function inputShape(op: AnyOp): readonly Dim[] {
  return op.inputs[0]?.type.shape ?? internalError(`${op.kind} has no operand`)
}

function mapPad(op: Op<'pad'>, tuple: Tuple): OperandIndex {
  const shape = op.inputs[0]?.type.shape ?? []
  const guards: Guard[] = []
  const inner = tuple.map((i, axis) => {
    const at = dims.sub(i, op.params.before[axis] ?? 0)
    const size = shape[axis] ?? 1
    if (dims.compare(at, '>=', 0) !== 'yes') guards.push({ left: at, relation: '>=', right: 0 })
    if (dims.compare(at, '<', size) !== 'yes') guards.push({ left: at, relation: '<', right: size })
    return at
  })
  return { operand: 0, tuple: inner, guards }
}

function mapConcat(op: Op<'concat'>, tuple: Tuple): readonly OperandIndex[] {
  const { axis } = op.params
  let start: Dim = 0
  return op.inputs.map((input, operand) => {
    const from = start
    const end = dims.add(start, input.type.shape[axis] ?? 0)
    start = end
    const at = tuple[axis] ?? 0
    const guards: Guard[] = []
    if (dims.compare(at, '>=', from) !== 'yes') guards.push({ left: at, relation: '>=', right: from })
    if (dims.compare(at, '<', end) !== 'yes') guards.push({ left: at, relation: '<', right: end })
    return { operand, tuple: tuple.map((i, a) => (a === axis ? dims.sub(i, from) : i)), guards }
  })
}
