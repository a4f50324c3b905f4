// Random programs of nested combinators, run eagerly and on WebGPU. TSJIT_FULL=1 runs many.

import { afterAll, beforeAll, test } from 'vitest'
import { type TestDevice, describeDevice, requestTestDevice } from '../support/device.ts'
import { randomFlow, seedsOf } from './random-flow.ts'
import { checkProgram } from './run-program.ts'

await describeDevice('random flow', () => {
  let opened: TestDevice
  beforeAll(async () => {
    opened = await requestTestDevice()
  })
  afterAll(() => opened.device.destroy())
  test.each(seedsOf(4, 40))('seed %i', (seed) =>
    checkProgram(randomFlow(seed), { target: 'webgpu', device: opened.device }),
  )
})
