// The cases of the ONNX and WebNN suites on CUDA.
import { test } from 'vitest'
import { checkCases } from './check-cases.ts'

test('CUDA', () => checkCases('cuda', { every: 1, suites: ['onnx', 'webnn'] }), 2_400_000)
