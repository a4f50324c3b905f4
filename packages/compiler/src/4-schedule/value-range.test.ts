// What numbers values can be, and products of bytes that make use of it.
import { expect, test } from 'vitest'
import { type GraphBuilder, createGraphBuilder } from '../ir/graph/build.ts'
import type { Graph } from '../ir/graph/graph.ts'
import { primitivesOf } from '../ir/graph/regions.ts'
import { interpretKernel } from '../ir/kernel/interpret.ts'
import { printKernel } from '../ir/kernel/print.ts'
import { verifyKernel } from '../ir/kernel/verify.ts'
import { schedule } from './schedule.ts'
import { type Range, valueRange } from './value-range.ts'

type Operations = GraphBuilder['operations']
type Tensor = ReturnType<GraphBuilder['input']>

const cases: readonly (readonly [string, (t: Operations, a: Tensor, b: Tensor) => Tensor, Range])[] = [
  ['a widened byte', (t, a) => t.cast(a, 'i32'), [-128, 127]],
  ['less a zero point', (t, a, b) => t.sub(t.cast(a, 'i32'), t.cast(b, 'i32')), [-383, 127]],
  [
    'padded and turned',
    (t, a) =>
      t.transpose(
        t.pad(
          t.cast(a, 'i32'),
          [
            [0, 1],
            [0, 0],
          ],
          { value: 300 },
        ),
        0,
        1,
      ),
    [-128, 300],
  ],
  ['a product', (t, a) => t.mul(t.cast(a, 'i32'), t.cast(a, 'i32')), [-16256, 16384]],
  ['clipped', (t, a) => t.clip(t.mul(t.cast(a, 'i32'), 1000), -5, 70), [-5, 70]],
  ['joined and chosen', (t, a, b) => t.concat([t.cast(a, 'i32'), t.neg(t.cast(b, 'i32'))]), [-255, 127]],
  ['bytes that wrap', (t, a) => t.cast(t.add(a, a), 'i32'), [-128, 127]],
  ['more than 32 bits', (t, a) => t.mul(t.mul(t.cast(a, 'i32'), 1e6), 1e6), [-(2 ** 31), 2 ** 31 - 1]],
  ['a float', (t, a) => t.cast(t.cast(a, 'f32'), 'i32'), [-(2 ** 31), 2 ** 31 - 1]],
]

test.each(cases)('%s', (_, make, range) => {
  const g = createGraphBuilder()
  const a = g.input('a', { dtype: 'i8', shape: [4, 3] })
  const b = g.input('b', { dtype: 'u8', shape: [4, 3] })
  const value = make(g.operations, a, b)
  const graph = g.finish(value)
  const producers = new Map(primitivesOf(graph.ops).map((op) => [op.result, op]))
  expect(valueRange(producers, value.value)).toEqual(range)
})

function product(depth: number): Graph {
  const g = createGraphBuilder()
  const t = g.operations
  const a = g.input('a', { dtype: 'i8', shape: [9, depth] })
  const b = g.input('b', { dtype: 'u8', shape: [depth, 10] })
  return g.finish(t.matmul(t.cast(a, 'i32'), t.cast(b, 'i32')))
}

test.each([8, 13])('products of bytes go by twos: %i summed', (depth) => {
  const { kernels, launches } = schedule(product(depth), { buffers: 8, machine: 'loops' })
  const [kernel] = kernels
  expect(kernels).toHaveLength(1)
  expect(printKernel(kernel!)).toContain('halves(')
  verifyKernel(kernel!)
  const a = Array.from({ length: 9 * depth }, (_, i) => ((i * 53) % 256) - 128)
  const b = Array.from({ length: depth * 10 }, (_, i) => (i * 71) % 256)
  const output = Array.from({ length: 90 }, () => 0)
  const buffers = new Map(kernel!.params.map(({ name }, i) => [name, [a, b, output][i]!]))
  interpretKernel(kernel!, {
    buffers,
    groups: launches[0]!.groups.map(Number) as [number, number, number],
  })
  const wanted = Array.from({ length: 90 }, (_, at) => {
    const [row, column] = [Math.floor(at / 10), at % 10]
    return Array.from({ length: depth }, (_, k) => a[row * depth + k]! * b[k * 10 + column]!).reduce((x, y) => x + y)
  })
  expect(output).toEqual(wanted)
})
