// logic: the meaning of comparisons, truth values, bits and choices

import type { PrimitiveKind } from '../primitives/params.ts'
import type { Dim } from '../types/dim.ts'
import { kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { x1, xy } from './arithmetic.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { asTensor, at, broadcastTensors, castTo, matchOperands, promoteOperands } from './operands.ts'
import type { Operand } from './signature.ts'
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

type Comparison = Extract<PrimitiveKind, 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'>
type Connective = Extract<PrimitiveKind, 'and' | 'or' | 'xor'>
type Shift = Extract<PrimitiveKind, 'shiftLeft' | 'shiftRight'>

function comparison(kind: Comparison): Unnamed {
  return operation({ params: xy, define: (t, { x, y }) => t.emit(kind, matchOperands(t, kind, [x, y], 'keep'), {}) })
}

function ofBool(kind: Connective): Unnamed {
  return operation({
    params: xy,
    define: (t, { x, y }) => {
      const operands = [x, y].map((v) => requireBool(t, kind, v))
      return t.emit(kind, broadcastTensors(t, kind, operands), {})
    },
  })
}

function ofTruth(op: string, kind: Connective): Unnamed {
  return operation({
    params: xy,
    define: (t, { x, y }) => {
      const operands = [x, y].map((v) => castTo(t, asTensor(t, op, v), 'bool'))
      return t.emit(kind, broadcastTensors(t, op, operands), {})
    },
  })
}

function ofBits(op: string, kind: Connective | Shift): Unnamed {
  return operation({
    params: xy,
    define: (t, { x, y }) => {
      const operands = matchOperands(t, op, [x, y], kind.startsWith('shift') ? 'number' : 'keep')
      requireNoFloat(op, operands)
      return t.emit(kind, operands, {})
    },
  })
}

function ofFloat(op: string, define: (t: Bound, x: TensorBase) => TensorBase): Unnamed {
  return operation({ params: x1, define: (t, { x }) => define(t, at(promoteOperands(t, op, [x], 'float'), 0)) })
}

function requireBool(t: Bound, op: string, x: Operand): TensorBase {
  const value = asTensor(t, op, x)
  if (value.dtype !== 'bool') refuse('dtype_unsupported', { op, expected: 'truth values', dtype: value.dtype })
  return value
}

function requireNoFloat(op: string, operands: readonly TensorBase[]): void {
  for (const { dtype } of operands)
    if (kindOf(dtype) === 'float') refuse('dtype_unsupported', { op, expected: 'integers or truth values', dtype })
}

/** The meaning of every comparison, connective and choice. */
export const logic: Family<Logic<TensorBase, Dim>> = {
  eq: comparison('eq'),
  ne: comparison('ne'),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  and: ofBool('and'),
  or: ofBool('or'),
  xor: ofBool('xor'),
  not: operation({ params: x1, define: (t, { x }) => t.emit('not', [requireBool(t, 'not', x)], {}) }),
  logicalAnd: ofTruth('logicalAnd', 'and'),
  logicalOr: ofTruth('logicalOr', 'or'),
  logicalXor: ofTruth('logicalXor', 'xor'),
  logicalNot: operation({
    params: x1,
    define: (t, { x }) => t.emit('not', [castTo(t, asTensor(t, 'logicalNot', x), 'bool')], {}),
  }),
  bitwiseAnd: ofBits('bitwiseAnd', 'and'),
  bitwiseOr: ofBits('bitwiseOr', 'or'),
  bitwiseXor: ofBits('bitwiseXor', 'xor'),
  bitwiseNot: operation({
    params: x1,
    define: (t, { x }) => {
      const value = asTensor(t, 'bitwiseNot', x)
      requireNoFloat('bitwiseNot', [value])
      return t.emit(value.dtype === 'bool' ? 'not' : 'bitNot', [value], {})
    },
  }),
  shiftLeft: ofBits('shiftLeft', 'shiftLeft'),
  shiftRight: ofBits('shiftRight', 'shiftRight'),
  isNaN: operation({
    params: x1,
    define: (t, { x }) => {
      const value = asTensor(t, 'isNaN', x)
      return kindOf(value.dtype) === 'float' ? t.emit('isNaN', [value], {}) : t.zerosLike(value, { dtype: 'bool' })
    },
  }),
  isInf: ofFloat('isInf', (t, x) => t.eq(t.abs(x), Infinity)),
  isFinite: ofFloat('isFinite', (t, x) => t.lt(t.abs(x), Infinity)),
  where: operation({
    params: [
      { name: 'condition', kind: 'tensor-or-number' },
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'y', kind: 'tensor-or-number' },
    ],
    define: (t, { condition, x, y }) => {
      const truth = castTo(t, asTensor(t, 'where', condition), 'bool')
      const values = promoteOperands(t, 'where', [x, y], 'keep')
      return t.emit('where', broadcastTensors(t, 'where', [truth, ...values]), {})
    },
  }),
  maskedFill: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'mask', kind: 'tensor-or-number' },
      { name: 'value', kind: 'tensor-or-number' },
    ],
    define: (t, { x, mask, value }) => t.where(mask, value, x),
  }),
}
