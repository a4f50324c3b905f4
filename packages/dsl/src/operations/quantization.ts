// quantization: floats to small integers and back
//
// Scales and zero points are scalars, one number for each index of an axis, or as many axes as x: then each stands for a
// block of elements, as large as the sizes say.

import { type DType, kindOf } from '../types/dtype.ts'
import { type Dim, ceilDiv } from '../types/dim.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { rangeOf } from '../primitives/neutral.ts'
import { type Bound, type Family, operation } from './definition.ts'
import type { AxisOptions } from './types.ts'
import { castTo, reshaped } from './operands.ts'

/** Options of quantizeLinear. */
export interface QuantizeOptions<T extends TensorBase> extends AxisOptions {
  readonly zeroPoint?: T
  /** The dtype of the result: that of the zero point, or u8. */
  readonly dtype?: DType
  /** The bits that count, where they are fewer than the dtype has: 4 for int4 and uint4. */
  readonly bits?: number
}

/** Quantisation. */
export interface Quantization<T extends TensorBase> {
  /** round(x / scale) + zeroPoint, halves to even, within the range of the dtype. torch.quantize_per_tensor, ONNX and WebNN QuantizeLinear. */
  quantizeLinear(x: T, scale: T, zeroPoint?: T | QuantizeOptions<T>, options?: QuantizeOptions<T>): T
  /** (x - zeroPoint) * scale, in the dtype of the scale. torch dequantize, ONNX and WebNN DequantizeLinear. */
  dequantizeLinear(x: T, scale: T, zeroPoint?: T | AxisOptions, options?: AxisOptions): T
}

/** Brings a scale or zero point to the shape of x, or one that broadcasts to it. */
function aligned(t: Bound, v: TensorBase, x: TensorBase, axis: number): TensorBase {
  const rank = x.shape.length
  if (v.shape.length === 0 || (v.shape.length === 1 && v.shape[0] === 1)) return reshaped(t, v, [])
  if (v.shape.length < rank && v.shape.length === 1) {
    const along = axisOf('quantizeLinear', axis, rank)
    return reshaped(t, v, [...v.shape, ...x.shape.slice(along + 1).map((): Dim => 1)])
  }
  if (v.shape.length !== rank) return v
  let value = v
  for (const [i, size] of x.shape.entries()) {
    const own = sizeAt(v.shape, i)
    if (own === 1 || own === size || typeof own !== 'number') continue
    value = t.slice(t.repeat(value, ceilDiv(size, own), i), { axes: i, start: 0, stop: size })
  }
  return value
}

function limits(dtype: DType, bits: number | undefined): readonly [number, number] {
  if (bits === undefined) return rangeOf(dtype)
  return dtype.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
}

const operands = [
  { name: 'x', kind: 'tensor' },
  { name: 'scale', kind: 'tensor' },
  { name: 'zeroPoint', kind: 'tensor', optional: true },
  { name: 'axis', kind: 'axis', default: 1 },
] as const

/** The meaning of quantisation. */
export const quantization: Family<Quantization<TensorBase>> = {
  quantizeLinear: operation({
    params: [
      ...operands,
      { name: 'dtype', kind: 'dtype', optional: true },
      { name: 'bits', kind: 'int', optional: true },
    ],
    define: (t, { x, scale, zeroPoint, axis, dtype, bits }) => {
      const to = dtype ?? zeroPoint?.dtype ?? 'u8'
      const ratio = t.round(t.div(castTo(t, x, 'f32'), castTo(t, aligned(t, scale, x, axis), 'f32')))
      const moved = zeroPoint === undefined ? ratio : t.add(ratio, castTo(t, aligned(t, zeroPoint, x, axis), 'f32'))
      const [low, high] = limits(to, bits)
      return castTo(t, t.clip(moved, low, high), to)
    },
  }),
  dequantizeLinear: operation({
    params: operands,
    define: (t, { x, scale, zeroPoint, axis }) => {
      const wide = castTo(t, x, 'i32')
      const centred = zeroPoint === undefined ? wide : t.sub(wide, castTo(t, aligned(t, zeroPoint, x, axis), 'i32'))
      const value = t.mul(castTo(t, centred, 'f32'), castTo(t, aligned(t, scale, x, axis), 'f32'))
      return kindOf(scale.dtype) === 'float' ? castTo(t, value, scale.dtype) : value
    },
  }),
}
