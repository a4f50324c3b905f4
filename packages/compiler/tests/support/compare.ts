// compare: what a target computed, against the reference and against eager

import { expect } from 'vitest'
import type { RefTensor } from './reference.ts'

/** The largest difference that counts as none, in parts of the largest element. */
export const TOLERANCE = 2e-5

/**
 * Throws unless `data` is `want`. Where f32 itself is far from the reference, as the eager result shows, so may the
 * target be, in proportion.
 */
export function compareData(
  path: string,
  data: ArrayLike<number>,
  want: RefTensor,
  eager: RefTensor = want,
  tolerance: number = TOLERANCE,
): void {
  expect(data.length, path).toBe(want.data.length)
  expect(eager.shape, path).toEqual(want.shape)
  const scale = want.data.reduce((most, x) => Math.max(most, Number.isFinite(x) ? Math.abs(x) : 0), 1)
  const noise = worstOf(eager.data, want) / scale
  expect(noise, `${path} eagerly`).toBeLessThan(1e-2)
  expect(worstOf(data, want) / scale, path).toBeLessThan(tolerance + 20 * noise)
}

function worstOf(data: ArrayLike<number>, want: RefTensor): number {
  return want.data.reduce((most, w, i) => {
    const got = data[i] ?? Number.NaN
    const error = Object.is(w, got) ? 0 : Math.abs(w - got)
    return error <= most ? most : error // keeps NaN
  }, 0)
}
