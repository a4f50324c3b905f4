// Random programs as WebGPU runs them, kernel by kernel in the interpreter, against the plain reference and eager.

import { test } from 'vitest'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { randomFlow } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'

test('programs with control flow', { timeout: 3_000_000 }, () =>
  checkPrograms(runsOf(25, 2000), randomFlow, (graph) => checkByInterpreter(graph, [3, 1])),
)
