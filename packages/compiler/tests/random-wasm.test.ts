// Random programs in WebAssembly against the plain reference. TSJIT_FULL=1 runs many; a failure prints seed and path.

import fc from 'fast-check'
import { test } from 'vitest'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { randomGraph } from './support/random-graph.ts'

const runs = process.env['TSJIT_FULL'] === '1' ? 1000 : 25

test(`${runs} programs`, { timeout: 3_000_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1 << 20), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 2, max: 10 }),
      async (choices, length) => {
        let next = 0
        const choose = (below: number): number => (choices[next++ % choices.length] ?? 0) % Math.max(1, below)
        await checkOnWasm(randomGraph(choose, length), [3, 1, 7])
      },
    ),
    {
      numRuns: runs,
      ...(process.env['TSJIT_SEED'] === undefined ? {} : { seed: Number(process.env['TSJIT_SEED']) }),
    },
  )
})
