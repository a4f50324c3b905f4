// usual-size: what is assumed of sizes that are known only when a program runs

import { type Dim, dims } from '@tsjit/dsl/compiler'

/** The size assumed for a dimension when work is estimated, where it may be larger. */
export const USUAL_SIZE = 64

/** Returns a size where dimensions are what is usual, or what is assumed, but for those that are given. */
export function usually(
  size: Dim,
  given: readonly (readonly [name: string, value: number])[] = [],
  assumed: number = USUAL_SIZE,
): number {
  const values = dims.symbolsOf(size).map(({ name, scale, min, max }): readonly [string, number] => {
    return [name, scale * Math.max(min, Math.min(max, Math.ceil(assumed / scale)))]
  })
  return dims.valueOf(size, new Map([...values, ...given]))
}
