// Random programs on a device against the plain reference and eager. TSJIT_FULL=1 runs many; a failure prints its seed.

import { test } from 'vitest'
import { describeDevice } from '../../../tests/support/device.ts'
import { checkOnDevice } from './support/check-on-device.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'

await describeDevice('random programs', () => {
  test('straight programs', { timeout: 3_000_000 }, () =>
    checkPrograms(runsOf(25, 1000), randomGraph, (graph) => checkOnDevice(graph, [3, 1, 7])),
  )

  test('programs with control flow', { timeout: 3_000_000 }, () =>
    checkPrograms(runsOf(5, 2000), randomProgram, (graph) => checkOnDevice(graph, [3, 1])),
  )
})
