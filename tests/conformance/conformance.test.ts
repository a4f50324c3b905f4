// The cases of the ONNX and WebNN suites, eagerly and in WebAssembly.
import { describe, test } from 'vitest'
import { checkCases } from './check-cases.ts'

describe('conformance', () => {
  test('eager', () => checkCases('eager', 1), 300_000)
  test('WebAssembly', () => checkCases('wasm', 8), 1_200_000)
})
