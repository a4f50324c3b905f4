// deform-conv: a convolution whose windows read where offsets say

import { type Dim, mul, product } from '../types/dim.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { sampleAt } from './grid-sample.ts'
import { at, castTo, lift, reshaped } from './operands.ts'
import { divided } from './reshape.ts'

/** What a deformable convolution is told. */
export interface Deformed {
  readonly bias: TensorBase | undefined
  readonly mask: TensorBase | undefined
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly pads: readonly (readonly [Dim, Dim])[]
  readonly groups: number
  readonly offsetGroups: number
}

/** Samples columns [n, c, kernel, places] and contracts them with the weight. */
export function deformConv2d(
  t: Bound,
  x: TensorBase,
  weight: TensorBase,
  offset: TensorBase,
  { bias, mask, stride, dilation, pads, groups, offsetGroups: parts }: Deformed,
): TensorBase {
  const [n, c] = [sizeAt(x.shape, 0), sizeAt(x.shape, 1)]
  const [out, perGroup] = [sizeAt(weight.shape, 0), sizeAt(weight.shape, 1)]
  const kernel = weight.shape.slice(2)
  const places = offset.shape.slice(2)
  const samples: readonly Dim[] = [...kernel, ...places]
  const apart = reshaped(t, offset, [mul(n, parts), ...kernel, 2, ...places])
  const positions = [0, 1].map((axis) => {
    const own = t.squeeze(t.slice(apart, { axes: 3, start: axis, stop: axis + 1 }), 3)
    const index = (of: number, size: Dim): TensorBase =>
      reshaped(
        t,
        castTo(t, t.emit('iota', [], { length: size }), 'f32'),
        samples.map((_, i): Dim => (i === of ? size : 1)),
      )
    const tap = t.mul(index(axis, sizeAt(kernel, axis)), at(dilation, axis))
    const start = t.sub(
      t.mul(index(axis + 2, sizeAt(places, axis)), at(stride, axis)),
      lift(t, 'deformConv2d', at(pads, axis)[0], 'f32'),
    )
    return reshaped(t, t.add(castTo(t, own, 'f32'), t.add(tap, start)), [mul(n, parts), product(samples)])
  })
  const images = reshaped(t, x, [mul(n, parts), divided(c, parts), ...x.shape.slice(2)])
  const read = sampleAt(t, images, positions, { mode: 'linear', paddingMode: 'zeros', alignCorners: true })
  const split: readonly Dim[] = [n, parts, divided(c, parts), product(kernel), product(places)]
  const columns = reshaped(t, read, split)
  const masked =
    mask === undefined ? columns : t.mul(columns, reshaped(t, mask, [n, parts, 1, product(kernel), product(places)]))
  const grouped = reshaped(t, masked, [n, groups, mul(perGroup, product(kernel)), product(places)])
  const weights = reshaped(t, weight, [groups, divided(out, groups), mul(perGroup, product(kernel))])
  const value = t.emit('contract', [grouped, weights], {
    a: ['n', 'g', 'k', 'p'],
    b: ['g', 'm', 'k'],
    out: ['n', 'g', 'm', 'p'],
  })
  const result = reshaped(t, value, [n, out, ...places])
  return bias === undefined ? result : t.add(result, reshaped(t, bias, [out, 1, 1]))
}
