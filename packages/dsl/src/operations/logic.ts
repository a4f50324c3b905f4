// logic: the meaning of comparisons, truth values, bits and choices

import type { PrimitiveKind } from '../primitives/params.ts'
import { kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import { refuse } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { x1, xy } from './arithmetic.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import type { Logic } from './interface/logic.ts'
import { asTensor, at, broadcastTensors, castTo, matchOperands, promoteOperands } from './operands.ts'
import type { Operand } from './signature.ts'

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
