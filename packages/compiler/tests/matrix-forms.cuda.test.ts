// Kernels for matrix units, in the interpreter: fragments, copies, and what lanes compute while these are on their way.
import { vi } from 'vitest'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { describeMatrices, describeRandom } from './support/matrix-tests.ts'
import { runsOf } from './support/random-programs.ts'

vi.setConfig({ testTimeout: 120_000 })

describeMatrices(checkByInterpreter, { isQuick: true, hasFourWarps: true })
describeRandom(checkByInterpreter, runsOf(10, 300), { hasFourWarps: true })
