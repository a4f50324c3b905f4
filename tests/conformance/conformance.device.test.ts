// A sample of the cases of the ONNX and WebNN suites on WebGPU; all of them in the long run.
import { test } from 'vitest'
import { describeDevice } from '../support/device.ts'
import { checkCases } from './check-cases.ts'

await describeDevice('conformance', () => {
  test('WebGPU', () => checkCases('webgpu', { every: 40, suites: ['onnx'] }), 2_400_000)
})
