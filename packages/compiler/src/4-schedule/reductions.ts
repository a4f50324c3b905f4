// reductions: what a reduction begins with, and what joins two of its values

import type { Op } from '../ir/graph/graph.ts'
import type { CombineOp, Expr, ScalarType } from '../ir/kernel/kernel.ts'
import { apply } from './kernel-context.ts'

/** Returns the neutral element of a reduction. */
export function identityOf(fn: Op<'reduce'>['params']['fn'], type: ScalarType): number {
  if (fn === 'sum') return 0
  if (fn === 'prod') return 1
  if (type === 'f32') return fn === 'max' ? -Infinity : Infinity
  if (type === 'i32') return fn === 'max' ? -2147483648 : 2147483647
  if (type === 'u32') return fn === 'max' ? 0 : 4294967295
  return fn === 'max' ? 0 : 1
}

const combining = { sum: 'add', prod: 'mul', max: 'maximum', min: 'minimum' } as const

/** Returns what joins two values of a reduction. bool: max is or, min is and. */
export function combiningOp(fn: Op<'reduce'>['params']['fn'], type: ScalarType): CombineOp {
  if (type === 'bool') return fn === 'max' || fn === 'sum' ? 'or' : 'and'
  return combining[fn]
}

/** Returns one step of a reduction. */
export function combine(fn: Op<'reduce'>['params']['fn'], type: ScalarType, a: Expr, b: Expr): Expr {
  return apply(combiningOp(fn, type), type, a, b)
}
