// Every pass of the optimizer on random programs: what it leaves is a graph, and means what it meant before.

import { expect, test } from 'vitest'
import { passes } from '../src/3-optimize/optimize.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import { verifyGraph } from '../src/ir/graph/verify.ts'
import { givenTo } from './support/given.ts'
import { randomFlow } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { runReference } from './support/reference.ts'

test('passes keep what programs mean', { timeout: 3_000_000 }, () =>
  checkPrograms(runsOf(60, 2000), randomFlow, (graph) => {
    verifyGraph(graph, 'as made')
    const sizes = new Map(graph.dims.map(({ name }) => [name, 3]))
    const given = givenTo(graph, sizes)
    const wanted = runReference(graph, given, sizes)
    passes.reduce<Graph>((before, { name, run }) => {
      const after = run(before)
      verifyGraph(after, `after ${name}`)
      expect(runReference(after, given, sizes), name).toEqual(wanted)
      return after
    }, graph)
  }),
)
