// vectors: four neighbouring elements at a time
//
// Where a kernel computes vectors, one symbol of its tuples stands for four neighbouring indices. What does not depend on
// it is a scalar; what moves with it by one is four neighbours in memory; everything else is put together lane by lane.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, ScalarType } from '../ir/kernel/kernel.ts'
import { type KernelContext, apply, atLane, constant, indexExpr, widen } from './kernel-context.ts'
import type { Tuple } from './space.ts'

const LANES = [0, 1, 2, 3] as const

/** Returns whether a tuple stands for four elements rather than one. */
export function isVector({ vector }: KernelContext, tuple: Tuple): boolean {
  return vector !== undefined && tuple.some((index) => dims.symbolsOf(index).some((s) => s.name === vector))
}

/** Returns a value with as many components as the loop around it has elements. */
export function filled({ vector }: KernelContext, value: Expr): Expr {
  return vector === undefined ? value : widen(value, 4)
}

/** Returns what `element` gives for an index: once where it stands still, and for each lane where it moves unevenly. */
export function atIndex({ vector }: KernelContext, index: Dim, element: (index: Dim, width: 1 | 4) => Expr): Expr {
  const step = vector === undefined ? 0 : dims.slopeOf(index, vector)
  if (vector === undefined || step === 0) return element(index, 1)
  if (step === 1) return element(index, 4)
  return pack(LANES.map((lane) => element(atLane(index, vector, lane), 1)))
}

/** Returns an index as a value: four of them where it moves. */
export function indexVector(context: KernelContext, index: Dim): Expr {
  const { vector } = context
  const step = vector === undefined ? 0 : dims.slopeOf(index, vector)
  if (vector === undefined || step === 0) return indexExpr(index)
  if (typeof step !== 'number') return pack(LANES.map((lane) => indexExpr(atLane(index, vector, lane))))
  return apply('add', 'i32', indexExpr(index), pack(LANES.map((lane) => constant('i32', lane * step))))
}

/** Returns `left < right` (or >=) for each lane. */
export function testIndexVector(context: KernelContext, left: Dim, relation: '<' | '>=', right: Dim): Expr {
  return apply(relation === '<' ? 'lt' : 'ge', 'bool', indexVector(context, left), indexVector(context, right))
}

/** Computes something for each lane by itself. */
export function laneByLane(context: KernelContext, tuple: Tuple, compute: (tuple: Tuple) => Expr): Expr {
  const { vector } = context
  if (vector === undefined) return compute(tuple)
  context.vector = undefined
  const lanes = LANES.map((lane) => compute(tuple.map((index) => atLane(index, vector, lane))))
  context.vector = vector
  return pack(lanes)
}

function pack(args: readonly Expr[]): Expr {
  const type: ScalarType = args[0]?.type ?? 'f32'
  return { kind: 'pack', type, width: 4, args }
}
