// Random programs as WebGPU runs them, kernel by kernel in the interpreter, against the plain reference and eager.

import { test } from 'vitest'
import type { WorkLimits } from '../src/4-schedule/form-lanes.ts'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { randomFlow } from './support/random-flow.ts'
import { checkPrograms, runsOf } from './support/random-programs.ts'

const limits: readonly (readonly [what: string, work: WorkLimits | undefined])[] = [
  ['in one group', undefined],
  ['in one group, some turns a dispatch', { resident: Infinity, dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }],
  ['in launches', { resident: -1, dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }],
  ['in both', { resident: 200, dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }],
]

test.each(limits)('programs with control flow %s', { timeout: 3_000_000 }, (_, work) =>
  checkPrograms(runsOf(10, 500), randomFlow, (graph) => checkByInterpreter(graph, [3, 1], { work })),
)
