// convolution: the meaning of convolutions, as contractions over windows
//
// pad, one window per spatial axis, then one contraction over channels and window places; groups are a label of their
// own. A transposed convolution puts zeros between the elements and convolves with the flipped kernel.

import { type Dim, add, compare, mul, product, sub } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import { at, permuted, promoteOperands, reshaped } from './operands.ts'
import { divided } from './reshape.ts'
import type { ParamValues } from './signature.ts'
import type { Axes, Padding, Sizes } from './types.ts'
import { numbersFor, paddingFor, sizesFor, spanOf, windows } from './windows.ts'

/** Options of convolutions. */
export interface ConvolutionOptions<D extends Dim> {
  readonly stride?: Axes
  readonly padding?: Padding<D>
  readonly dilation?: Axes
  readonly groups?: number
}

/** Options of transposed convolutions. */
export interface ConvTransposeOptions<D extends Dim> {
  readonly stride?: Axes
  readonly padding?: Sizes<D>
  readonly outputPadding?: Sizes<D>
  readonly dilation?: Axes
  readonly groups?: number
}

/** Convolutions. */
export interface Convolution<T extends TensorBase, D extends Dim> {
  /** [n, c, l], [out, c / groups, k] → [n, out, (l + 2p - d(k-1) - 1) // s + 1]. torch conv1d, ONNX Conv. Throws shape_rank_mismatch, shape_contraction, shape_window. */
  conv1d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, h, w], [out, c / groups, kh, kw] → [n, out, h', w']. torch conv2d, ONNX Conv. */
  conv2d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, d, h, w], [out, c / groups, kd, kh, kw] → [n, out, d', h', w']. torch conv3d, ONNX Conv. */
  conv3d(x: T, weight: T, bias?: T | ConvolutionOptions<D>, options?: ConvolutionOptions<D>): T
  /** [n, c, l], [c, out / groups, k] → [n, out, (l-1)s - 2p + d(k-1) + outputPadding + 1]. torch conv_transpose1d, ONNX ConvTranspose. */
  convTranspose1d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
  /** [n, c, h, w], [c, out / groups, kh, kw] → [n, out, h', w']. torch conv_transpose2d, ONNX ConvTranspose. */
  convTranspose2d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
  /** [n, c, d, h, w], [c, out / groups, …] → [n, out, d', h', w']. torch conv_transpose3d, ONNX ConvTranspose. */
  convTranspose3d(x: T, weight: T, bias?: T | ConvTransposeOptions<D>, options?: ConvTransposeOptions<D>): T
}

interface Options {
  readonly op: string
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
}

/** Where a weight has its channels, and what they are in the message of a mismatch. */
function requireOperands(op: string, x: TensorBase, weight: TensorBase, rank: number): void {
  const spatial = ['l', 'h, w', 'd, h, w'][rank - 1] ?? ''
  if (x.shape.length !== rank + 2)
    refuse('shape_rank_mismatch', { op, expected: `an input [n, c, ${spatial}]`, got: shownType(x) }, { argument: 'x' })
  if (weight.shape.length !== rank + 2)
    refuse(
      'shape_rank_mismatch',
      { op, expected: `a weight of ${rank + 2} axes`, got: shownType(weight) },
      { argument: 'weight' },
    )
}

function requireChannels(op: string, x: TensorBase, weight: TensorBase, left: Dim, right: Dim): void {
  const answer = compare(left, '==', right)
  if (answer === 'yes') return
  const names = { op, left: shownType(x), right: shownType(weight) }
  const [leftSize, rightSize] = [shownSize(left), shownSize(right)]
  if (answer === 'no') refuse('shape_contraction', { ...names, leftSize, rightSize })
  refuse('shape_undecided', { ...names, bound: `${leftSize} == ${rightSize}` })
}

