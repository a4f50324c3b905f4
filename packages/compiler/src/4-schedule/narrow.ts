// narrow: arithmetic of 8-bit integers in 32 bits
//
// Every op wraps its result, so that an expression of a kernel holds what a buffer of the dtype would.

import type { DType } from '@tsjit/dsl/compiler'
import type { Expr } from '../ir/kernel/kernel.ts'
import { apply, constant } from './kernel-context.ts'

/** Returns a result of 32-bit arithmetic as a value of `dtype`: 8-bit integers wrap, the others are as they are. */
export function wrapped(expr: Expr, dtype: DType): Expr {
  if (dtype === 'u8') return apply('and', 'u32', expr, constant('u32', 255))
  if (dtype !== 'i8') return expr
  const left = apply('shiftLeft', 'i32', expr, constant('i32', 24))
  return apply('shiftRight', 'i32', left, constant('i32', 24))
}

/** Returns a converted float as a value of `dtype`: 8-bit integers saturate, as the others have in the conversion. */
export function saturated(expr: Expr, dtype: DType): Expr {
  if (dtype === 'u8') return apply('minimum', 'u32', expr, constant('u32', 255))
  if (dtype !== 'i8') return expr
  const top = apply('minimum', 'i32', expr, constant('i32', 127))
  return apply('maximum', 'i32', top, constant('i32', -128))
}

/** Returns the count of a shift, modulo the width of `dtype`; kernels do the same modulo 32. */
export function shiftCount(expr: Expr, dtype: DType): Expr {
  if (dtype !== 'u8' && dtype !== 'i8') return expr
  const type = dtype === 'u8' ? 'u32' : 'i32'
  return apply('and', type, expr, constant(type, 7))
}
