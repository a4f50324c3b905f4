// Kernels for matrix units in PTX, on a CUDA driver.
import { vi } from 'vitest'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeMatrices, describeRandom } from './support/matrix-tests.ts'
import { runsOf } from './support/random-programs.ts'
import { capabilityOf, driverPath, takeFault } from './support/run-ptx.ts'

vi.setConfig({ testTimeout: 120_000 })

if (driverPath !== undefined) {
  const path = driverPath
  const hasFourWarps = capabilityOf(path) === 90
  describeMatrices(checkOnPtx, { isQuick: false, hasFourWarps })
  // what fails must not fail what comes after it: it is made smaller
  const checkAnew: typeof checkOnPtx = (...args) => {
    try {
      checkOnPtx(...args)
    } catch (error) {
      takeFault(path)
      throw error
    }
  }
  describeRandom(path.includes('.emulator') ? checkAnew : checkOnPtx, runsOf(40, 2000), { hasFourWarps })
}
