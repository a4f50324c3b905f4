// splat: values that are one constant everywhere

import type { AnyOp, Origin, TensorType, Value } from '../ir/graph/graph.ts'
import type { Rewriter } from './rewrite.ts'

/** Returns the constant that every element of a value is, looking through views; undefined where not known. */
export function splatOf(value: Value, rewriter: Rewriter): number | undefined {
  for (let op = rewriter.producer(value); op !== undefined; op = viewed(op, rewriter)) {
    if (op.kind === 'constant') return op.params.value
    if (op.kind === 'dimension') return typeof op.params.value === 'number' ? op.params.value : undefined
  }
  return undefined
}

/** Views that only repeat or drop elements: what they show of one constant is that constant. */
const views: ReadonlySet<string> = new Set(['reshape', 'permute', 'expand', 'slice', 'window'])

function viewed(op: AnyOp, rewriter: Rewriter): AnyOp | undefined {
  const input = op.inputs[0]
  return input !== undefined && views.has(op.kind) ? rewriter.producer(input) : undefined
}

/** Returns a value of the type whose elements are all `value`. */
export function emitSplat(rewriter: Rewriter, value: number, { dtype, shape }: TensorType, origin: Origin): Value {
  const scalar = rewriter.emit('constant', [], { value, dtype }, origin)
  if (shape.length === 0) return scalar
  const flat = rewriter.emit('reshape', [scalar], { shape: shape.map(() => 1) }, origin)
  return rewriter.emit('expand', [flat], { shape }, origin)
}
