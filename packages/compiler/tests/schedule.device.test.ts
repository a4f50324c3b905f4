// Graphs of each kernel form, through schedule and WGSL on a device, against the plain reference.

import { test } from 'vitest'
import { describeDevice } from '../../../tests/support/device.ts'
import { checkOnDevice } from './support/check-on-device.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { describeKernels } from './support/kernel-tests.ts'

await describeDevice('kernels on a device', () => {
  describeKernels(checkOnDevice)

  test.each([
    [610, 601],
    [6200, 30],
    [30, 6200],
  ])('a product with large tiles, %i by %i', async (rows, columns) => {
    const g = new GraphBuilder()
    const [x, w] = [g.input('x', [rows, 21]), g.weight('w', [columns, 21])]
    await checkOnDevice(g.graph({ y: g.relu(g.linear(x, w)) }), 1)
  })
})
