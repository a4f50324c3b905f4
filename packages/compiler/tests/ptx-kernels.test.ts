// Graphs through schedule and PTX on a CUDA driver, against the plain reference and eager. TSJIT_FULL=1 runs many.

import { describe, test } from 'vitest'
import type { Graph } from '../src/ir/graph/graph.ts'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeFlow } from './support/flow-tests.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { randomProgram } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { driverPath } from './support/run-ptx.ts'
import { works } from './support/works.ts'

/** Contractions of sizes that get each shape of tiles, with edges. */
const contractions: Readonly<Record<string, () => Graph>> = {
  'tiles of 128': () => linear(1160, 17, 1300),
  'tiles of 128, tall': () => linear(6200, 18, 60),
  'tiles of 128, wide': () => linear(50, 18, 6200),
  'tiles of 64': () => linear(450, 40, 500),
  'tiles of 64, tall': () => linear(1600, 20, 30),
  'tiles of 64 in batches': () => {
    const g = new GraphBuilder()
    const [a, b] = [g.input('a', [5, 130, 36]), g.input('b', [5, 36, 200])]
    const labels = { a: ['n', 'i', 'k'], b: ['n', 'k', 'j'], out: ['n', 'j', 'i'] }
    return g.graph({ y: g.emit('tanh', [g.emit('contract', [a, b], labels)], {}) })
  },
  'a convolution': () => {
    const g = new GraphBuilder()
    const x = g.input('x', [2, 2, 50, 60])
    return g.graph({ y: g.relu(g.conv(x, g.weight('w', [40, 2, 3, 3]), g.weight('b', [40]))) })
  },
}

function linear(rows: number, depth: number, columns: number): Graph {
  const g = new GraphBuilder()
  const x = g.input('x', [rows, depth])
  const y = g.linear(x, g.weight('w', [columns, depth]), g.weight('b', [columns]))
  return g.graph({ y: g.relu(y) })
}

if (driverPath !== undefined) {
  test.each(Object.entries(contractions))('%s', { timeout: 60_000 }, (_, make) => checkOnPtx(make(), [1]))

  describe('kernels in PTX', () =>
    describeKernels((graph, sizes, extra = {}) => {
      checkOnPtx(graph, typeof sizes === 'number' ? [sizes] : sizes, { extra })
      return Promise.resolve()
    }))

  describe.each(works)('control flow in PTX, %s', (_, work) => {
    describeFlow((graph) => checkOnPtx(graph, [1], { work }))

    test('random programs', { timeout: 3_000_000 }, () =>
      checkPrograms(runsOf(4, 500), randomProgram, (graph) => checkOnPtx(graph, [3, 1], { work })),
    )
  })
}
