// Programs with control flow on a device, against the plain reference and eager.

import { describe } from 'vitest'
import { describeDevice } from '../../../tests/support/device.ts'
import { checkOnDevice } from './support/check-on-device.ts'
import { describeFlow } from './support/flow-tests.ts'
import { works } from './support/works.ts'

await describeDevice('control flow', () => {
  describe.each(works)('%s', (_, work) => describeFlow((graph) => checkOnDevice(graph, 1, {}, work)))
})
