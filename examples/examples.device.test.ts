// The four models, compiled as for production, on WebGPU in Node

import { describeDevice } from '../tests/support/device.ts'
import { importCompiled } from '../tests/support/import-compiled.ts'
import { exampleFile, runnerOf } from './cases.ts'
import { describeExamples } from './suite.ts'

await describeDevice('examples', () => {
  describeExamples(async (name) => runnerOf(await importCompiled(exampleFile(name, `${name}.tsjit`)), name))
})
