// c-cases: random programs, many at a time

import fc from 'fast-check'
import type { Graph } from '../../src/ir/graph/graph.ts'
import type { Choose } from './random-moves.ts'

/** Returns programs of 2 to 10 steps; TSJIT_SEED says which. */
export function randomCases(
  make: (choose: Choose, length: number) => Graph,
  count: number,
  seed: number = firstSeed(),
): readonly Graph[] {
  const choices = fc.tuple(
    fc.array(fc.nat(1 << 20), { minLength: 40, maxLength: 400, size: 'max' }),
    fc.integer({ min: 2, max: 10 }),
  )
  return fc.sample(choices, { numRuns: count, seed }).map(([all, length]) => {
    let next = 0
    return make((below) => (all[next++] ?? 0) % Math.max(1, below), length)
  })
}

/** Returns the seed of a test run: that of TSJIT_SEED, or another every time. */
export function firstSeed(): number {
  return Number(process.env['TSJIT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}
