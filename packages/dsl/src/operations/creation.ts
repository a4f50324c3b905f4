// creation: the meaning of tensors made from numbers

import { type Dim, ceilDiv, isDimExpression, max, sub } from '../types/dim.ts'
import { type DType, kindOf } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import { type Shape, TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { flattenData } from './flatten-data.ts'
import { castTo, lift, reshaped, scalar, stretch } from './operands.ts'
import type { NestedData, Operand } from './signature.ts'
import type { Like } from './types.ts'

/** Options of creation. */
export interface DTypeOptions {
  readonly dtype?: DType
}

/** Constants. */
export interface Creation<T extends TensorBase, D extends Dim> {
  /** A tensor of nested arrays: f32, or bool for truth values. torch.tensor, np.array. Throws shape_ragged. */
  tensor(data: NestedData | ArrayLike<number>, options?: DTypeOptions): T
  /** All 0. torch.zeros, np.zeros. */
  zeros(shape: readonly D[], options?: DTypeOptions): T
  /** All 1. torch.ones, np.ones. */
  ones(shape: readonly D[], options?: DTypeOptions): T
  /** All of one value; a whole number is f32 too unless `dtype` says otherwise. torch.full, np.full. */
  full(shape: readonly D[], value: Like<T, D>, options?: DTypeOptions): T
  /** 0 in the shape and dtype of x. torch.zeros_like. */
  zerosLike(x: T, options?: DTypeOptions): T
  /** 1 in the shape and dtype of x. torch.ones_like. */
  onesLike(x: T, options?: DTypeOptions): T
  /** A value in the shape and dtype of x. torch.full_like. */
  fullLike(x: T, value: Like<T, D>, options?: DTypeOptions): T
  /** start, start + step, … before stop: i32, or f32 where a number is fractional. arange(stop) starts at 0. torch.arange, np.arange, ONNX Range. */
  arange(start: D, stop?: D | DTypeOptions, step?: number | DTypeOptions, options?: DTypeOptions): T
  /** `count` numbers from start to stop, both included. torch.linspace, np.linspace. */
  linspace(start: number, stop: number, count: D): T
  /** 1 on the diagonal of [n, m], 0 elsewhere; m is n where left out. torch.eye, np.eye. */
  eye(n: D, m?: D | DTypeOptions, options?: DTypeOptions): T
}

const shaped = [
  { name: 'shape', kind: 'shape' },
  { name: 'dtype', kind: 'dtype', default: 'f32' },
] as const

const like = [
  { name: 'x', kind: 'tensor' },
  { name: 'dtype', kind: 'dtype', optional: true },
] as const

function filled(t: Bound, shape: Shape, value: Operand, dtype: DType): TensorBase {
  for (const size of shape) if (typeof size === 'number' && size < 0) refuse('shape_negative', { op: 'full', size })
  const one = lift(t, 'full', value, dtype)
  if (one.shape.length > 0) refuse('shape_not_scalar', { op: 'full', got: `${one.shape.length} axes` })
  return stretch(t, one, shape)
}

function of(value: number): Unnamed {
  return operation({ params: shaped, define: (t, { shape, dtype }) => filled(t, shape, value, dtype) })
}

function similar(value: number): Unnamed {
  return operation({ params: like, define: (t, { x, dtype }) => filled(t, x.shape, value, dtype ?? x.dtype) })
}

/** The meaning of every constant. */
export const creation: Family<Creation<TensorBase, Dim>> = {
  tensor: operation({
    params: [
      { name: 'data', kind: 'data' },
      { name: 'dtype', kind: 'dtype', optional: true },
    ],
    define: (t, { data, dtype }) => {
      const { values, shape, truth } = flattenData(data)
      const held = dtype ?? (truth ? 'bool' : 'f32')
      const [first] = values
      if (shape.length === 0 && first !== undefined) return lift(t, 'tensor', first, held)
      return t.emit('literal', [], { data: values, dtype: held, shape })
    },
  }),
  zeros: of(0),
  ones: of(1),
  full: operation({
    params: [
      { name: 'shape', kind: 'shape' },
      { name: 'value', kind: 'tensor-or-number' },
      { name: 'dtype', kind: 'dtype', optional: true },
    ],
    define: (t, { shape, value, dtype }) => filled(t, shape, value, dtype ?? ownDType(value)),
  }),
  zerosLike: similar(0),
  onesLike: similar(1),
  fullLike: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'value', kind: 'tensor-or-number' },
      { name: 'dtype', kind: 'dtype', optional: true },
    ],
    define: (t, { x, value, dtype }) => filled(t, x.shape, value, dtype ?? x.dtype),
  }),
  arange: operation({
    params: [
      { name: 'start', kind: 'tensor-or-number' },
      { name: 'stop', kind: 'tensor-or-number', optional: true },
      { name: 'step', kind: 'number', default: 1 },
      { name: 'dtype', kind: 'dtype', optional: true },
    ],
    define: (t, { start, stop, step, dtype }) => {
      const [from, to] = stop === undefined ? [0, start] : [start, stop]
      return range(t, bound('start', from), bound('stop', to), step, dtype)
    },
  }),
  linspace: operation({
    params: [
      { name: 'start', kind: 'number' },
      { name: 'stop', kind: 'number' },
      { name: 'count', kind: 'size' },
    ],
    define: (t, { start, stop, count }) => {
      const places = castTo(t, t.emit('iota', [], { length: count }), 'f32')
      const last = t.maximum(lift(t, 'linspace', sub(count, 1), 'f32'), 1)
      // weighted ends, so that both come out exactly
      const weight = t.div(places, last)
      const value = t.add(t.mul(t.sub(1, weight), start), t.mul(weight, stop))
      return t.where(t.eq(weight, 1), scalar(t, stop, 'f32'), value)
    },
  }),
  eye: operation({
    params: [
      { name: 'n', kind: 'size' },
      { name: 'm', kind: 'size', optional: true },
      { name: 'dtype', kind: 'dtype', default: 'f32' },
    ],
    define: (t, { n, m, dtype }) => {
      const rows = reshaped(t, t.emit('iota', [], { length: n }), [n, 1])
      return castTo(t, t.eq(rows, t.emit('iota', [], { length: m ?? n })), dtype)
    },
  }),
}

