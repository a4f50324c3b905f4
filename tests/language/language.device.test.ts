// Programs of the language, run eagerly and compiled
import { test } from 'vitest'
import { describeDevice, requestTestDevice } from '../support/device.ts'
import { groups } from './programs/groups.ts'
import { checkProgram } from './run-program.ts'

await describeDevice('language', async () => {
  const { device } = await requestTestDevice()
  for (const [group, programs] of Object.entries(groups))
    test.each(programs.map((program) => [program.name, program] as const))(`${group}: %s`, (_, program) => checkProgram(program, device))
})
