// Graphs of each kernel form, through schedule and WebAssembly, against the plain reference.

import { describe } from 'vitest'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { describeKernels } from './support/kernel-tests.ts'

describe('kernels in WebAssembly', () => describeKernels(checkOnWasm))
