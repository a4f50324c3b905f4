// Profiles of models on WebGPU: with timestamps where the device has them, and without.

import { afterAll, beforeAll, describe } from 'vitest'
import { type TestDevice, describeDevice, findTestGpu, requestTestDevice } from '../support/device.ts'
import { checkProfiles } from './check-profiles.ts'

await describeDevice('profiles', () => {
  const opened: TestDevice[] = []
  beforeAll(async () => {
    const found = await findTestGpu()
    const adapter = 'missing' in found ? null : await found.gpu.requestAdapter()
    const requiredFeatures = (['timestamp-query', 'shader-f16'] as const).filter((name) => adapter?.features.has(name))
    opened.push(await requestTestDevice({ requiredFeatures }), await requestTestDevice())
  })
  afterAll(() => opened.forEach(({ device }) => device.destroy()))
  const on = (index: number) => () => ({ device: opened[index]?.device as object })
  describe('with timestamps', () => checkProfiles('webgpu', on(0)))
  describe('by submissions', () => checkProfiles('webgpu', on(1)))
})
