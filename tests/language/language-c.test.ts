// Programs of the language, run eagerly and exported to C. TSJIT_FULL=1 runs the slow ones too, and on CUDA as well.

import { describe, test } from 'vitest'
import { emulatorPath } from '../../packages/compiler/tests/support/emulator.ts'
import { checkProgramsInC } from './check-c.ts'
import { groups } from './programs/groups.ts'
import type { Program } from './program.ts'
import { randomFlow, seedsOf } from './random-flow.ts'

const isFull = process.env['TSJIT_FULL'] === '1'
const minutes = { timeout: 1_200_000 }

// a build for other languages has no checks that could fail
const chosen = Object.entries(groups).map(([group, programs]): [string, readonly Program[]] => {
  return [group, programs.filter(({ slow, fails }) => fails === undefined && (isFull || slow !== true))]
})
const flows = seedsOf(6, 200).map(randomFlow)

describe('language in C', () => {
  // quickly compiled; others look at what optimisation does
  const options = isFull ? {} : { flags: ['-O0'] }
  test.each(chosen)('%s', minutes, (_, programs) => checkProgramsInC(programs, options))
  test('random flow', minutes, () => checkProgramsInC(flows, options))
})

describe.runIf(isFull)('language in C, for CUDA', () => {
  const onEmulator = async (programs: readonly Program[]): Promise<void> =>
    checkProgramsInC(programs, { device: 'cuda', env: { TSJIT_LIBCUDA: await emulatorPath() } })
  test.each(chosen)('%s', minutes, (_, programs) => onEmulator(programs))
  test('random flow', minutes, () => onEmulator(flows))
})
