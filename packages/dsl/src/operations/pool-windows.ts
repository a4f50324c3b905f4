// pool-windows: pooling that looks at windows as a whole

import { neutralOf } from '../primitives/neutral.ts'
import { type Dim, product } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { castTo, lift, reshaped, sizeScalar, toFloat } from './operands.ts'
import { type Pool, type PoolAxis, poolAxes, poolWindows, pooled } from './pool-axes.ts'

function axesOf(x: TensorBase, pool: Pool): readonly PoolAxis[] {
  return poolAxes(x, typeof pool.kernel === 'number' ? 1 : pool.kernel.length, pool)
}

/** The norm of each window; in f32, since powers of f16 overflow. */
export function lpPool(t: Bound, x: TensorBase, order: number, pool: Pool): TensorBase {
  const value = toFloat(t, x)
  const sizes = t.abs(castTo(t, value, 'f32'))
  const powers = order === 2 ? t.square(sizes) : order === 1 ? sizes : t.pow(sizes, order)
  const sum = pooled(t, pool.op, powers, axesOf(x, pool), 'sum')
  return castTo(t, order === 2 ? t.sqrt(sum) : order === 1 ? sum : t.pow(sum, 1 / order), value.dtype)
}

/** The largest of each window and its place in the channel, row by row; the first on ties. */
export function maxPoolWithIndices(t: Bound, x: TensorBase, pool: Pool): readonly TensorBase[] {
  const axes = axesOf(x, pool)
  const wide = poolWindows(t, pool.op, x, axes, neutralOf('max', x.dtype))
  const places = wide.shape.slice(0, x.shape.length)
  const best = t.argmax(reshaped(t, wide, [...places, product(axes.map(({ size }) => size))]), -1)
  let inner = 1
  let rest: TensorBase = best
  let index: TensorBase = t.zerosLike(best)
  let stride: Dim = 1
  for (const { axis, size, stride: step, dilation, pads } of axes.toReversed()) {
    const own = t.mod(rest, size)
    rest = t.floorDiv(rest, size)
    const ones = places.map((length, i): Dim => (i === axis ? length : 1))
    const start = t.mul(reshaped(t, t.emit('iota', [], { length: sizeAt(places, axis) }), ones), step)
    const at = t.sub(t.add(start, t.mul(own, dilation)), lift(t, pool.op, pads[0], 'i32'))
    index = t.add(index, t.mul(at, sizeScalar(t, stride, 'i32')))
    stride = product([stride, sizeAt(x.shape, axis)])
    inner *= size
  }
  return [t.max(reshaped(t, wide, [...places, inner]), -1), index]
}
