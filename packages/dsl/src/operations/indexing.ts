// indexing: the meaning of gathers and scatters
//
// Scatters are written as a choice by comparing places, so that equal indices and infinities come out right on every
// target.

import { kindOf } from '../types/dtype.ts'
import type { Dim } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { placesAlong } from './creation.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { index } from './index-items.ts'
import type { Indexing } from './interface/indexing.ts'
import { castTo, reshaped, sizeScalar, stretch } from './operands.ts'
import { narrowed } from './slicing.ts'

/** Returns indices as i32. Throws dtype_unsupported for floats and truth values. */
export function asIndices(t: Bound, op: string, indices: TensorBase): TensorBase {
  if (kindOf(indices.dtype) !== 'integer')
    refuse('dtype_unsupported', { op, expected: 'integer indices', dtype: indices.dtype }, { argument: 'indices' })
  return castTo(t, indices, 'i32')
}

/** Brings the other axes together: 1 stretches, and a longer x is cut to the indices, as in PyTorch. */
function gatherElements(t: Bound, op: string, x: TensorBase, indices: TensorBase, axis: number): TensorBase {
  const along = axisOf(op, axis, x.shape.length)
  const places = asIndices(t, op, indices)
  if (places.shape.length !== x.shape.length)
    refuse('shape_rank_mismatch', { op, expected: `indices of ${x.shape.length} axes`, got: shownType(indices) })
  let value = x
  for (const [i, size] of places.shape.entries()) {
    const own = sizeAt(value.shape, i)
    if (i !== along && typeof own === 'number' && typeof size === 'number' && size !== 1 && size < own)
      value = narrowed(t, value, i, 0, size)
  }
  const wide = value.shape.map((size, i) => (i !== along && size === 1 ? sizeAt(places.shape, i) : size))
  const reach = places.shape.map((size, i) => (i !== along && size === 1 ? sizeAt(wide, i) : size))
  return t.emit('gatherElements', [stretch(t, value, wide), stretch(t, places, reach)], { axis: along })
}

interface Scattered {
  /** [..., m, n, ...]: whether element i of the source goes to place j. */
  readonly goes: TensorBase
  /** The source with an axis of size 1 after its own. */
  readonly source: TensorBase
  readonly axis: number
}

function scattered(
  t: Bound,
  op: string,
  x: TensorBase,
  indices: TensorBase,
  source: TensorBase,
  axis: number,
): Scattered {
  const along = axisOf(op, axis, x.shape.length)
  if (source.shape.length !== x.shape.length)
    refuse('shape_rank_mismatch', { op, expected: `a source of ${x.shape.length} axes`, got: shownType(source) })
  const ones = source.shape.map((_, i): Dim => (i === along ? sizeAt(indices.shape, 0) : 1))
  const isVector = indices.shape.length === 1 && source.shape.length > 1
  const places = isVector ? reshaped(t, asIndices(t, op, indices), ones) : asIndices(t, op, indices)
  if (places.shape.length !== source.shape.length)
    refuse('shape_rank_mismatch', { op, expected: 'indices like the source, or one axis', got: shownType(indices) })
  const size = sizeAt(x.shape, along)
  const inside = t.clip(places, 0, t.sub(sizeScalar(t, size, 'i32'), 1))
  const apart = (value: TensorBase): TensorBase => t.unsqueeze(value, along + 1)
  const rank = x.shape.length + 1
  const targets = placesAlong(
    t,
    Array.from({ length: rank }, (_, i) => (i === along + 1 ? size : 1)),
    along + 1,
  )
  return { goes: t.eq(apart(inside), targets), source: apart(castTo(t, source, x.dtype)), axis: along }
}

const parameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'indices', kind: 'tensor' },
] as const

const scatterParameters = [
  { name: 'x', kind: 'tensor' },
  { name: 'index', kind: 'tensor' },
  { name: 'source', kind: 'tensor' },
  { name: 'axis', kind: 'axis', default: 0 },
] as const

/** The meaning of every gather and scatter. */
export const indexing: Family<Indexing<TensorBase, Dim>> = {
  index: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'items', kind: 'index' },
    ],
    define: (t, { x, items }) => index(t, x, items),
  }),
  gather: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: 0 }],
    define: (t, { x, indices, axis }) =>
      t.emit('gather', [x, asIndices(t, 'gather', indices)], { axis: axisOf('gather', axis, x.shape.length) }),
  }),
  gatherElements: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: 0 }],
    define: (t, { x, indices, axis }) => gatherElements(t, 'gatherElements', x, indices, axis),
  }),
  takeAlongAxis: operation({
    params: [...parameters, { name: 'axis', kind: 'axis', default: -1 }],
    define: (t, { x, indices, axis }) => gatherElements(t, 'takeAlongAxis', x, indices, axis),
  }),
  embedding: operation({
    params: [
      { name: 'indices', kind: 'tensor' },
      { name: 'weight', kind: 'tensor' },
    ],
    define: (t, { indices, weight }) => {
      if (weight.shape.length === 0)
        refuse('shape_rank_mismatch', { op: 'embedding', expected: 'a weight [n, d]', got: shownType(weight) })
      return t.emit('gather', [weight, asIndices(t, 'embedding', indices)], { axis: 0 })
    },
  }),
  oneHot: operation({
    params: [
      { name: 'indices', kind: 'tensor' },
      { name: 'size', kind: 'size' },
      { name: 'dtype', kind: 'dtype', default: 'f32' },
    ],
    define: (t, { indices, size, dtype }) => {
      const places = t.unsqueeze(asIndices(t, 'oneHot', indices), -1)
      return castTo(t, t.eq(places, t.emit('iota', [], { length: size })), dtype)
    },
  }),
  scatterAdd: operation({
    params: scatterParameters,
    define: (t, { x, index: indices, source, axis }) => {
      const { goes, source: values, axis: along } = scattered(t, 'scatterAdd', x, indices, source, axis)
      const chosen = t.where(goes, values, 0)
      return t.add(x, t.emit('reduce', [chosen], { fn: 'sum', axes: [along] }))
    },
  }),
  scatter: operation({
    params: scatterParameters,
    define: (t, { x, index: indices, source, axis }) => {
      const { goes, source: values, axis: along } = scattered(t, 'scatter', x, indices, source, axis)
      // the last element of the source that goes to each place, or -1
      const order = placesAlong(t, values.shape, along)
      const full = t.where(goes, order, -1)
      const last = t.emit('reduce', [full], { fn: 'max', axes: [along] })
      const flat = t.squeeze(values, along + 1)
      const written = gatherElements(t, 'scatter', flat, last, along)
      return t.where(t.ge(last, 0), written, x)
    },
  }),
}
