// Graphs through schedule and PTX on a CUDA driver, against the plain reference and eager. TSJIT_FULL=1 runs many.

import { describe, test } from 'vitest'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeFlow } from './support/flow-tests.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { randomProgram } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { driverPath } from './support/run-ptx.ts'
import { works } from './support/works.ts'

if (driverPath !== undefined) {
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
