// Programs of the language, run eagerly and exported to C. TSJIT_FULL=1 runs the slow ones too, and all of them on CUDA as well.

import { describe, expect, test } from 'vitest'
import { emulatorPath } from '../../packages/compiler/tests/support/emulator.ts'
import { checkProgramsInC } from './check-c.ts'
import { groups } from './programs/groups.ts'
import type { Program } from './program.ts'
import { randomFlow, seedsOf } from './random-flow.ts'

const isFull = process.env['TSJIT_FULL'] === '1'
const minutes = { timeout: 1_200_000 }

// a build for other languages has no checks that could fail
const chosen = Object.entries(groups)
  // nothing in C runs a function of the app
  .filter(([group]) => group !== 'hosts')
  .map(([group, programs]): [string, readonly Program[]] => {
    return [group, programs.filter(({ slow, fails }) => fails === undefined && (isFull || slow !== true))]
  })
const usual: ReadonlySet<string> = new Set(['branches', 'loops', 'state'])

/** Programs of one file. */
const EACH = 20
const seeds = seedsOf(6, 200)
const flows = Array.from({ length: Math.ceil(seeds.length / EACH) }, (_, i): [number, readonly Program[]] => {
  const own = seeds.slice(i * EACH, (i + 1) * EACH)
  return [own[0] ?? 0, own.map(randomFlow)]
})

describe('language in C', () => {
  // quickly compiled; others look at what optimisation does
  const options = isFull ? {} : { flags: ['-O0'] }
  test.each(chosen)('%s', minutes, (_, programs) => checkProgramsInC(programs, options))
  test.each(flows)('random flow from seed %i', minutes, (_, programs) => checkProgramsInC(programs, options))
})

describe('language in C, for CUDA', () => {
  const onEmulator = async (programs: readonly Program[], settings: NodeJS.ProcessEnv = {}): Promise<void> =>
    checkProgramsInC(programs, { device: 'cuda', env: { TSJIT_LIBCUDA: await emulatorPath(), ...settings } })
  test.each(isFull ? chosen : chosen.filter(([group]) => usual.has(group)))('%s', minutes, (_, programs) =>
    onEmulator(programs),
  )
  const wide = groups['loops']?.filter(({ name }) => name === 'an LSTM that several groups share') ?? []
  test('blocks that wait for one another', minutes, () => onEmulator(wide))
  test('blocks that wait for one another are refused where the GPU does not run all of them at once', async () => {
    await expect(onEmulator(wide, { TSJIT_EMU_MULTIPROCESSORS: '1' })).rejects.toThrow(
      /target_limit_exceeded: \d+ blocks wait/,
    )
  })
  test.each(isFull ? flows : [])('random flow from seed %i', minutes, (_, programs) => onEmulator(programs))
})
