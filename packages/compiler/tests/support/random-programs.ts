// random-programs: many programs from random choices, and what fails as small as it can be
//
// TSJIT_FULL=1 runs many. A failure prints seed and path; TSJIT_SEED runs those of one seed,
// TSJIT_SHRINK=0 shows the first failure as it is.

import fc from 'fast-check'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { printGraph } from '../../src/ir/graph/print.ts'
import type { Choose } from './random-graph.ts'

/** How many programs, by default and where all are run. */
export function runsOf(few: number, many: number): number {
  const wanted = process.env['TSJIT_RUNS']
  if (wanted !== undefined) return Number(wanted)
  return process.env['TSJIT_FULL'] === '1' ? many : few
}

/** Makes programs of 2 to 10 steps and checks each. */
export async function checkPrograms(
  runs: number,
  make: (choose: Choose, length: number) => Graph,
  check: (graph: Graph) => Promise<void> | void,
): Promise<void> {
  const choices = fc.array(fc.nat(1 << 20), { minLength: 40, maxLength: 400, size: 'max' })
  const property = fc.asyncProperty(choices, fc.integer({ min: 2, max: 10 }), async (all, length) => {
    let next = 0
    const graph = make((below) => (all[next++] ?? 0) % Math.max(1, below), length)
    try {
      await check(graph)
    } catch (error) {
      throw new Error(`${String(error)}\n${printGraph(graph)}`, { cause: error })
    }
  })
  const seed = process.env['TSJIT_SEED']
  await fc.assert(property, {
    numRuns: runs,
    endOnFailure: process.env['TSJIT_SHRINK'] === '0',
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  })
}
