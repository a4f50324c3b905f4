// signal: Fourier transforms and windows
//
// A transform is a product with a matrix of cosines and sines, exact in the angles: O(n²), one contraction.

import type { Dim } from '../types/dim.ts'
import { refuse, shownSize, shownType } from '../types/errors.ts'
import { axisOf, sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, type Unnamed, operation } from './definition.ts'
import type { AxisOptions } from './types.ts'
import { castTo, reshaped, toFloat } from './operands.ts'

/** Options of dft. */
export interface DftOptions extends AxisOptions {
  readonly inverse?: boolean
  /** Only the frequencies 0 … n/2: of a real signal the others say the same. Inverse: gives a real signal. */
  readonly onesided?: boolean
  /** Cuts the signal, or fills it up with zeros, to this length. */
  readonly length?: number
}

/** Options of stft. */
export interface StftOptions<T extends TensorBase> {
  /** Multiplies each frame. */
  readonly window?: T
  readonly length: number
  readonly onesided?: boolean
}

/** Options of windows. */
export interface WindowOptions {
  /** Whether the window repeats (true), or is symmetric. */
  readonly periodic?: boolean
}

/** Signals: complex numbers are a last axis of size 2. */
export interface Signal<T extends TensorBase> {
  /** [..., n, ..., 1 or 2] → [..., n or n/2 + 1, ..., 2] along an axis (-2). torch.fft, np.fft, ONNX DFT. The size must be known. */
  dft(x: T, options?: DftOptions): T
  /** Frames of a signal [b, t, 1 or 2], `step` apart → [b, frames, frequencies, 2]. torch.stft, ONNX STFT. */
  stft(x: T, step: number, options: StftOptions<T>): T
  /** 0.5 - 0.5 cos(2πk/n). torch.hann_window, np.hanning, ONNX HannWindow. */
  hannWindow(size: number, options?: WindowOptions): T
  /** alpha - (1 - alpha) cos(2πk/n), alpha 0.54. torch.hamming_window, np.hamming, ONNX HammingWindow (25/46). */
  hammingWindow(size: number, options?: WindowOptions & { readonly alpha?: number }): T
  /** 0.42 - 0.5 cos(2πk/n) + 0.08 cos(4πk/n). torch.blackman_window, np.blackman, ONNX BlackmanWindow. */
  blackmanWindow(size: number, options?: WindowOptions): T
  /** Triangles of equal width on the mel scale: [length / 2 + 1, bins]. ONNX MelWeightMatrix. */
  melWeights(bins: number, length: number, sampleRate: number, low: number, high: number): T
}

interface Transform {
  readonly inverse: boolean
  readonly onesided: boolean
  readonly length: number | undefined
}

/** Returns a matrix [rows, columns] of a function of (row * column mod n) / n turns. */
function turns(t: Bound, rows: number, columns: number, n: number, f: (angle: number) => number): TensorBase {
  const data = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return f((2 * Math.PI * ((row * column) % n)) / n)
  })
  return t.emit('literal', [], { data, dtype: 'f32', shape: [rows, columns] })
}

function dft(t: Bound, x: TensorBase, axis: number, how: Transform): TensorBase {
  const along = axisOf('dft', axis, x.shape.length)
  const parts = sizeAt(x.shape, -1)
  if (along === x.shape.length - 1 || (parts !== 1 && parts !== 2))
    refuse('shape_rank_mismatch', {
      op: 'dft',
      expected: 'a last axis of size 1 or 2 beside the signal',
      got: shownType(x),
    })
  const value = t.moveAxis(toFloat(t, x), along, -2) // [..., n, parts]
  const size = sizeAt(value.shape, -2)
  if (typeof size !== 'number')
    return refuse('source_bad_argument', {
      argument: 'x',
      callee: 'dft',
      expected: 'a signal of known length',
      got: shownType(x),
    })
  const isReal = how.inverse && how.onesided
  const n = how.length ?? (isReal ? 2 * (size - 1) : size)
  const read = isReal ? Math.floor(n / 2) + 1 : n
  const fitted = t.pad(
    t.slice(value, { axes: -2, stop: Math.min(read, size) }),
    padLast(value, Math.max(0, read - size)),
  )
  const real = t.squeeze(t.slice(fitted, { axes: -1, stop: 1 }), -1)
  const imaginary = parts === 2 ? t.squeeze(t.slice(fitted, { axes: -1, start: 1 }), -1) : undefined
  const out = isReal ? n : how.onesided ? Math.floor(n / 2) + 1 : n
  // of a one-sided spectrum all but the ends count twice
  const weight = (k: number): number => (isReal && k > 0 && 2 * k !== n ? 2 : 1) / (how.inverse ? n : 1)
  const weights = t.emit('literal', [], {
    data: Array.from({ length: read }, (_, k) => weight(k)),
    dtype: 'f32',
    shape: [read],
  })
  const sign = how.inverse ? 1 : -1
  const [cos, sin] = [turns(t, read, out, n, Math.cos), turns(t, read, out, n, (a) => sign * Math.sin(a))]
  const scaled = (v: TensorBase): TensorBase => (how.inverse ? t.mul(v, weights) : v)
  const re = scaled(real)
  const im = imaginary === undefined ? undefined : scaled(imaginary)
  const outRe = im === undefined ? t.matmul(re, cos) : t.sub(t.matmul(re, cos), t.matmul(im, sin))
  if (isReal) return castTo(t, t.moveAxis(t.unsqueeze(outRe, -1), -2, along), value.dtype)
  const outIm = im === undefined ? t.matmul(re, sin) : t.add(t.matmul(re, sin), t.matmul(im, cos))
  return castTo(t, t.moveAxis(t.stack([outRe, outIm], -1), -2, along), value.dtype)
}

