// Traps of calls, on WebGPU.

import { test } from 'vitest'
import { describeDevice } from '../support/device.ts'
import { checkDecisions } from './check-decisions.ts'

await describeDevice('traps', () => {
  test('each call decides for itself', () => checkDecisions('webgpu'))
})
