// Random programs in WebAssembly against the plain reference and eager. TSJIT_FULL=1 runs many; a failure prints its seed.

import { test } from 'vitest'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'

test('straight programs', { timeout: 3_000_000 }, () =>
  checkPrograms(runsOf(12, 1000), randomGraph, (graph) => checkOnWasm(graph, [3, 1, 7])),
)

test('programs with control flow', { timeout: 3_000_000 }, () =>
  checkPrograms(runsOf(15, 2000), randomProgram, (graph) => checkOnWasm(graph, [3, 1, 5], {}, false)),
)
