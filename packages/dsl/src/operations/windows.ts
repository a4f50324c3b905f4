// windows: sliding windows along several axes, and the sizes and padding that go with them

import { type Dim, add, ceilDiv, compare, floorDiv, max, mul, sub } from '../types/dim.ts'
import { refuse, shownSize } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import type { ParamValues } from './signature.ts'

/** Windows along one axis. */
export interface WindowAxis {
  readonly axis: number
  readonly size: Dim
  readonly stride: number
  readonly dilation: number
}

/** Returns x with each axis counting windows, and the windows' axes appended in order. Throws shape_window. */
export function windows(t: Bound, op: string, x: TensorBase, axes: readonly WindowAxis[]): TensorBase {
  let value = x
  for (const { axis, size, stride, dilation } of axes) {
    const n = sizeAt(x.shape, axis)
    const span = spanOf(size, dilation)
    for (const [option, step] of [['stride', stride] as const, ['dilation', dilation] as const])
      if (step < 1) refuse('option_invalid', { option, callee: op, expected: 'at least 1', got: String(step) })
    if (compare(size, '<', 1) === 'yes' || compare(span, '<=', n) === 'no')
      refuse('shape_window', { op, kernel: shownSize(span), size: shownSize(n) })
    value = t.emit('window', [value], { axis, size, stride, dilation })
  }
  return value
}

/** Returns how far a window reaches: dilation * (size - 1) + 1. */
export function spanOf(size: Dim, dilation: number): Dim {
  return add(mul(sub(size, 1), dilation), 1)
}

/** Returns one number for each of `count` spatial axes. */
export function numbersFor(
  op: string,
  option: string,
  value: number | readonly number[],
  count: number,
): readonly number[] {
  if (typeof value === 'number') return Array.from({ length: count }, () => value)
  if (value.length !== count) wrongCount(op, option, count, value.length)
  return value
}

/** Returns one size for each of `count` spatial axes. */
export function sizesFor(op: string, option: string, value: Dim | readonly Dim[], count: number): readonly Dim[] {
  if (!isList(value)) return Array.from({ length: count }, () => value)
  if (value.length !== count) wrongCount(op, option, count, value.length)
  return value
}

/** What padding depends on, for each spatial axis. */
export interface PaddedAxis extends Omit<WindowAxis, 'axis'> {
  /** The size of the axis itself. */
  readonly n: Dim
}

/** Returns [before, after] for each spatial axis; 'same' makes ceil(n / stride) windows, the odd element after. */
export function paddingFor(
  op: string,
  padding: ParamValues['padding'],
  axes: readonly PaddedAxis[],
): readonly (readonly [Dim, Dim])[] {
  if (padding === 'valid') return axes.map(() => [0, 0])
  if (padding === 'same')
    return axes.map(({ n, size, stride, dilation }) => {
      const needed = add(mul(sub(ceilDiv(n, stride), 1), stride), spanOf(size, dilation))
      const missing = max(sub(needed, n), 0)
      const before = floorDiv(missing, 2)
      return [before, sub(missing, before)]
    })
  if (!Array.isArray(padding)) return axes.map(() => pairOf(padding))
  const list: readonly unknown[] = padding
  if (list.length !== axes.length) wrongCount(op, 'padding', axes.length, list.length)
  return padding.map(pairOf)
}

// kinds are checked by bindArguments: what is no pair is one size for both ends
function pairOf(value: unknown): readonly [Dim, Dim] {
  if (!Array.isArray(value)) return [value as Dim, value as Dim]
  const [before, after] = value as readonly Dim[]
  return [before ?? 0, after ?? 0]
}

function isList(value: Dim | readonly Dim[]): value is readonly Dim[] {
  return Array.isArray(value)
}

function wrongCount(op: string, option: string, count: number, got: number): never {
  return refuse('option_invalid', { option, callee: op, expected: `one size or ${count} sizes`, got: `${got} sizes` })
}
