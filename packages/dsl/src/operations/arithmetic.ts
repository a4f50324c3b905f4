// arithmetic: the meaning of elementwise numbers

import { kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { PrimitiveKind } from '../primitives/params.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import type { Arithmetic } from './interface/arithmetic.ts'
import { type Promotion, asTensor, at, castTo, matchOperands, promoteOperands } from './operands.ts'
import type { Operand } from './signature.ts'

/** The primitives of two operands that are operations as they are. */
export type BinaryKind = Extract<
  PrimitiveKind,
  'add' | 'sub' | 'mul' | 'div' | 'floorDiv' | 'mod' | 'pow' | 'maximum' | 'minimum' | 'atan2'
>

/** Parameters of an operation on two operands. */
export const xy = [
  { name: 'x', kind: 'tensor-or-number' },
  { name: 'y', kind: 'tensor-or-number' },
] as const

/** Parameters of an operation on one operand. */
export const x1 = [{ name: 'x', kind: 'tensor-or-number' }] as const

function binary(kind: BinaryKind, promotion: Promotion): Unnamed {
  return operation({
    params: xy,
    define: (t, { x, y }) => t.emit(kind, matchOperands(t, kind, [x, y], promotion), {}),
  })
}

type UnaryKind = 'neg' | 'abs' | 'sign' | RoundKind | FloatKind
type RoundKind = 'floor' | 'ceil' | 'round' | 'trunc'
type FloatKind = Extract<
  PrimitiveKind,
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'erf'
>

function unary(kind: UnaryKind, promotion: Promotion): Unnamed {
  return operation({ params: x1, define: (t, { x }) => t.emit(kind, promoteOperands(t, kind, [x], promotion), {}) })
}

/** Integers are whole already. */
function rounding(kind: RoundKind): Unnamed {
  return operation({
    params: x1,
    define: (t, { x }) => {
      const value = at(promoteOperands(t, kind, [x], 'number'), 0)
      return kindOf(value.dtype) === 'float' ? t.emit(kind, [value], {}) : value
    },
  })
}

function ofFloat(op: string, define: (t: Bound, x: TensorBase) => TensorBase): Unnamed {
  return operation({ params: x1, define: (t, { x }) => define(t, at(promoteOperands(t, op, [x], 'float'), 0)) })
}

/** The meaning of every arithmetic operation. */
export const arithmetic: Family<Arithmetic<TensorBase, Dim>> = {
  add: binary('add', 'number'),
  sub: binary('sub', 'number'),
  mul: binary('mul', 'number'),
  div: binary('div', 'float'),
  floorDiv: binary('floorDiv', 'number'),
  mod: binary('mod', 'number'),
  fmod: operation({
    params: xy,
    define: (t, { x, y }) => {
      const [a, b] = matchOperands(t, 'fmod', [x, y], 'number') as [TensorBase, TensorBase]
      if (kindOf(a.dtype) === 'integer') {
        // the least i32 has no magnitude
        const rest = t.mod(a, b)
        const isOther = t.and(t.ne(rest, 0), t.ne(t.lt(rest, 0), t.lt(a, 0)))
        return t.where(isOther, t.sub(rest, b), rest)
      }
      // the remainder of magnitudes, with the sign of x
      const rest = t.mod(t.abs(a), t.abs(b))
      return t.where(t.lt(a, 0), t.neg(rest), rest)
    },
  }),
  pow: operation({
    params: xy,
    define: (t, { x, y }) => {
      if (y === 2) return t.square(x)
      if (y === 1) return at(promoteOperands(t, 'pow', [x], 'number'), 0)
      return t.emit('pow', matchOperands(t, 'pow', [x, y], 'number'), {})
    },
  }),
  maximum: binary('maximum', 'number'),
  minimum: binary('minimum', 'number'),
  atan2: operation({
    params: [
      { name: 'y', kind: 'tensor-or-number' },
      { name: 'x', kind: 'tensor-or-number' },
    ],
    define: (t, { x, y }) => t.emit('atan2', matchOperands(t, 'atan2', [y, x], 'float'), {}),
  }),
  hypot: operation({
    params: xy,
    define: (t, { x, y }) => {
      const sizes = matchOperands(t, 'hypot', [x, y], 'float').map((v) => t.abs(v))
      const large = t.maximum(at(sizes, 0), at(sizes, 1))
      const small = t.minimum(at(sizes, 0), at(sizes, 1))
      // scaled by the larger, so that squares neither overflow nor vanish; equal zeros and infinities are their own answer
      const ratio = t.div(small, large)
      const scaled = t.mul(large, t.sqrt(t.add(t.square(ratio), 1)))
      return t.where(t.eq(small, large), t.mul(large, Math.SQRT2), t.where(t.eq(small, 0), large, scaled))
    },
  }),
  lerp: operation({
    params: [
      { name: 'start', kind: 'tensor-or-number' },
      { name: 'end', kind: 'tensor-or-number' },
      { name: 'weight', kind: 'tensor-or-number' },
    ],
    define: (t, { start, end, weight }) => t.add(start, t.mul(weight, t.sub(end, start))),
  }),
  neg: unary('neg', 'number'),
  abs: unary('abs', 'number'),
  sign: unary('sign', 'number'),
  exp: unary('exp', 'float'),
  exp2: ofFloat('exp2', (t, x) => t.emit('pow', matchOperands(t, 'exp2', [2, x], 'float'), {})),
  expm1: unary('expm1', 'float'),
  log: unary('log', 'float'),
  log2: ofFloat('log2', (t, x) => t.mul(t.log(x), Math.LOG2E)),
  log10: ofFloat('log10', (t, x) => t.mul(t.log(x), Math.LOG10E)),
  log1p: unary('log1p', 'float'),
  sqrt: unary('sqrt', 'float'),
  rsqrt: ofFloat('rsqrt', (t, x) => t.div(1, t.sqrt(x))),
  reciprocal: ofFloat('reciprocal', (t, x) => t.div(1, x)),
  square: operation({
    params: x1,
    define: (t, { x }) => {
      const value = at(promoteOperands(t, 'square', [x], 'number'), 0)
      return t.emit('mul', [value, value], {})
    },
  }),
  sin: unary('sin', 'float'),
  cos: unary('cos', 'float'),
  tan: unary('tan', 'float'),
  asin: unary('asin', 'float'),
  acos: unary('acos', 'float'),
  atan: unary('atan', 'float'),
  sinh: unary('sinh', 'float'),
  cosh: unary('cosh', 'float'),
  tanh: unary('tanh', 'float'),
  asinh: ofFloat('asinh', (t, x) => {
    // log1p(|x| + x² / (1 + sqrt(1 + x²))), and log|x| + log 2 where x² would overflow
    const size = t.abs(x)
    const small = t.minimum(size, 1e9)
    const square = t.square(small)
    const near = t.log1p(t.add(small, t.div(square, t.add(t.sqrt(t.add(square, 1)), 1))))
    const value = t.where(t.gt(size, 1e9), t.add(t.log(size), Math.LN2), near)
    return t.where(t.lt(x, 0), t.neg(value), t.where(t.eq(x, 0), x, value))
  }),
  acosh: ofFloat('acosh', (t, x) => {
    const less = t.sub(x, 1)
    const small = t.minimum(less, 1e9)
    const near = t.log1p(t.add(small, t.sqrt(t.mul(small, t.add(small, 2)))))
    return t.where(t.gt(less, 1e9), t.add(t.log(x), Math.LN2), near)
  }),
  atanh: ofFloat('atanh', (t, x) => t.mul(t.sub(t.log1p(x), t.log1p(t.neg(x))), 0.5)),
  erf: unary('erf', 'float'),
  floor: rounding('floor'),
  ceil: rounding('ceil'),
  round: rounding('round'),
  trunc: rounding('trunc'),
  clip: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'min', kind: 'tensor-or-number', optional: true },
      { name: 'max', kind: 'tensor-or-number', optional: true },
    ],
    define: (t, { x, min, max }) => limited(t, x, min, max),
  }),
  cast: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'dtype', kind: 'dtype' },
    ],
    define: (t, { x, dtype }) => castTo(t, asTensor(t, 'cast', x), dtype),
  }),
}

/** A limit of -Infinity below or Infinity above is none; as a number it would turn integers into floats. */
function limited(t: Bound, x: Operand, min: Operand | undefined, max: Operand | undefined): TensorBase {
  const value = asTensor(t, 'clip', x)
  const raised = min === undefined || min === -Infinity ? value : t.maximum(value, min)
  return max === undefined || max === Infinity ? raised : t.minimum(raised, max)
}
