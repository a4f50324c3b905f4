// Random programs exported to C for CUDA, on the emulator of the driver, against the plain reference and eager.

import { test } from 'vitest'
import type { WorkLimits } from '../src/4-schedule/control/work-limits.ts'
import { randomCases } from './support/c-cases.ts'
import { checkAllOnC } from './support/check-on-c.ts'
import { emulatorPath } from './support/emulator.ts'
import { randomContraction } from './support/random-contraction.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { runsOf } from './support/random-programs.ts'
import { gridWorks } from './support/works.ts'

const grids = gridWorks.map(([what, work]) => {
  return [`programs with control flow ${what}`, randomProgram, runsOf(4, 100), [3], work] as const
})

test.each([
  ['straight programs', randomGraph, runsOf(8, 200), [3, 1]],
  ['programs with control flow', randomProgram, runsOf(8, 200), [3, 1]],
  ['contractions of halves', randomContraction, runsOf(16, 400), [24, 8]],
  ...grids,
] as const)('%s', { timeout: 1_800_000 }, async (_, make, count, sizes, work?: WorkLimits) => {
  const env = { TSJIT_LIBCUDA: await emulatorPath() }
  await checkAllOnC(
    randomCases(make, count).map((graph) => ({ graph, sizes })),
    { device: 'cuda', env, work },
  )
})
