// strided-copy: elements from one arrangement to another

import type { Elements } from './elements.ts'

/** Where an array holds the elements of a shape: from an offset, with a stride for each axis. */
export interface Arrangement {
  readonly data: Elements
  readonly strides: readonly number[]
  readonly offset: number
}

/** Copies every element of `shape` from one arrangement to the other. Strides may be 0 or negative. */
export function copyStrided(shape: readonly number[], from: Arrangement, to: Arrangement): void {
  if (shape.includes(0)) return
  const { sizes, source, target } = merged(shape, from.strides, to.strides)
  const last = sizes.length - 1
  const [count, sourceStep, targetStep] = [sizes[last] ?? 1, source[last] ?? 0, target[last] ?? 0]
  const index = sizes.map(() => 0)
  const [input, output] = [from.data, to.data]
  let [read, write] = [from.offset, to.offset]
  for (;;) {
    for (let i = 0, r = read, w = write; i < count; i++, r += sourceStep, w += targetStep) output[w] = input[r] ?? 0
    let axis = last - 1
    for (; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      read += source[axis] ?? 0
      write += target[axis] ?? 0
      index[axis] = next
      if (next < (sizes[axis] ?? 0)) break
      read -= (source[axis] ?? 0) * next
      write -= (target[axis] ?? 0) * next
      index[axis] = 0
    }
    if (axis < 0) return
  }
}

interface Merged {
  readonly sizes: readonly number[]
  readonly source: readonly number[]
  readonly target: readonly number[]
}

/** Drops axes of size 1 and joins neighbours that are contiguous on both sides. */
function merged(shape: readonly number[], from: readonly number[], to: readonly number[]): Merged {
  const sizes: number[] = []
  const source: number[] = []
  const target: number[] = []
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue
    const [s, t] = [from[axis] ?? 0, to[axis] ?? 0]
    const last = sizes.length - 1
    if (last >= 0 && source[last] === s * size && target[last] === t * size) {
      sizes[last] = (sizes[last] ?? 1) * size
      source[last] = s
      target[last] = t
    } else {
      sizes.push(size)
      source.push(s)
      target.push(t)
    }
  }
  return { sizes, source, target }
}
