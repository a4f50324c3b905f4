// Graphs of each kernel form, through schedule and WebAssembly, against the plain reference.

import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { schedule } from '../src/4-schedule/schedule.ts'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { wasmProgram } from './support/run-wasm.ts'

describe('kernels in WebAssembly', () => describeKernels(checkOnWasm))

test('the largest and the smallest of a row are NaN where the row has one', async () => {
  const g = new GraphBuilder()
  const x = g.input('x', [dims.symbol('B', { max: 256 }), 70])
  const reduce = (fn: 'max' | 'min') => g.emit('reduce', [x], { fn, axes: [1] })
  const graph = g.graph({ max: reduce('max'), min: reduce('min') })
  const program = await wasmProgram(schedule(graph, { buffers: 1000, machine: 'loops' }))
  const places = [0, 3, 30, 65, 69]
  const data = Array.from({ length: 70 * 7 }, (_, i) => ((i * 37) % 101) - 50)
  places.forEach((place, row) => (data[70 * row + place] = Number.NaN))
  const results = await program.run(new Map([['x', { shape: [7, 70], data }]]), new Map([['B', 7]]))
  const rows = Array.from({ length: 7 }, (_, row) => data.slice(70 * row, 70 * row + 70))
  expect(Array.from(results.get('max') ?? [])).toEqual(rows.map((row) => Math.max(...row)))
  expect(Array.from(results.get('min') ?? [])).toEqual(rows.map((row) => Math.min(...row)))
})
