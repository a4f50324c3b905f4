// fold-constants: graph -> graph
//
// Replaces elementwise ops over constants by the constant that the eager meaning gives. Never folds what would be
// a new large tensor: only values that are the same everywhere. One tensor without elements is as good as another.

import { computePrimitive, createElements, dims, primitiveClass } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, Value } from '../ir/graph/graph.ts'
import { type Rewriter, rewrite } from './rewrite.ts'
import { emitSplat, splatOf } from './splat.ts'

/**
 * Folds arithmetic on constants.
 *
 * @example
 * %1 f32[] constant 2;  %2 f32[] constant 3;  %3 f32[] mul %1 %2   ->   %4 f32[] constant 6
 */
export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, fold)
}

function fold(op: AnyOp, rewriter: Rewriter): Value | undefined {
  if (isEmpty(op.result) && op.kind !== 'expand') return splat(op, rewriter, 0)
  if (primitiveClass[op.kind] !== 'elementwise') return undefined
  const inputs = op.inputs.map((v) => ({ value: splatOf(v, rewriter), dtype: v.type.dtype }))
  if (inputs.some((i) => i.value === undefined)) return undefined
  const scalars = inputs.map(({ value, dtype }) => ({
    data: createElements(dtype, 1).fill(value ?? 0),
    shape: [],
    dtype,
  }))
  const [value] = computePrimitive(op.kind, scalars, op.params).data
  if (value === undefined) return undefined
  return splat(op, rewriter, Number(value))
}

function isEmpty({ type }: Value): boolean {
  return type.shape.some((size) => dims.isSame(size, 0))
}

/** The result of an op as one constant, stretched. */
function splat(op: AnyOp, rewriter: Rewriter, value: number): Value {
  return emitSplat(rewriter, Number(value), op.result.type, op.origin)
}
