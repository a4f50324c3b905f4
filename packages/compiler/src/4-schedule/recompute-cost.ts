// recompute-cost: what computing a value again costs, against loading it

import { dims } from '@tsjit/dsl/compiler'
import type { AnyOp, Value } from '../ir/graph/graph.ts'
import { type PartitionState, atMost, classOf } from './partition-state.ts'

/** Work (in adds) of a value that may be done again for every reader. */
export const RECOMPUTE_LIMIT = 16

/**
 * An elementwise value over much smaller results of reductions (x - mean): a buffer for those is cheaper than one for
 * the value, which every reader computes again.
 */
export function readsSmaller(state: PartitionState, op: AnyOp): boolean {
  if (classOf(op) !== 'elementwise') return false
  const size = atMost(dims.product(op.result.type.shape))
  const behind = op.inputs.filter((v) => state.heavy.has(v)).map((v) => shown(state, v))
  return behind.every((v) => atMost(dims.product(v.type.shape)) * 8 <= size)
}

/** The value that views show. */
function shown(state: PartitionState, value: Value): Value {
  const op = state.producers.get(value)
  const input = op?.inputs[0]
  return op !== undefined && input !== undefined && classOf(op) === 'movement' && op.kind !== 'concat'
    ? shown(state, input)
    : value
}

/** Work to compute one element again, in adds; loads count too. */
export function workOf(state: PartitionState, op: AnyOp): number {
  let work = 0
  const seen = new Set<AnyOp>()
  const visit = (o: AnyOp): void => {
    if (seen.has(o) || work > RECOMPUTE_LIMIT) return
    seen.add(o)
    const cls = classOf(o)
    work += cls === 'elementwise' ? (isExpensive(o.kind) ? 8 : 1) : cls === 'indexed' ? 4 : 0
    for (const input of o.inputs) {
      const producer = state.producers.get(input)
      if (producer === undefined) work += 1
      else visit(producer)
    }
  }
  visit(op)
  return work
}

/** Whether an elementwise op is a polynomial rather than an instruction. */
export function isExpensive(kind: string): boolean {
  return expensive.has(kind)
}

const expensive: ReadonlySet<string> = new Set([
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'erf',
  'pow',
  'atan2',
])
