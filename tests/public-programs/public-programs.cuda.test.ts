// The public list of programs that must compile, on CUDA

import { test } from 'vitest'
import { checkProgram } from '../language/run-program.ts'
import { programs } from './programs.ts'

test.each(programs.map((program) => [program.name, program] as const))('%s', (_, program) =>
  checkProgram(program, { target: 'cuda' }),
)
