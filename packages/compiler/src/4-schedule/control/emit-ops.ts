// emit-ops: ops that scheduling adds, one after another

import { inferType } from '@tsjit/dsl/compiler'
import type { GraphOp, Origin, PrimitiveKind, PrimitiveParams, TensorType, Value } from '../../ir/graph/graph.ts'
import { createOp } from '../../ir/graph/record.ts'

/** Appends an op and returns its result. */
export type EmitOp = <K extends PrimitiveKind>(kind: K, operands: readonly Value[], params: PrimitiveParams[K]) => Value

/** Returns what appends to `ops`; `fresh` makes values that no other op has made. */
export function emitInto(
  ops: { push(op: GraphOp): unknown },
  { fresh, origin }: { fresh(type: TensorType): Value; readonly origin: Origin },
): EmitOp {
  return (kind, operands, params) => {
    const types = operands.map(({ type }) => type)
    const result = fresh(inferType(kind, types, params))
    ops.push(createOp(kind, operands, params, result, origin))
    return result
  }
}
