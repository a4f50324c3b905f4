// The four models with trained weights, eagerly on the CPU

import type { Definition } from '@tsjit/host'
import { exampleFile, runnerOf } from './cases.ts'
import { describeDecoding } from './decode-suite.ts'
import { describeExamples } from './suite.ts'

describeExamples(async (name) => {
  // TypeScript knows a .tsjit module by the declaration that a build writes; a test has none
  const module: Readonly<Record<string, Definition>> = await import(exampleFile(name, `${name}.tsjit`))
  return runnerOf(module, name)
})

describeDecoding((file) => import(file))