/** Convolves an input that is padded already. weight: [out, c / groups, …kernel]. */
function convolve(t: Bound, x: TensorBase, weight: TensorBase, { op, stride, dilation, groups }: Options): TensorBase {
  const rank = x.shape.length - 2
  const [out, perGroup] = [sizeAt(weight.shape, 0), sizeAt(weight.shape, 1)]
  const kernel = weight.shape.slice(2)
  const axes = kernel.map((size, i) => ({ axis: i + 2, size, stride: at(stride, i), dilation: at(dilation, i) }))
  const patches = windows(t, op, x, axes)
  const places = patches.shape.slice(2, 2 + rank)
  const [o, k] = [places.map((_, i) => `o${i}`), places.map((_, i) => `k${i}`)]
  if (groups === 1)
    return t.emit('contract', [patches, weight], {
      a: ['n', 'c', ...o, ...k],
      b: ['m', 'c', ...k],
      out: ['n', 'm', ...o],
    })
  const grouped = reshaped(t, patches, [sizeAt(x.shape, 0), groups, perGroup, ...patches.shape.slice(2)])
  const weights = reshaped(t, weight, [groups, divided(out, groups), perGroup, ...kernel])
  const value = t.emit('contract', [grouped, weights], {
    a: ['n', 'g', 'c', ...o, ...k],
    b: ['g', 'm', 'c', ...k],
    out: ['n', 'g', 'm', ...o],
  })
  return reshaped(t, value, [sizeAt(x.shape, 0), out, ...places])
}

function withBias(t: Bound, op: string, x: TensorBase, bias: TensorBase | undefined): TensorBase {
  if (bias === undefined) return x
  if (bias.shape.length !== 1)
    refuse('shape_rank_mismatch', { op, expected: 'a bias of one axis', got: shownType(bias) }, { argument: 'bias' })
  requireChannels(op, x, bias, sizeAt(x.shape, 1), sizeAt(bias.shape, 0))
  return t.add(x, reshaped(t, bias, [...bias.shape, ...x.shape.slice(2).map((): Dim => 1)]))
}

function conv(rank: number): Unnamed {
  const op = `conv${rank}d`
  return operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'weight', kind: 'tensor' },
      { name: 'bias', kind: 'tensor', optional: true },
      { name: 'stride', kind: 'ints', default: 1 },
      { name: 'padding', kind: 'padding', default: 0 },
      { name: 'dilation', kind: 'ints', default: 1 },
      { name: 'groups', kind: 'int', default: 1 },
    ],
    define: (t, { x: input, weight: kernel, bias, stride, padding, dilation, groups }) => {
      requireOperands(op, input, kernel, rank)
      const operands = promoteOperands(t, op, [input, kernel], 'number')
      const [x, weight] = [at(operands, 0), at(operands, 1)]
      if (groups < 1)
        refuse('option_invalid', { option: 'groups', callee: op, expected: 'at least 1', got: String(groups) })
      const options = {
        op,
        stride: numbersFor(op, 'stride', stride, rank),
        dilation: numbersFor(op, 'dilation', dilation, rank),
        groups,
      }
      requireChannels(op, x, weight, sizeAt(x.shape, 1), mul(sizeAt(weight.shape, 1), groups))
      divided(sizeAt(weight.shape, 0), groups)
      const padded = t.pad(x, [[0, 0], [0, 0], ...pads(op, x, weight.shape.slice(2), padding, options)])
      return withBias(t, op, convolve(t, padded, weight, options), bias)
    },
  })
}

function pads(
  op: string,
  x: TensorBase,
  kernel: readonly Dim[],
  padding: ParamValues['padding'],
  { stride, dilation }: Options,
): readonly (readonly [Dim, Dim])[] {
  const axes = kernel.map((size, i) => ({
    n: sizeAt(x.shape, i + 2),
    size,
    stride: at(stride, i),
    dilation: at(dilation, i),
  }))
  return paddingFor(op, padding, axes)
}

