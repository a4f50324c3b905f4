// Random programs as WebGPU runs them, kernel by kernel in the interpreter, against the plain reference and eager.

import { test } from 'vitest'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { randomProgram } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'
import { gridWorks, works } from './support/works.ts'

test.each([...works, ...gridWorks])('programs with control flow %s', { timeout: 3_000_000 }, (_, work) =>
  checkPrograms(runsOf(10, 500), randomProgram, (graph) => checkByInterpreter(graph, [3, 1], { work })),
)
