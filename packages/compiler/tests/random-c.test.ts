// Random programs in C against the plain reference and eager, many in one file. TSJIT_FULL=1 runs many more.

import { describe, expect, test } from 'vitest'
import { firstSeed, randomCases } from './support/c-cases.ts'
import { type CCase, checkAllOnC } from './support/check-on-c.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
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

describe.each([
  ['straight programs', randomGraph, runsOf(20, 1000), [3, 1, 7]],
  ['programs with control flow', randomProgram, runsOf(20, 2000), [3, 1, 5]],
] as const)('%s', (_, make, count, sizes) => {
  const seed = firstSeed()
  test.each(Array.from({ length: Math.ceil(count / EACH) }, (_unused, i) => seed + i))(
    'TSJIT_SEED=%i',
    { timeout: 600_000 },
    async (own) => {
      await checkAllOnC(randomCases(make, EACH, own).map((graph) => ({ graph, sizes })))
    },
  )
})
