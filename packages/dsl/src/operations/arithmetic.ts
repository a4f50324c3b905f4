// arithmetic: the meaning of elementwise numbers

import { rangeOf } from '../primitives/neutral.ts'
import type { PrimitiveKind } from '../primitives/params.ts'
import type { Dim } from '../types/dim.ts'
import { type DType, bytesOf, kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { type Promotion, asTensor, at, castTo, matchOperands, promoteOperands } from './operands.ts'
import type { Operand } from './signature.ts'
import type { Like } from './types.ts'

/** Elementwise arithmetic. */
export interface Arithmetic<T extends TensorBase, D extends Dim> {
  /** x + y, elementwise with broadcasting. torch.add, np.add, ONNX Add. Throws shape_mismatch. */
  add(x: Like<T, D>, y: Like<T, D>): T
  /** x - y. torch.sub, np.subtract, ONNX Sub. */
  sub(x: Like<T, D>, y: Like<T, D>): T
  /** x * y. torch.mul, np.multiply, ONNX Mul. */
  mul(x: Like<T, D>, y: Like<T, D>): T
  /** x / y; integers become f32 first. torch.div, np.true_divide, ONNX Div (floats). */
  div(x: Like<T, D>, y: Like<T, D>): T
  /** Floor of x / y, Python's `//`; an integer divided by 0 gives 0. torch.floor_divide, np.floor_divide. */
  floorDiv(x: Like<T, D>, y: Like<T, D>): T
  /** x / y rounded towards 0, as in C; an integer divided by 0 gives 0. torch.div (rounding_mode 'trunc'), ONNX and WebNN Div of integers. */
  truncDiv(x: Like<T, D>, y: Like<T, D>): T
  /** x - y * floor(x / y), Python's `%`: the sign of y. torch.remainder, np.mod, ONNX Mod (fmod = 0). */
  mod(x: Like<T, D>, y: Like<T, D>): T
  /** x - y * trunc(x / y): the sign of x. torch.fmod, np.fmod, ONNX Mod (fmod = 1). */
  fmod(x: Like<T, D>, y: Like<T, D>): T
  /** x to the power y. torch.pow, np.power, ONNX Pow. Integers to a negative power give 0, or ±1 for a base of ±1. */
  pow(x: Like<T, D>, y: Like<T, D>): T
  /** The larger, NaN if either is. torch.maximum, np.maximum, ONNX Max. */
  maximum(x: Like<T, D>, y: Like<T, D>): T
  /** The smaller, NaN if either is. torch.minimum, np.minimum, ONNX Min. */
  minimum(x: Like<T, D>, y: Like<T, D>): T
  /** The angle of the point (x, y) from the positive x axis. torch.atan2, np.arctan2. */
  atan2(y: Like<T, D>, x: Like<T, D>): T
  /** sqrt(x² + y²). torch.hypot, np.hypot. */
  hypot(x: Like<T, D>, y: Like<T, D>): T
  /** start + weight * (end - start). torch.lerp. */
  lerp(start: Like<T, D>, end: Like<T, D>, weight: Like<T, D>): T
  /** -x; integers wrap. torch.neg, np.negative, ONNX Neg. */
  neg(x: Like<T, D>): T
  /** |x|. torch.abs, np.abs, ONNX Abs. */
  abs(x: Like<T, D>): T
  /** -1, 0 or 1; NaN stays. torch.sign, np.sign, ONNX Sign. */
  sign(x: Like<T, D>): T
  /** x * x. torch.square, np.square. */
  square(x: Like<T, D>): T
  /** Rounds down. torch.floor, np.floor, ONNX Floor. Integers stay. */
  floor(x: Like<T, D>): T
  /** Rounds up. torch.ceil, np.ceil, ONNX Ceil. */
  ceil(x: Like<T, D>): T
  /** Rounds to the nearest whole number, halves to the even one. torch.round, np.round, ONNX Round. */
  round(x: Like<T, D>): T
  /** Rounds towards 0. torch.trunc, np.trunc. */
  trunc(x: Like<T, D>): T
  /** Limits x to [min, max]; either may be left out. NaN stays. torch.clamp, np.clip, ONNX Clip. */
  clip(x: Like<T, D>, min?: Like<T, D> | { readonly min?: Like<T, D>; readonly max?: Like<T, D> }, max?: Like<T, D>): T
  /** The same bits as another dtype of that width: f32, i32 and u32, or i8, u8 and bool. torch `.view(dtype)`, ONNX BitCast. Throws dtype_mismatch. */
  bitCast(x: T, dtype: DType): T
  /** Converts values: float to integer truncates and saturates, NaN gives 0; anything to bool is x != 0. torch `.to`, ONNX Cast. */
  cast(x: Like<T, D>, dtype: DType): T
}

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

type UnaryKind = 'neg' | 'abs' | 'sign'
type RoundKind = 'floor' | 'ceil' | 'round' | 'trunc'
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

/** The meaning of every arithmetic operation. */
export const arithmetic: Family<Arithmetic<TensorBase, Dim>> = {
  add: binary('add', 'number'),
  sub: binary('sub', 'number'),
  mul: binary('mul', 'number'),
  div: binary('div', 'float'),
  floorDiv: binary('floorDiv', 'number'),
  truncDiv: operation({
    params: xy,
    define: (t, { x, y }) => {
      const operands = matchOperands(t, 'truncDiv', [x, y], 'number')
      const [a, b] = [at(operands, 0), at(operands, 1)]
      if (kindOf(a.dtype) === 'float') return t.trunc(t.div(a, b))
      const size = t.floorDiv(t.abs(a), t.abs(b))
      return t.where(t.eq(t.lt(a, 0), t.lt(b, 0)), size, t.neg(size))
    },
  }),
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
  square: operation({
    params: x1,
    define: (t, { x }) => {
      const value = at(promoteOperands(t, 'square', [x], 'number'), 0)
      return t.emit('mul', [value, value], {})
    },
  }),
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
  bitCast: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'dtype', kind: 'dtype' },
    ],
    define: (t, { x, dtype }) => bitCast(t, x, dtype),
  }),
  cast: operation({
    params: [
      { name: 'x', kind: 'tensor-or-number' },
      { name: 'dtype', kind: 'dtype' },
    ],
    define: (t, { x, dtype }) => castTo(t, asTensor(t, 'cast', x), dtype),
  }),
}

