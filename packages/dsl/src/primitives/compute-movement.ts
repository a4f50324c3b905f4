// compute-movement: the CPU meaning of movement and indexing, as strided copies

import { type Compute, input } from './compute-elementwise.ts'
import { type Computed, type Elements, createElements, lengthOf, stridesOf } from './elements.ts'
import type { PrimitiveKind } from './params.ts'
import { copyStrided } from './strided-copy.ts'

/** The primitives of this file. */
export type MovementKind = Extract<
  PrimitiveKind,
  'reshape' | 'permute' | 'expand' | 'slice' | 'pad' | 'window' | 'concat' | 'gather' | 'gatherElements'
>

/** Reads x through strides into a new array of this shape. */
export function readStrided(x: Computed, shape: readonly number[], strides: readonly number[], offset = 0): Elements {
  const out = createElements(x.dtype, lengthOf(shape))
  copyStrided(shape, { data: x.data, strides, offset }, { data: out, strides: stridesOf(shape), offset: 0 })
  return out
}

/** Writes x into a larger array, from an offset on. */
function write(x: Computed, out: Elements, strides: readonly number[], offset: number): void {
  copyStrided(x.shape, { data: x.data, strides: stridesOf(x.shape), offset: 0 }, { data: out, strides, offset })
}

const pick = (list: readonly number[], index: number): number => list[index] ?? 0

/** The CPU meaning of every movement and gather. */
export const movement: { readonly [K in MovementKind]: Compute<K> } = {
  reshape: (inputs) => input(inputs, 0).data,
  permute: (inputs, { axes }, { shape }) => {
    const x = input(inputs, 0)
    const strides = stridesOf(x.shape)
    return readStrided(
      x,
      shape,
      axes.map((axis) => pick(strides, axis)),
    )
  },
  expand: (inputs, _, { shape }) => {
    const x = input(inputs, 0)
    const strides = stridesOf(x.shape).map((stride, axis) => (x.shape[axis] === 1 ? 0 : stride))
    return readStrided(x, shape, strides)
  },
  slice: (inputs, { starts, steps }, { shape }) => {
    const x = input(inputs, 0)
    const strides = stridesOf(x.shape)
    const offset = starts.reduce((sum: number, start, axis) => sum + Number(start) * pick(strides, axis), 0)
    return readStrided(
      x,
      shape,
      strides.map((stride, axis) => stride * pick(steps, axis)),
      offset,
    )
  },
  pad: (inputs, { before, value }, { dtype, shape }) => {
    const out = createElements(dtype, lengthOf(shape)).fill(value)
    const strides = stridesOf(shape)
    write(
      input(inputs, 0),
      out,
      strides,
      before.reduce((sum: number, n, axis) => sum + Number(n) * pick(strides, axis), 0),
    )
    return out
  },
  window: (inputs, { axis, stride, dilation }, { shape }) => {
    const x = input(inputs, 0)
    const strides = stridesOf(x.shape)
    const along = pick(strides, axis)
    return readStrided(x, shape, [...strides.map((s, i) => (i === axis ? s * stride : s)), along * dilation])
  },
  concat: (inputs, { axis }, { dtype, shape }) => {
    const out = createElements(dtype, lengthOf(shape))
    const strides = stridesOf(shape)
    let offset = 0
    for (const x of inputs) {
      write(x, out, strides, offset)
      offset += pick(x.shape, axis) * pick(strides, axis)
    }
    return out
  },
  gather: (inputs, { axis }, { dtype, shape }) => {
    const [x, indices] = [input(inputs, 0), input(inputs, 1).data]
    const out = createElements(dtype, lengthOf(shape))
    const n = pick(x.shape, axis)
    const inner = lengthOf(x.shape.slice(axis + 1))
    const outer = lengthOf(x.shape.slice(0, axis))
    let written = 0
    for (let o = 0; o < outer; o++)
      for (const index of indices) {
        const start = (o * n + clamped(index, n)) * inner
        for (let i = start; i < start + inner; i++) out[written++] = x.data[i] ?? 0
      }
    return out
  },
  gatherElements: (inputs, { axis }, { dtype, shape }) => {
    const [x, indices] = [input(inputs, 0), input(inputs, 1).data]
    const out = createElements(dtype, lengthOf(shape))
    const [n, count] = [pick(x.shape, axis), pick(shape, axis)]
    const inner = lengthOf(x.shape.slice(axis + 1))
    for (let i = 0; i < out.length; i++) {
      const outer = Math.floor(i / (count * inner))
      out[i] = x.data[(outer * n + clamped(indices[i] ?? 0, n)) * inner + (i % inner)] ?? 0
    }
    return out
  },
}

function clamped(index: number, n: number): number {
  return index < 0 ? 0 : index >= n ? n - 1 : index
}
