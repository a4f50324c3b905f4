// Kernels for matrix units, in the interpreter: fragments, copies, and what lanes compute while these are on their way.
import { vi } from 'vitest'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { describeMatrices } from './support/matrix-tests.ts'

vi.setConfig({ testTimeout: 120_000 })

describeMatrices(checkByInterpreter, { isQuick: true })
