// Graphs: built, printed, verified.
import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import { createGraphBuilder } from './build.ts'
import type { Graph, GraphOp } from './graph.ts'
import { printGraph } from './print.ts'
import { verifyGraph } from './verify.ts'

const B = dims.symbol('B', { max: 8 })

const example = (): Graph => {
  const g = createGraphBuilder('example')
  const x = g.input('x', { dtype: 'f32', shape: [B, 3] })
  const w = g.weight('fc.weight', { dtype: 'f32', shape: [4, 3] })
  const y = g.emit('contract', [x, w], { a: ['b', 'k'], b: ['j', 'k'], out: ['b', 'j'] })
  const zero = g.emit('constant', [], { value: 0, dtype: 'f32' })
  const zeros = g.emit('expand', [g.emit('reshape', [zero], { shape: [1, 1] })], { shape: [B, 4] })
  const relu = g.emit('maximum', [y, zeros], {})
  const sum = g.emit('reduce', [relu], { fn: 'sum', axes: [1] })
  const part = g.emit('slice', [relu], { starts: [0, 1], steps: [1, 2], sizes: [B, 2] })
  const count = g.emit('cast', [g.emit('dimension', [], { value: B })], { dtype: 'f32' })
  return g.finish({ sum, 'parts.0': part, count })
}

test('a graph prints one line a value', () => {
  expect(printGraph(example())).toMatchInlineSnapshot(`
    "graph example  B: 1..8
      %x         f32[B,3]  input
      %fc.weight f32[4,3]  param
      %1         f32[B,4]  contract %x %fc.weight   b k, j k -> b j
      %2         f32[1,1]  reshape 0
      %3         f32[B,4]  expand %2
      %4         f32[B,4]  maximum %1 %3
      %5         f32[B]    reduce sum %4 [1]
      %6         f32[B,2]  slice %4 [0:B, 1:5:2]
      %7         f32[]     cast B f32
      output sum %5
      output parts.0 %6
      output count %7"
  `)
  verifyGraph(example())
})

test('operations of the DSL build too', () => {
  const g = createGraphBuilder()
  const x = g.input('x', { dtype: 'f32', shape: [2, 3] })
  const graph = g.finish(g.operations.softmax(x, -1))
  verifyGraph(graph)
  expect(graph.outputs.map(({ path }) => path)).toEqual(['output'])
  expect(graph.ops.map(({ kind }) => kind)).toContain('exp')
})

const broken: readonly (readonly [message: string, change: (graph: Graph) => Graph])[] = [
  ['reads a value that is not in scope', (g) => ({ ...g, ops: g.ops.toReversed() })],
  ['makes a value that is there already', (g) => ({ ...g, ops: [...g.ops, ...g.ops.slice(-1)] })],
  ['output sum is not in scope', (g) => ({ ...g, ops: g.ops.filter(({ kind }) => kind !== 'reduce') })],
  ['x is there twice', (g) => ({ ...g, inputs: [...g.inputs, ...g.inputs] })],
  ['has the dimension B, which no input has', (g) => ({ ...g, dims: [] })],
  ['is f32[7], but its rule gives f32[B]', (g) => ({ ...g, ops: g.ops.map(withShape7), outputs: [] })],
]

const withShape7 = (op: GraphOp): GraphOp =>
  op.kind === 'reduce' ? { ...op, result: { id: 99, type: { dtype: 'f32', shape: [7] } } } : op

test.each(broken)('%s', (message, change) => {
  expect(() => verifyGraph(change(example()), 'after test')).toThrow(`internal: after test: graph example:`)
  expect(() => verifyGraph(change(example()))).toThrow(message)
})
