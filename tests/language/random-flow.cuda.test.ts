// Random programs of nested combinators, run eagerly and on CUDA. TSJIT_FULL=1 runs many.

import { test } from 'vitest'
import { randomFlow, seedsOf } from './random-flow.ts'
import { checkProgram } from './run-program.ts'

test.each(seedsOf(12, 200))('seed %i', (seed) => checkProgram(randomFlow(seed), { target: 'cuda' }))
