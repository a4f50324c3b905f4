// Random programs exported to C for CUDA, on the emulator of the driver, against the plain reference and eager.

import { test } from 'vitest'
import type { WorkLimits } from '../src/4-schedule/control/work-limits.ts'
import { cuda } from '../src/4-schedule/machine.ts'
import { randomCases } from './support/c-cases.ts'
import { checkAllOnC } from './support/check-on-c.ts'
import { emulatorPath } from './support/emulator.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { randomContraction } from './support/random-contraction.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { runsOf } from './support/random-programs.ts'
import { machineForMore, productOfRows } from './support/matrix-tests.ts'
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

test('tiles that take more shared memory than a kernel has without being asked', async () => {
  const g = new GraphBuilder()
  const given = [g.input('a', [140, 72], 'bf16'), g.input('b', [72, 272], 'bf16')]
  const operands = given.map((value) => g.emit('cast', [value], { dtype: 'f32' }))
  const y = g.emit('contract', operands, { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
  const tiles = cuda.matrices?.tiles.slice(0, 1).map((tile) => ({ ...tile, leastTiles: 0, leastFilled: 0 })) ?? []
  const machine = { ...cuda, ...(cuda.matrices && { matrices: { ...cuda.matrices, tiles } }) }
  const graph = g.graph({ y: g.relu(y) })
  await checkAllOnC([{ graph, sizes: [1] }], { device: 'cuda', env: { TSJIT_LIBCUDA: await emulatorPath() }, machine })
})

test('kernels for more work', async () => {
  const graph = productOfRows('bf16')
  const options = { device: 'cuda', env: { TSJIT_LIBCUDA: await emulatorPath() }, machine: machineForMore } as const
  await checkAllOnC(
    [149, 150, 300].map((rows) => ({ graph, sizes: [rows] })),
    options,
  )
})