function transposed(rank: number): Unnamed {
  const op = `convTranspose${rank}d`
  return operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'weight', kind: 'tensor' },
      { name: 'bias', kind: 'tensor', optional: true },
      { name: 'stride', kind: 'ints', default: 1 },
      { name: 'padding', kind: 'padding', default: 0 },
      { name: 'outputPadding', kind: 'sizes', default: 0 },
      { name: 'groups', kind: 'int', default: 1 },
      { name: 'dilation', kind: 'ints', default: 1 },
    ],
    define: (t, { x: input, weight: kernel, bias, stride, padding, outputPadding, dilation, groups }) => {
      requireOperands(op, input, kernel, rank)
      const operands = promoteOperands(t, op, [input, kernel], 'number')
      const [x, weight] = [at(operands, 0), at(operands, 1)]
      requireChannels(op, x, weight, sizeAt(x.shape, 1), sizeAt(weight.shape, 0))
      const gaps = numbersFor(op, 'dilation', dilation, rank)
      const steps = numbersFor(op, 'stride', stride, rank)
      const spans = weight.shape.slice(2).map((size, i) => spanOf(size, at(gaps, i)))
      if (padding === 'same' || padding === 'valid')
        refuse('option_invalid', { option: 'padding', callee: op, expected: 'sizes', got: `'${padding}'` })
      const crops = paddingFor(
        op,
        padding,
        spans.map((size) => ({ n: size, size, stride: 1, dilation: 1 })),
      )
      const extra = sizesFor(op, 'outputPadding', outputPadding, rank)
      const around = spans.map((span, i): readonly [Dim, Dim] => {
        const [before, after] = at(crops, i)
        return [sub(sub(span, 1), before), add(sub(sub(span, 1), after), at(extra, i))]
      })
      const padded = t.pad(spread(t, x, steps), [[0, 0], [0, 0], ...around])
      const options = { op, stride: steps.map(() => 1), dilation: gaps, groups }
      return withBias(t, op, convolve(t, padded, flipped(t, weight, groups), options), bias)
    },
  })
}

/** Puts stride - 1 zeros between neighbours: an axis of zeros beside each element, joined, without the last zeros. */
function spread(t: Bound, x: TensorBase, stride: readonly number[]): TensorBase {
  if (stride.every((step) => step === 1)) return x
  const [batch, sizes] = [x.shape.slice(0, 2), x.shape.slice(2)]
  const apart = reshaped(t, x, [...batch, ...sizes.flatMap((size): readonly Dim[] => [size, 1])])
  const zeros = stride.flatMap((step): readonly (readonly [Dim, Dim])[] => [
    [0, 0],
    [0, step - 1],
  ])
  const padded = t.pad(apart, [[0, 0], [0, 0], ...zeros])
  const joined = reshaped(t, padded, [...batch, ...sizes.map((size, i) => mul(size, at(stride, i)))])
  const stops = sizes.map((size, i) => add(mul(sub(size, 1), at(stride, i)), 1))
  return t.slice(joined, { axes: sizes.map((_, i) => i + 2), start: sizes.map(() => 0), stop: stops })
}

/** [c, out / groups, …kernel] → [out, c / groups, …kernel], the kernel turned round. */
function flipped(t: Bound, weight: TensorBase, groups: number): TensorBase {
  const kernel = weight.shape.slice(2)
  const turned = t.flip(
    weight,
    kernel.map((_, i) => i + 2),
  )
  const [c, out] = [sizeAt(weight.shape, 0), sizeAt(weight.shape, 1)]
  const split = reshaped(t, turned, [groups, divided(c, groups), out, ...kernel])
  const swapped = permuted(t, split, [0, 2, 1, ...kernel.map((_, i) => i + 3)])
  return reshaped(t, swapped, [product([groups, out]), divided(c, groups), ...kernel])
}

/** The meaning of every convolution. */
export const convolution: Family<Convolution<TensorBase, Dim>> = {
  conv1d: conv(1),
  conv2d: conv(2),
  conv3d: conv(3),
  convTranspose1d: transposed(1),
  convTranspose2d: transposed(2),
  convTranspose3d: transposed(3),
}
