// random-programs: many programs from random choices, and what fails as small as it can be
//
// TSJIT_FULL=1 runs many. A failure prints its seed and path; TSJIT_SEED and TSJIT_PATH run it again.

import fc from 'fast-check'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { printGraph } from '../../src/ir/graph/print.ts'
import type { Choose } from './random-moves.ts'
import { reduceGraph } from './reduce-graph.ts'

/** How many programs, by default and where all are run. */
export function runsOf(few: number, many: number): number {
  const wanted = process.env['TSJIT_RUNS']
  if (wanted !== undefined) return Number(wanted)
  return process.env['TSJIT_FULL'] === '1' ? many : few
}

/** How many programs are tried in the search for a smaller one that fails. */
const LOOKS = 500

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
    const problem = await problemOf(graph, check)
    if (problem === undefined) return
    const smaller = await reduceGraph(graph, async (each) => (await problemOf(each, check)) !== undefined, LOOKS)
    const cause = await problemOf(smaller, check)
    throw new Error(`${String(cause)}\n${printGraph(smaller)}`, { cause })
  })
  const [seed, path] = [process.env['TSJIT_SEED'], process.env['TSJIT_PATH']]
  await fc.assert(property, {
    numRuns: runs,
    endOnFailure: true, // what fails has been made smaller already
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  })
}

async function problemOf(graph: Graph, check: (graph: Graph) => Promise<void> | void): Promise<unknown> {
  try {
    await check(graph)
    return undefined
  } catch (error) {
    return error
  }
}
