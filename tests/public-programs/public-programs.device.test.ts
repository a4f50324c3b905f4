// The public list of programs that must compile, on WebGPU. TSJIT_FULL=1 runs the slow ones too.

import { afterAll, beforeAll, test } from 'vitest'
import { checkProgram } from '../language/run-program.ts'
import { type TestDevice, describeDevice, requestTestDevice } from '../support/device.ts'
import { programs } from './programs.ts'

await describeDevice('public programs', () => {
  let opened: TestDevice
  beforeAll(async () => {
    opened = await requestTestDevice()
  })
  afterAll(() => opened.device.destroy())
  const isFull = process.env['TSJIT_FULL'] === '1'
  const chosen = programs.filter(({ slow }) => isFull || slow !== true)
  test.each(chosen.map((program) => [program.name, program] as const))('%s', (_, program) =>
    checkProgram(program, { target: 'webgpu', device: opened.device }),
  )
})