function padLast(x: TensorBase, after: number): readonly (readonly [Dim, Dim])[] {
  return x.shape.map((_, axis) => (axis === x.shape.length - 2 ? [0, after] : [0, 0]))
}

function window(name: string, f: (turn: number, alpha: number) => number, alpha = 0): Unnamed {
  return operation({
    params: [
      { name: 'size', kind: 'int' },
      { name: 'periodic', kind: 'bool', default: true },
      { name: 'alpha', kind: 'number', default: alpha },
    ],
    define: (t, { size, periodic, alpha }) => {
      if (size < 0) refuse('shape_negative', { op: name, size: shownSize(size) })
      const n = periodic ? size : size - 1
      const data = Array.from({ length: size }, (_, k) => (size === 1 ? 1 : f((2 * Math.PI * k) / n, alpha)))
      return t.emit('literal', [], { data, dtype: 'f32', shape: [size] })
    },
  })
}

/** Triangles between neighbouring edges, each rising and falling by whole bins of the spectrum. */
function melWeights(bins: number, length: number, rate: number, low: number, high: number): readonly number[][] {
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)
  const [from, to] = [mel(low), mel(high)]
  const edges = Array.from({ length: bins + 2 }, (_, i) => {
    const hertz = 700 * (10 ** ((from + (i * (to - from)) / (bins + 2)) / 2595) - 1)
    return Math.floor(((length + 1) * hertz) / rate)
  })
  const rows = Math.floor(length / 2) + 1
  return Array.from({ length: rows }, (_, k) =>
    Array.from({ length: bins }, (_, i) => {
      const [start, peak, end] = [edges[i] ?? 0, edges[i + 1] ?? 0, edges[i + 2] ?? 0]
      if (start === peak) return k === peak ? 1 : k > peak && k < end ? (end - k) / (end - peak) : 0
      if (k >= start && k <= peak) return (k - start) / (peak - start)
      return k > peak && k < end ? (end - k) / (end - peak) : 0
    }),
  )
}

/** The meaning of every operation on signals. */
export const signal: Family<Signal<TensorBase>> = {
  dft: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'axis', kind: 'axis', default: -2 },
      { name: 'inverse', kind: 'bool', default: false },
      { name: 'onesided', kind: 'bool', default: false },
      { name: 'length', kind: 'int', optional: true },
    ],
    define: (t, { x, axis, ...how }) => dft(t, x, axis, how),
  }),
  stft: operation({
    params: [
      { name: 'x', kind: 'tensor' },
      { name: 'step', kind: 'int' },
      { name: 'length', kind: 'int' },
      { name: 'window', kind: 'tensor', optional: true },
      { name: 'onesided', kind: 'bool', default: true },
    ],
    define: (t, { x, step, length, window, onesided }) => {
      if (x.shape.length !== 3)
        refuse('shape_rank_mismatch', { op: 'stft', expected: 'a signal [b, t, 1 or 2]', got: shownType(x) })
      const frames = t.transpose(t.window(x, 1, length, { stride: step }), 2, 3) // [b, frames, length, parts]
      const shaped = window === undefined ? frames : t.mul(frames, reshaped(t, window, [length, 1]))
      return dft(t, shaped, 2, { inverse: false, onesided, length: undefined })
    },
  }),
  hannWindow: window('hannWindow', (turn) => 0.5 - 0.5 * Math.cos(turn)),
  hammingWindow: window('hammingWindow', (turn, alpha) => alpha - (1 - alpha) * Math.cos(turn), 0.54),
  blackmanWindow: window('blackmanWindow', (turn) => 0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn)),
  melWeights: operation({
    params: ['bins', 'length', 'sampleRate', 'low', 'high'].map((name) => ({ name, kind: 'number' }) as const),
    define: (t, args) => {
      // all are numbers, checked by their kind
      const { bins = 0, length = 0, sampleRate = 1, low = 0, high = 0 } = args as Readonly<Record<string, number>>
      const rows = melWeights(bins, length, sampleRate, low, high)
      return t.emit('literal', [], { data: rows.flat(), dtype: 'f32', shape: [rows.length, bins] })
    },
  }),
}
