// column-tests: contractions with few columns, whose rows lie side by side in memory, on any target

import { dims } from '@tsjit/dsl/compiler'
import { test } from 'vitest'
import { GraphBuilder } from './graph-builder.ts'
import type { CheckGraph } from './check-options.ts'

const B = dims.symbol('B', { max: 64 })

/** Describes them. */
export function describeColumns(check: CheckGraph): void {
  test.each([
    ['of few channels', 3, 5, 1],
    ['of a block and a part of one', 2, 18, 1],
    ['of many channels, in steps', 20, 19, 2],
  ] as const)('convolution %s', async (_, channels, outputs, stride) => {
    const W = dims.symbol('W', { min: 3, max: 256 })
    const g = new GraphBuilder()
    const x = g.input('x', [2, channels, 11, W])
    const padded = g.emit('pad', [g.relu(x)], { before: [0, 0, 1, 2], after: [0, 0, 1, 0], value: 0.5 })
    const h = g.emit('window', [padded], { axis: 2, size: 3, stride, dilation: 1 })
    const windows = g.emit('window', [h], { axis: 3, size: 3, stride, dilation: 1 })
    const y = g.emit('contract', [g.weight('w', [outputs, channels, 3, 3]), windows], {
      a: ['o', 'c', 'i', 'j'],
      b: ['b', 'c', 'y', 'x', 'i', 'j'],
      out: ['b', 'o', 'y', 'x'],
    })
    const bias = g.emit('reshape', [g.weight('b', [outputs])], { shape: [outputs, 1, 1] })
    const z = g.emit('tanh', [g.binary('mul', g.binary('add', y, bias), g.constant(0.1, y.type.shape))], {})
    await check(g.graph({ y, z }), [9, 20])
  })
  test.each([1, 300])('few rows times columns that lie side by side, %i', async (columns) => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 48, columns])
    const products = [7, 20].map((rows) =>
      g.emit('contract', [g.weight(`w${rows}`, [rows, 48]), x], {
        a: ['o', 'k'],
        b: ['b', 'k', 'i'],
        out: ['b', 'o', 'i'],
      }),
    )
    await check(g.graph({ y: products[0]!, z: products[1]! }), 3)
  })
}