/** Integers of one width wrap into each other; halves have no integers of theirs. */
function bitCast(t: Bound, x: TensorBase, dtype: DType): TensorBase {
  if (x.dtype === dtype) return x
  const isHalf = [x.dtype, dtype].some((each) => bytesOf(each) === 2)
  if (isHalf || bytesOf(x.dtype) !== bytesOf(dtype))
    refuse('dtype_mismatch', { op: 'bitCast', left: x.dtype, right: dtype })
  if (dtype === 'f32') return t.emit('bitsFloat', [castTo(t, x, 'i32')], {})
  return castTo(t, x.dtype === 'f32' ? t.emit('floatBits', [x], {}) : x, dtype)
}

/** A whole limit beyond the range of integers is the end of the range. */
function within(x: TensorBase, limit: Operand): Operand {
  if (typeof limit !== 'number' || !Number.isInteger(limit) || kindOf(x.dtype) !== 'integer') return limit
  const [low, high] = rangeOf(x.dtype)
  return Math.min(Math.max(limit, low), high)
}

/** A limit of -Infinity below or Infinity above is none; as a number it would turn integers into floats. */
function limited(t: Bound, x: Operand, min: Operand | undefined, max: Operand | undefined): TensorBase {
  const value = asTensor(t, 'clip', x)
  const raised = min === undefined || min === -Infinity ? value : t.maximum(value, within(value, min))
  return max === undefined || max === Infinity ? raised : t.minimum(raised, within(value, max))
}