function ownDType(value: Operand): DType {
  if (value instanceof TensorBase) return value.dtype
  return typeof value === 'boolean' ? 'bool' : 'f32'
}

function bound(argument: string, value: Operand): Dim {
  if (typeof value === 'number' || isDimExpression(value)) return value
  return refuse('source_bad_argument', {
    argument,
    callee: 'arange',
    expected: 'a number or a dimension',
    got: 'a tensor',
  })
}

function range(t: Bound, start: Dim, stop: Dim, step: number, dtype: DType | undefined): TensorBase {
  if (step === 0)
    refuse('source_bad_argument', { argument: 'step', callee: 'arange', expected: 'a number other than 0', got: '0' })
  const whole = [start, stop, step].every((value) => isDimExpression(value) || Number.isInteger(value))
  if (!whole) return fractionalRange(t, Number(start), Number(stop), step, dtype ?? 'f32')
  const span = step > 0 ? sub(stop, start) : sub(start, stop)
  const length = max(ceilDiv(span, Math.abs(step)), 0)
  const held = dtype ?? 'i32'
  const places = castTo(t, t.emit('iota', [], { length }), kindOf(held) === 'float' ? 'f32' : held)
  const scaled = step === 1 ? places : t.mul(places, step)
  const value = start === 0 ? scaled : t.add(scaled, start)
  return castTo(t, value, held)
}

function fractionalRange(t: Bound, start: number, stop: number, step: number, dtype: DType): TensorBase {
  if (![start, stop, step].every(Number.isFinite))
    refuse('source_bad_argument', {
      argument: 'stop',
      callee: 'arange',
      expected: 'finite; bounds that are dimensions need whole numbers beside them',
      got: String(stop),
    })
  const length = Math.max(0, Math.ceil((stop - start) / step))
  const places = castTo(t, t.emit('iota', [], { length }), 'f32')
  return castTo(t, t.add(t.mul(places, step), start), dtype)
}

/** Returns the index of every place along the last of `shape`'s axes, in that shape's rank. */
export function placesAlong(t: Bound, shape: Shape, axis: number): TensorBase {
  const size = shape[axis] ?? 1
  return reshaped(
    t,
    t.emit('iota', [], { length: size }),
    shape.map((_, i) => (i === axis ? size : 1)),
  )
}
