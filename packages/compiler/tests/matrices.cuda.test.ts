// Kernels for matrix units in PTX, on a CUDA driver.
import { vi } from 'vitest'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeMatrices, describeRandom } from './support/matrix-tests.ts'
import { runsOf } from './support/random-programs.ts'
import { driverPath } from './support/run-ptx.ts'

vi.setConfig({ testTimeout: 120_000 })

if (driverPath !== undefined) {
  describeMatrices(checkOnPtx, { isQuick: false })
  describeRandom(checkOnPtx, runsOf(40, 2000))
}
