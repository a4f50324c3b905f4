// Graphs of each kernel form, through schedule and WebAssembly, against the plain reference.

import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { optimize } from '../src/3-optimize/optimize.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import type { Value } from '../src/ir/graph/graph.ts'
import type { Expr } from '../src/ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../src/ir/kernel/visit.ts'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { describeKernels } from './support/kernel-tests.ts'
import { lowerText } from './support/lower-text.ts'
import { wasmProgram } from './support/run-wasm.ts'

describe('kernels in WebAssembly', () => describeKernels(checkOnWasm))

const B = dims.symbol('B', { max: 256 })

describe('tiles of contractions', () => {
  test.each([2])('convolutions to many channels, padded, in steps, one a channel, %i', async (size) => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 8, 7, 24])
    const padded = g.emit('pad', [x], { before: [0, 0, 1, 1], after: [0, 0, 1, 1], value: 0.5 })
    const windows = (from: typeof x, stride: number) => {
      const h = g.emit('window', [from], { axis: 2, size: 3, stride, dilation: 1 })
      return g.emit('window', [h], { axis: 3, size: 3, stride, dilation: 1 })
    }
    const convolve = (from: typeof x, name: string, channels: number) =>
      g.relu(
        g.emit('contract', [from, g.weight(name, [channels, 8, 3, 3])], {
          a: ['b', 'c', 'y', 'x', 'i', 'j'],
          b: ['o', 'c', 'i', 'j'],
          out: ['b', 'o', 'y', 'x'],
        }),
      )
    const each = g.emit('contract', [windows(padded, 1), g.weight('each', [8, 3, 3])], {
      a: ['b', 'c', 'y', 'x', 'i', 'j'],
      b: ['c', 'i', 'j'],
      out: ['b', 'c', 'y', 'x'],
    })
    await checkOnWasm(
      g.graph({
        plain: convolve(windows(x, 1), 'plain', 10),
        padded: convolve(windows(padded, 1), 'padded', 16),
        strided: convolve(windows(padded, 2), 'strided', 9),
        few: convolve(windows(x, 1), 'few', 3),
        each,
      }),
      size,
    )
  })
  test.each([
    [1, 20],
    [5, 63],
    [63, 64],
    [70, 66],
    [70, 75],
    [128, 136],
  ])('rows by %i rows of %i weights', async (columns, depth) => {
    const g = new GraphBuilder()
    const product = (x: Value, w: Value): Value =>
      g.relu(g.emit('contract', [x, w], { a: ['i', 'k'], b: ['j', 'k'], out: ['i', 'j'] }))
    const w = g.weight('w', [columns, depth])
    const rows = [1, 2, 3, 7, 9].map(
      (count) => [`y${count}`, product(g.weight(`x${count}`, [count, depth]), w)] as const,
    )
    const x = g.input('x', [B, depth])
    const graph = g.graph({ ...Object.fromEntries(rows), y: product(x, w), t: product(g.weight('x3', [3, depth]), x) })
    await checkOnWasm(graph, 67)
  })
  test.each([9, 37])('products of deep matrices, as they are and transposed, %i', async (size) => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 1100])
    const y = g.emit('contract', [x, g.weight('w', [1100, 70])], { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
    const u = g.emit('contract', [g.weight('v', [1100, 30]), g.weight('w', [1100, 70])], {
      a: ['k', 'i'],
      b: ['k', 'j'],
      out: ['i', 'j'],
    })
    const t = g.input('t', [B, 90])
    const squares = g.emit('contract', [t, t], { a: ['n', 'i'], b: ['n', 'j'], out: ['i', 'j'] })
    await checkOnWasm(g.graph({ y, u, squares }), size)
  })
})

test('the largest and the smallest of a row are NaN where the row has one', async () => {
  const g = new GraphBuilder()
  const x = g.input('x', [B, 70])
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

test.each([2, 3])('windows of %i are pooled four at a time', async (size) => {
  const g = new GraphBuilder()
  const x = g.input('x', [B, 25, 25])
  const rows = g.emit('window', [x], { axis: 1, size, stride: 2, dilation: 1 })
  const windows = g.emit('window', [rows], { axis: 2, size, stride: 2, dilation: 1 })
  const graph = g.graph({ y: g.emit('reduce', [windows], { fn: 'max', axes: [3, 4] }) })
  const [kernel] = schedule(graph, { buffers: 1000, machine: 'loops' }).kernels
  const widths: number[] = []
  forEachStmt(kernel?.body ?? [], (stmt) => stmt.kind === 'store' && widths.push(stmt.value.width))
  expect(widths).toContain(4)
  await checkOnWasm(graph, 3)
})

test('what a turn carries on and stacks is computed once, from vectors in memory', async () => {
  const { module } =
    await lowerText(`import { f32, model, scan, sigmoid, split, stack, tanh, tj, zeros } from '@tsjit/dsl'
export const m = model({
  inputs: { x: f32(9, 8, 32), w: f32(8, 32) },
  forward({ x, w }) {
    const [last, all] = scan([zeros([8, 8]), zeros([8, 8])], x, ([h, c], row) => {
      const [a, b, d, e] = split(tj\`\${row} + \${h} @ \${w}\`, 4, -1)
      const next = tj\`sigmoid(\${a}) * \${c} + sigmoid(\${b}) * tanh(\${d})\`
      const shown = tj\`sigmoid(\${e}) * tanh(\${next})\`
      return [[shown, next], shown]
    })
    return { all, h: last[0] }
  },
})`)
  const [graph] = module?.graphs ?? []
  if (graph === undefined) throw new Error('no graph')
  const found: Expr[] = []
  for (const { body } of schedule(optimize(graph), { buffers: 1000, machine: 'loops' }).kernels)
    forEachStmt(body, (stmt) => forEachExpr(valuesOf(stmt), (expr) => found.push(expr)))
  const applied = found.flatMap((expr) => (expr.kind === 'apply' ? [expr.op] : []))
  expect(applied.filter((op) => op === 'exp' || op === 'tanh')).toHaveLength(5)
  expect(found.filter(({ kind }) => kind === 'pack')).toEqual([])
})
