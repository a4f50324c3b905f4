// Reference values, on WebGPU in Node

import { afterAll, beforeAll } from 'vitest'
import { type TestDevice, describeDevice, requestTestDevice } from '../support/device.ts'
import { importCompiled } from '../support/import-compiled.ts'
import { describeGolden } from './suite.ts'

await describeDevice('golden', () => {
  let opened: TestDevice
  beforeAll(async () => {
    opened = await requestTestDevice()
  })
  afterAll(() => opened.device.destroy())
  describeGolden({
    load: (file) => importCompiled(file, 'webgpu', { modes: ['eval', 'train'] }),
    options: () => ({ device: opened.device }),
    target: 'webgpu',
  })
})
