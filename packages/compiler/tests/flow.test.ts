// Programs with control flow, in WebAssembly and as WebGPU runs them, against the plain reference and eager.

import { describe } from 'vitest'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { describeFlow } from './support/flow-tests.ts'
import { gridWorks, works } from './support/works.ts'

describe('in WebAssembly', () => describeFlow((graph) => checkOnWasm(graph, 1)))

describe.each([...works, ...gridWorks])('on lanes, %s', (_, work) =>
  describeFlow((graph) => checkByInterpreter(graph, [1], { work })),
)
