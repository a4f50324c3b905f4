// Programs of the language, run eagerly and compiled. TSJIT_FULL=1 runs the slow ones too.

import { afterAll, beforeAll, test } from 'vitest'
import { type TestDevice, describeDevice, requestPageDevice, requestTestDevice } from '../support/device.ts'
import { groups } from './programs/groups.ts'
import { checkProgram } from './run-program.ts'

const isFull = process.env['TSJIT_FULL'] === '1'

await describeDevice('language', () => {
  let opened: TestDevice
  let plain: TestDevice
  beforeAll(async () => {
    plain = await requestTestDevice()
    opened = await requestPageDevice()
  })
  afterAll(() => [opened, plain].forEach(({ device }) => device.destroy()))
  for (const [group, programs] of Object.entries(groups)) {
    const chosen = programs.filter(({ slow }) => isFull || slow !== true)
    test.each(chosen.map((program) => [program.name, program] as const))(`${group}: %s`, (_, program) =>
      checkProgram(program, { target: 'webgpu', device: opened.device }),
    )
    if (group === 'halves')
      test.each(chosen.map((program) => [program.name, program] as const))('halves without f16: %s', (_, program) =>
        checkProgram(program, { target: 'webgpu', device: plain.device }),
      )
  }
})
