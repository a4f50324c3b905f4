// logic: comparisons, truth values, bits and choices, elementwise

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { Like } from './types.ts'

/** Comparisons, logic and choice. */
export interface Logic<T extends TensorBase, D extends Dim> {
  /** x == y as bool; NaN equals nothing. torch.eq, np.equal, ONNX Equal. */
  eq(x: Like<T, D>, y: Like<T, D>): T
  /** x != y as bool. torch.ne, np.not_equal. */
  ne(x: Like<T, D>, y: Like<T, D>): T
  /** x < y as bool. torch.lt, np.less, ONNX Less. */
  lt(x: Like<T, D>, y: Like<T, D>): T
  /** x <= y as bool. torch.le, np.less_equal, ONNX LessOrEqual. */
  le(x: Like<T, D>, y: Like<T, D>): T
  /** x > y as bool. torch.gt, np.greater, ONNX Greater. */
  gt(x: Like<T, D>, y: Like<T, D>): T
  /** x >= y as bool. torch.ge, np.greater_equal, ONNX GreaterOrEqual. */
  ge(x: Like<T, D>, y: Like<T, D>): T
  /** Both, of bool tensors. Throws dtype_unsupported for others: compare first, or use logicalAnd. */
  and(x: Like<T, D>, y: Like<T, D>): T
  /** Either, of bool tensors. */
  or(x: Like<T, D>, y: Like<T, D>): T
  /** One but not the other, of bool tensors. */
  xor(x: Like<T, D>, y: Like<T, D>): T
  /** The opposite, of a bool tensor. */
  not(x: Like<T, D>): T
  /** (x != 0) and (y != 0), of any dtype. torch.logical_and, np.logical_and, ONNX And. */
  logicalAnd(x: Like<T, D>, y: Like<T, D>): T
  /** (x != 0) or (y != 0). torch.logical_or, np.logical_or, ONNX Or. */
  logicalOr(x: Like<T, D>, y: Like<T, D>): T
  /** (x != 0) xor (y != 0). torch.logical_xor, np.logical_xor, ONNX Xor. */
  logicalXor(x: Like<T, D>, y: Like<T, D>): T
  /** x == 0. torch.logical_not, np.logical_not, ONNX Not. */
  logicalNot(x: Like<T, D>): T
  /** `&` of integers bit by bit, or of bools. torch.bitwise_and, ONNX BitwiseAnd. */
  bitwiseAnd(x: Like<T, D>, y: Like<T, D>): T
  /** `|` of integers bit by bit, or of bools. torch.bitwise_or, ONNX BitwiseOr. */
  bitwiseOr(x: Like<T, D>, y: Like<T, D>): T
  /** Exclusive or of integers bit by bit, or of bools. torch.bitwise_xor, ONNX BitwiseXor. */
  bitwiseXor(x: Like<T, D>, y: Like<T, D>): T
  /** `~` of integers bit by bit, or of bools. torch.bitwise_not, ONNX BitwiseNot. */
  bitwiseNot(x: Like<T, D>): T
  /** x shifted left by y bits, modulo the width. torch.bitwise_left_shift, ONNX BitShift. */
  shiftLeft(x: Like<T, D>, y: Like<T, D>): T
  /** x shifted right by y bits: arithmetic for signed, logical for unsigned. torch.bitwise_right_shift, ONNX BitShift. */
  shiftRight(x: Like<T, D>, y: Like<T, D>): T
  /** Whether x is not a number. torch.isnan, np.isnan, ONNX IsNaN. */
  isNaN(x: Like<T, D>): T
  /** Whether x is infinite, of either sign. torch.isinf, np.isinf, ONNX IsInf. */
  isInf(x: Like<T, D>): T
  /** Whether x is neither infinite nor NaN. torch.isfinite, np.isfinite. */
  isFinite(x: Like<T, D>): T
  /** x where the condition holds, y elsewhere; all broadcast. torch.where, np.where, ONNX Where. */
  where(condition: Like<T, D>, x: Like<T, D>, y: Like<T, D>): T
  /** x with `value` where the mask holds. torch.masked_fill. */
  maskedFill(x: Like<T, D>, mask: Like<T, D>, value: Like<T, D>): T
}
