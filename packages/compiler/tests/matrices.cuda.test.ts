// Kernels for matrix units in PTX, on a CUDA driver.
import { vi } from 'vitest'
import { checkOnPtx } from './support/check-on-ptx.ts'
import { describeMatrices } from './support/matrix-tests.ts'
import { driverPath } from './support/run-ptx.ts'

vi.setConfig({ testTimeout: 120_000 })

if (driverPath !== undefined) describeMatrices(checkOnPtx, { isQuick: false })
