// flags: what decides -> one bool for each kernel that runs or not

import type { AnyOp, Origin, Value } from '../../ir/graph/graph.ts'
import type { Segment } from '../segment.ts'
import { emitInto } from './emit-ops.ts'

/** What flags are made with. */
export interface FlagContext {
  readonly context: { fresh(type: Value['type']): Value }
  readonly origin: Origin
  /** The flag of what is around. */
  readonly outer: Value | undefined
}

/** One flag an arm: whether it is the one to run. */
export function armFlags(
  index: Value,
  count: number,
  { context, origin, outer }: FlagContext,
): { readonly segment: Segment; readonly values: readonly Value[] } {
  const ops: AnyOp[] = []
  const emit = emitInto(ops, { fresh: context.fresh, origin })
  const int = (value: number): Value => emit('constant', [], { value, dtype: 'i32' })
  const isBool = index.type.dtype === 'bool'
  const clamped = isBool ? index : emit('maximum', [emit('minimum', [index, int(count - 1)], {}), int(0)], {})
  const values = Array.from({ length: count }, (_, i): Value => {
    const own = isBool ? (i === 0 ? index : emit('not', [index], {})) : emit('eq', [clamped, int(i)], {})
    return outer === undefined ? emit('reshape', [own], { shape: [] }) : emit('and', [own, outer], {})
  })
  const inputs = [index, ...(outer === undefined ? [] : [outer])]
  return { segment: { inputs, ops, wants: values.map((value) => ({ value, owner: value })) }, values }
}

/** Whether a turn runs: its test says so, and so does what is around. */
export function turnFlag(
  result: Value,
  { context, origin, outer }: FlagContext,
): { readonly segment: Segment; readonly value: Value } {
  const ops: AnyOp[] = []
  const emit = emitInto(ops, { fresh: context.fresh, origin })
  const value = outer === undefined ? emit('reshape', [result], { shape: [] }) : emit('and', [result, outer], {})
  const inputs = [result, ...(outer === undefined ? [] : [outer])]
  return { segment: { inputs, ops, wants: [{ value, owner: value }] }, value }
}
