// Every pass of the optimizer on random programs: what it leaves is a graph, and means what it meant before.

import { expect, test } from 'vitest'
import { passes } from '../src/3-optimize/optimize.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import { primitivesOf } from '../src/ir/graph/regions.ts'
import { verifyGraph } from '../src/ir/graph/verify.ts'
import { compareData } from './support/compare.ts'
import { givenTo } from './support/given.ts'
import { randomFlow } from './support/random-flow.ts'
import { randomPieces } from './support/random-graph.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { runReference } from './support/reference.ts'

/** Runs every pass on a graph, and returns what each leaves. */
function checkPasses(graph: Graph): ReadonlyMap<string, Graph> {
  verifyGraph(graph, 'as made')
  const sizes = new Map(graph.dims.map(({ name }) => [name, 3]))
  const given = givenTo(graph, sizes)
  let wanted = runReference(graph, given, sizes)
  const left = new Map<string, Graph>()
  passes.reduce<Graph>((before, { name, run, isExact = true }) => {
    const after = run(before)
    verifyGraph(after, `after ${name}`)
    const got = runReference(after, given, sizes)
    if (isExact) expect(got, name).toEqual(wanted)
    else for (const [path, want] of wanted) compareData(`${name}: ${path}`, got.get(path)?.data ?? [], want)
    wanted = got
    left.set(name, after)
    return after
  }, graph)
  return left
}

test('passes keep what programs mean', { timeout: 3_000_000 }, () =>
  checkPrograms(runsOf(60, 2000), randomFlow, (graph) => void checkPasses(graph)),
)

test('pieces are joined, and mean what they meant', { timeout: 3_000_000 }, async () => {
  const productsOf = ({ ops }: Graph): number => primitivesOf(ops).filter(({ kind }) => kind === 'contract').length
  const runs = runsOf(60, 2000)
  let joined = 0
  await checkPrograms(runs, randomPieces, (graph) => {
    const left = checkPasses(graph).get('join-pieces') ?? graph
    if (productsOf(left) < productsOf(graph)) joined++
  })
  expect(joined).toBeGreaterThan(runs / 2)
})
