// joining: the meaning of concat, stack, split, pad and windows

import { windowCount } from '../primitives/infer-movement.ts'
import { type Dim, add, compare, mul } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { axisOf, requireSameSize, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { fold } from './fold.ts'
import { at, permuted, promoteOperands, reshaped } from './operands.ts'
import { pad } from './padding.ts'
import { divided } from './reshape.ts'
import type { Operand } from './signature.ts'
import { narrowed, total } from './slicing.ts'
import type { Axes, AxisOptions, Padding, Parts, Sizes } from './types.ts'
import { numbersFor, paddingFor, sizesFor, windows } from './windows.ts'

/** Options of pad. */
export interface PadOptions {
  readonly mode?: 'constant' | 'reflect' | 'symmetric' | 'replicate' | 'edge' | 'circular' | 'wrap'
  /** What constant mode fills with: 0. */
  readonly value?: number
}

/** Joining, parting, padding, windows. */
export interface Joining<T extends TensorBase, D extends Dim> {
  /** Adds [before, after] elements to every axis; negative sizes crop in constant mode. torch pad, np.pad, ONNX Pad. */
  pad(x: T, pads: readonly (readonly D[])[], options?: PadOptions): T
  /** Joins tensors along an axis (0). torch.cat, np.concatenate, ONNX Concat. Throws shape_mismatch. */
  concat(tensors: readonly T[], axis?: number | AxisOptions): T
  /** Joins tensors along a new axis (0). torch.stack, np.stack. */
  stack(tensors: readonly T[], axis?: number | AxisOptions): T
  /** n equal parts, or parts of the given sizes, along an axis (0). np.split, torch.split by sizes, ONNX Split. Throws shape_not_divisible. */
  split<const N extends D | readonly D[]>(x: T, parts: N, axis?: number | AxisOptions): Parts<T, N>
  /** n parts, the last smaller where it does not divide. torch.chunk. The size must be known. */
  chunk<const N extends number>(x: T, parts: N, axis?: number | AxisOptions): Parts<T, N>
  /** The slices along an axis (0), without it. torch.unbind. The size must be known. */
  unstack(x: T, axis?: number | AxisOptions): T[]
  /** Sliding windows along an axis, which shrinks; the window becomes the last axis. torch `unfold`. Throws shape_window. */
  window(x: T, axis: number, size: D, options?: { readonly stride?: number; readonly dilation?: number }): T
  /** Columns of image patches: [n, c, h, w] → [n, c * kh * kw, places]. torch.nn.functional.unfold. */
  unfold(
    x: T,
    kernel: Sizes<D>,
    options?: { readonly stride?: Axes; readonly padding?: Sizes<D>; readonly dilation?: Axes },
  ): T
  /** Images [n, c, …size] of columns [n, c * kernel, places], overlaps added. torch.nn.functional.fold, ONNX Col2Im. */
  fold(
    x: T,
    size: readonly D[],
    kernel: Axes,
    options?: { readonly stride?: Axes; readonly padding?: Padding<D>; readonly dilation?: Axes },
  ): T
}

function concat(t: Bound, op: string, operands: readonly Operand[], axis: number): TensorBase {
  if (operands.length === 0)
    refuse('source_bad_argument', { argument: 'tensors', callee: op, expected: 'at least one tensor', got: 'none' })
  const tensors = promoteOperands(t, op, operands, 'keep')
  const first = at(tensors, 0)
  const along = axisOf(op, axis, first.shape.length)
  for (const other of tensors.slice(1)) {
    if (other.shape.length !== first.shape.length)
      refuse('shape_mismatch', { op, left: shownType(first), right: shownType(other) })
    for (const [i, size] of other.shape.entries())
      if (i !== along) requireSameSize(op, first, other, sizeAt(first.shape, i), size)
  }
  return tensors.length === 1 ? first : t.emit('concat', tensors, { axis: along })
}

function stack(t: Bound, operands: readonly Operand[], axis: number): TensorBase {
  const tensors = promoteOperands(t, 'stack', operands, 'keep')
  const rank = (tensors[0]?.shape.length ?? 0) + 1
  const along = axisOf('stack', axis, rank)
  const first = tensors[0]
  for (const x of tensors) {
    if (first === undefined || x === first) continue
    const names = { op: 'stack', left: shownType(first), right: shownType(x) }
    if (x.shape.length !== rank - 1) refuse('shape_mismatch', names)
    for (const [i, size] of x.shape.entries()) requireSameSize('stack', first, x, sizeAt(first.shape, i), size)
  }
  return concat(
    t,
    'stack',
    tensors.map((x) => reshaped(t, x, x.shape.toSpliced(along, 0, 1))),
    along,
  )
}

function split(t: Bound, x: TensorBase, parts: Dim | readonly Dim[], axis: number): readonly TensorBase[] {
  const along = axisOf('split', axis, x.shape.length)
  const size = sizeAt(x.shape, along)
  if (typeof parts === 'number') {
    const part = divided(size, parts)
    return Array.from({ length: parts }, (_, i) => narrowed(t, x, along, mul(part, i), part))
  }
  if (!isList(parts))
    return refuse('source_bad_argument', {
      argument: 'parts',
      callee: 'split',
      expected: 'a number of parts that is known at build, or an array of sizes',
      got: String(shownSize(parts)),
    })
  const answer = compare(total(parts), '==', size)
  const names = { op: 'split', left: shownType(x), right: `parts of ${parts.map(shownSize).join(' + ')}` }
  if (answer === 'no') refuse('shape_mismatch', names)
  if (answer === 'unknown')
    refuse('shape_undecided', { ...names, bound: `${shownSize(total(parts))} == ${shownSize(size)}` })
  return parts.map((part, i) => narrowed(t, x, along, total(parts.slice(0, i)), part))
}

function isList(value: Dim | readonly Dim[]): value is readonly Dim[] {
  return Array.isArray(value)
}

function chunk(t: Bound, x: TensorBase, parts: number, axis: number): readonly TensorBase[] {
  const size = sizeAt(x.shape, axisOf('chunk', axis, x.shape.length))
  if (typeof size !== 'number' || parts <= 0) return split(t, x, parts, axis)
  const each = Math.max(1, Math.ceil(size / parts))
  const sizes = Array.from({ length: Math.ceil(size / each) }, (_, i) => Math.min(each, size - i * each))
  return split(t, x, sizes, axis)
}

function unstack(t: Bound, x: TensorBase, axis: number): readonly TensorBase[] {
  const along = axisOf('unstack', axis, x.shape.length)
  const size = sizeAt(x.shape, along)
  if (typeof size !== 'number')
    return refuse('source_bad_argument', {
      argument: 'x',
      callee: 'unstack',
      expected: 'a tensor whose size along the axis is known at build',
      got: shownType(x),
    })
  const shape = x.shape.toSpliced(along, 1)
  return Array.from({ length: size }, (_, i) => reshaped(t, narrowed(t, x, along, i, 1), shape))
}

const tensors = { name: 'tensors', kind: 'tensors' } as const
const x1 = { name: 'x', kind: 'tensor' } as const
const axis0 = { name: 'axis', kind: 'axis', default: 0 } as const

/** The meaning of everything that joins, parts or pads. */
export const joining: Family<Joining<TensorBase, Dim>> = {
  pad: operation({
    params: [
      x1,
      { name: 'pads', kind: 'pads' },
      {
        name: 'mode',
        kind: 'text',
        values: ['constant', 'reflect', 'symmetric', 'replicate', 'edge', 'circular', 'wrap'],
        default: 'constant',
      },
      { name: 'value', kind: 'number', default: 0 },
    ],
    define: (t, { x, pads, mode, value }) => pad(t, x, pads, mode, value),
  }),
  concat: operation({ params: [tensors, axis0], define: (t, { tensors, axis }) => concat(t, 'concat', tensors, axis) }),
  stack: operation({ params: [tensors, axis0], define: (t, { tensors, axis }) => stack(t, tensors, axis) }),
  split: operation({
    params: [x1, { name: 'parts', kind: 'sizes' }, axis0],
    define: (t, { x, parts, axis }) => split(t, x, parts, axis),
  }),
  chunk: operation({
    params: [x1, { name: 'parts', kind: 'int' }, axis0],
    define: (t, { x, parts, axis }) => chunk(t, x, parts, axis),
  }),
  unstack: operation({ params: [x1, axis0], define: (t, { x, axis }) => unstack(t, x, axis) }),
  window: operation({
    params: [
      x1,
      { name: 'axis', kind: 'axis' },
      { name: 'size', kind: 'size' },
      { name: 'stride', kind: 'int', default: 1 },
      { name: 'dilation', kind: 'int', default: 1 },
    ],
    define: (t, { x, axis, size, stride, dilation }) =>
      windows(t, 'window', x, [{ axis: axisOf('window', axis, x.shape.length), size, stride, dilation }]),
  }),
  unfold: operation({
    params: [
      x1,
      { name: 'kernel', kind: 'sizes' },
      { name: 'stride', kind: 'ints', default: 1 },
      { name: 'padding', kind: 'sizes', default: 0 },
      { name: 'dilation', kind: 'ints', default: 1 },
    ],
    define: (t, { x, kernel, stride, padding, dilation }) => {
      if (x.shape.length !== 4)
        refuse('shape_rank_mismatch', { op: 'unfold', expected: 'four axes [n, c, h, w]', got: shownType(x) })
      const [sizes, pads] = [sizesFor('unfold', 'kernel', kernel, 2), sizesFor('unfold', 'padding', padding, 2)]
      const [steps, gaps] = [numbersFor('unfold', 'stride', stride, 2), numbersFor('unfold', 'dilation', dilation, 2)]
      const padded = t.pad(x, [[0, 0], [0, 0], ...pads.map((p) => [p, p])])
      const each = sizes.map((size, i) => ({ axis: i + 2, size, stride: at(steps, i), dilation: at(gaps, i) }))
      const patches = permuted(t, windows(t, 'unfold', padded, each), [0, 1, 4, 5, 2, 3])
      return t.flatten(t.flatten(patches, 1, 3), 2)
    },
  }),
  fold: operation({
    params: [
      x1,
      { name: 'size', kind: 'shape' },
      { name: 'kernel', kind: 'ints' },
      { name: 'stride', kind: 'ints', default: 1 },
      { name: 'padding', kind: 'padding', default: 0 },
      { name: 'dilation', kind: 'ints', default: 1 },
    ],
    define: (t, { x, size, kernel, stride, padding, dilation }) => {
      if (x.shape.length !== 3)
        refuse('shape_rank_mismatch', { op: 'fold', expected: 'columns [n, c * kernel, places]', got: shownType(x) })
      const count = size.length
      const [windowSizes, steps] = [
        numbersFor('fold', 'kernel', kernel, count),
        numbersFor('fold', 'stride', stride, count),
      ]
      const gaps = numbersFor('fold', 'dilation', dilation, count)
      const axes = size.map((n, i) => ({ n, size: at(windowSizes, i), stride: at(steps, i), dilation: at(gaps, i) }))
      const pads = paddingFor('fold', padding, axes)
      return fold(
        t,
        x,
        axes.map((axis, i) => {
          const [before, after] = at(pads, i)
          const places = windowCount(add(axis.n, add(before, after)), axis.size, axis.stride, axis.dilation)
          return {
            size: axis.n,
            kernel: axis.size,
            count: places,
            stride: axis.stride,
            dilation: axis.dilation,
            before,
          }
        }),
      )
    },
  }),
}
