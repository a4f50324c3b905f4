// The four models, compiled as for production, in WebAssembly

import { importCompiled } from '../tests/support/import-compiled.ts'
import { exampleFile, runnerOf } from './cases.ts'
import { describeDecoding } from './decode-suite.ts'
import { describeExamples } from './suite.ts'

describeExamples(async (name) => runnerOf(await importCompiled(exampleFile(name, `${name}.tsjit`), 'wasm'), name))

describeDecoding((file) => importCompiled(file, 'wasm'))
