// Programs of the language, run eagerly and compiled for CUDA. TSJIT_FULL=1 runs the slow ones too.

import { describe, test } from 'vitest'
import { groups } from './programs/groups.ts'
import { checkProgram } from './run-program.ts'

const isFull = process.env['TSJIT_FULL'] === '1'

describe('language on CUDA', () => {
  for (const [group, programs] of Object.entries(groups)) {
    const chosen = programs.filter(({ slow }) => isFull || slow !== true)
    test.each(chosen.map((program) => [program.name, program] as const))(`${group}: %s`, (_, program) =>
      checkProgram(program, { target: 'cuda' }),
    )
  }
})
