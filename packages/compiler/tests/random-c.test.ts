// Random programs in C against the plain reference and eager, many in one file. TSJIT_FULL=1 runs many more.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Graph } from '../src/ir/graph/graph.ts'
import { type CCase, checkAllOnC } from './support/check-on-c.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { randomProgram } from './support/random-flow.ts'
import { type Choose, randomGraph } from './support/random-graph.ts'
import { runsOf } from './support/random-programs.ts'

describe('kernels in C', () => {
  const cases: CCase[] = []
  // one call of the compiler for all of them
  describeKernels(async (graph, sizes, extra = {}) => {
    cases.push({ graph, sizes: typeof sizes === 'number' ? [sizes] : sizes, extra })
  })
  test('all of them, compiled', { timeout: 600_000 }, async () => {
    expect(cases.length).toBeGreaterThan(20)
    await checkAllOnC(cases)
  })
})

/** Programs of one file: enough that the compiler's start counts for little. */
const EACH = 20

function graphs(make: (choose: Choose, length: number) => Graph, count: number, seed: number): readonly Graph[] {
  const choices = fc.tuple(
    fc.array(fc.nat(1 << 20), { minLength: 40, maxLength: 400, size: 'max' }),
    fc.integer({ min: 2, max: 10 }),
  )
  return fc.sample(choices, { numRuns: count, seed }).map(([all, length]) => {
    let next = 0
    return make((below) => (all[next++] ?? 0) % Math.max(1, below), length)
  })
}

describe.each([
  ['straight programs', randomGraph, runsOf(20, 1000), [3, 1, 7]],
  ['programs with control flow', randomProgram, runsOf(40, 2000), [3, 1, 5]],
] as const)('%s', (_, make, count, sizes) => {
  const seed = Number(process.env['TSJIT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  test.each(Array.from({ length: Math.ceil(count / EACH) }, (_unused, i) => seed + i))(
    'TSJIT_SEED=%i',
    { timeout: 600_000 },
    async (own) => {
      await checkAllOnC(graphs(make, EACH, own).map((graph) => ({ graph, sizes })))
    },
  )
})
