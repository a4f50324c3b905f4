// The cases of the ONNX and WebNN suites, eagerly and in WebAssembly.
import { describe, test } from 'vitest'
import { checkCases } from './check-cases.ts'

describe('conformance', () => {
  test('eager', () => checkCases('eager', { every: 1, suites: [] }), 300_000)
  test('WebAssembly', () => checkCases('wasm', { every: 48, suites: ['onnx', 'webnn'] }), 1_200_000)
})
