// Random programs of f16 on a device that has it and on one that has not, against eager. TSJIT_FULL=1 runs many.

import { afterAll, beforeAll, test } from 'vitest'
import { type TestDevice, describeDevice, requestPageDevice, requestTestDevice } from '../support/device.ts'
import { randomHalves } from './random-halves.ts'
import { checkProgram } from './run-program.ts'

const runs = process.env['TSJIT_FULL'] === '1' ? 60 : 12

await describeDevice('random programs of f16', () => {
  let devices: readonly TestDevice[]
  beforeAll(async () => {
    devices = [await requestPageDevice(), await requestTestDevice()]
  })
  afterAll(() => devices.forEach(({ device }) => device.destroy()))
  test.each(Array.from({ length: runs }, (_, i) => i + 1))('seed %i', async (seed) => {
    const program = randomHalves(seed)
    const device = devices[seed % 3 === 0 ? 1 : 0]?.device
    await checkProgram(program, { target: 'webgpu', device }).catch((error: unknown) => {
      throw new Error(program.body, { cause: error })
    })
  })
})
