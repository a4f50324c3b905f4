// Random programs exported to C for CUDA, on the emulator of the driver, against the plain reference and eager.

import { test } from 'vitest'
import { randomCases } from './support/c-cases.ts'
import { checkAllOnC } from './support/check-on-c.ts'
import { emulatorPath } from './support/emulator.ts'
import { randomContraction } from './support/random-contraction.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { runsOf } from './support/random-programs.ts'

test.each([
  ['straight programs', randomGraph, runsOf(8, 200), [3, 1]],
  ['programs with control flow', randomProgram, runsOf(8, 200), [3, 1]],
  ['contractions of halves', randomContraction, runsOf(16, 400), [24, 8]],
] as const)('%s', { timeout: 1_800_000 }, async (_, make, count, sizes) => {
  const env = { TSJIT_LIBCUDA: await emulatorPath() }
  await checkAllOnC(
    randomCases(make, count).map((graph) => ({ graph, sizes })),
    { device: 'cuda', env },
  )
})
