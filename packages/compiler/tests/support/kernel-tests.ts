// kernel-tests: graphs of each kernel form, for every target

import { dims } from '@tsjit/dsl/compiler'
import { test } from 'vitest'
import type { CheckGraph } from './check-options.ts'
import { describeColumns } from './column-tests.ts'
import { GraphBuilder } from './graph-builder.ts'

const B = dims.symbol('B', { max: 256 })

/** Declares the tests. */
export function describeKernels(check: CheckGraph): void {
  test.each([1, 5, 70])('elementwise chain, %i', async (size) => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 100])
    await check(g.graph({ y: g.emit('tanh', [g.binary('mul', x, g.constant(1.5, x.type.shape))], {}) }), size)
  })
  test.each([1, 7])('softmax, %i', async (size) => {
    const g = new GraphBuilder()
    await check(g.graph({ y: g.softmax(g.input('x', [B, 300])) }), size)
  })
  test.each([1, 7])('layer norm, %i', async (size) => {
    const g = new GraphBuilder()
    await check(g.graph({ y: g.layerNorm(g.input('x', [B, 96]), g.weight('g', [96]), g.weight('b', [96])) }), size)
  })
  test.each([1, 33])('three linear layers, %i', async (size) => {
    const g = new GraphBuilder()
    let y = g.input('x', [B, 70])
    for (const [i, n] of [130, 40, 10].entries())
      y = g.relu(g.linear(y, g.weight(`w${i}`, [n, Number(y.type.shape[1])]), g.weight(`b${i}`, [n])))
    await check(g.graph({ y }), size)
  })
  test.each([1, 3])('classifier: logits and probabilities, %i', async (size) => {
    const g = new GraphBuilder()
    const logits = g.linear(g.input('x', [B, 64]), g.weight('w', [10, 64]), g.weight('b', [10]))
    await check(g.graph({ logits, probs: g.softmax(logits) }), size)
  })
  test.each([1, 2])('convolution and pooling, %i', async (size) => {
    const g = new GraphBuilder()
    const y = g.relu(g.conv(g.input('x', [B, 3, 12, 10]), g.weight('w', [5, 3, 3, 3]), g.weight('b', [5])))
    await check(g.graph({ y, z: g.maxPool(y) }), size)
  })
  test.each([1, 2])('convolution of a large image, %i', async (size) => {
    const g = new GraphBuilder()
    const y = g.relu(g.conv(g.input('x', [B, 2, 40, 80]), g.weight('w', [4, 2, 3, 3]), g.weight('b', [4])))
    await check(g.graph({ z: g.maxPool(y) }), size)
  })
  describeColumns(check)
  test('a computed value times itself, every row with every row', async () => {
    const g = new GraphBuilder()
    const t = g.emit('tanh', [g.weight('w', [6, 5])], {})
    const y = g.emit('contract', [t, t], { a: ['a', 'k'], b: ['z', 'k'], out: ['a', 'z'] })
    const flipped = g.emit('slice', [y], { starts: [5, 0], steps: [-1, 1], sizes: [6, 6] })
    await check(g.graph({ y: g.emit('tanh', [flipped], {}) }), 1)
  })
  test.each([1, 2])('convolution of a flipped image, in steps, %i', async (size) => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 2, 9, 600])
    const flipped = g.emit('slice', [x], { starts: [0, 0, 8, 599], steps: [1, 1, -1, -1], sizes: [B, 2, 9, 600] })
    const outputs = [1, 2].map((stride) => {
      const h = g.emit('window', [flipped], { axis: 2, size: 3, stride, dilation: 1 })
      const windows = g.emit('window', [h], { axis: 3, size: 3, stride, dilation: 2 })
      return g.emit('contract', [windows, g.weight(`w${stride}`, [5, 2, 3, 3])], {
        a: ['b', 'c', 'y', 'x', 'i', 'j'],
        b: ['o', 'c', 'i', 'j'],
        out: ['b', 'o', 'y', 'x'],
      })
    })
    await check(g.graph({ y: outputs[0]!, z: outputs[1]! }), size)
  })
  test.each([2, 7])('transformer block, %i', async (size) => {
    const T = dims.symbol('T', { max: 128 })
    const g = new GraphBuilder()
    const x = g.input('x', [3, T, 32])
    const w = (name: string, ...shape: number[]) => g.weight(name, shape)
    const n1 = g.layerNorm(x, w('g1', 32), w('b1', 32))
    const qkv = g.linear(n1, w('wqkv', 96, 32), w('bqkv', 96))
    const head = (at: number) => {
      const s = g.emit('slice', [qkv], { starts: [0, 0, at * 32], steps: [1, 1, 1], sizes: [3, T, 32] })
      return g.emit('permute', [g.emit('reshape', [s], { shape: [3, T, 4, 8] })], { axes: [0, 2, 1, 3] })
    }
    const scores = g.emit('contract', [head(0), head(1)], {
      a: ['b', 'h', 'i', 'd'],
      b: ['b', 'h', 'j', 'd'],
      out: ['b', 'h', 'i', 'j'],
    })
    const p = g.softmax(g.binary('mul', scores, g.constant(0.35, scores.type.shape)))
    const y = g.emit('contract', [p, head(2)], {
      a: ['b', 'h', 'i', 'j'],
      b: ['b', 'h', 'j', 'd'],
      out: ['b', 'h', 'i', 'd'],
    })
    const merged = g.emit('reshape', [g.emit('permute', [y], { axes: [0, 2, 1, 3] })], { shape: [3, T, 32] })
    const x1 = g.binary('add', x, g.linear(merged, w('wo', 32, 32), w('bo', 32)))
    const n2 = g.layerNorm(x1, w('g2', 32), w('b2', 32))
    const h = g.emit('tanh', [g.linear(n2, w('w1', 128, 32), w('bb1', 128))], {})
    const x2 = g.binary('add', x1, g.linear(h, w('w2', 32, 128), w('bb2', 32)))
    await check(g.graph({ x2 }), size)
  })
  test('embedding, concatenation, strided slices', async () => {
    const g = new GraphBuilder()
    const ids = g.input('ids', [4, 6], 'i32')
    const e = g.emit('gather', [g.weight('table', [11, 8]), ids], { axis: 0 })
    const flipped = g.emit('slice', [e], { starts: [0, 5, 7], steps: [1, -1, -2], sizes: [4, 6, 4] })
    const both = g.emit('concat', [e, flipped], { axis: 2 })
    const many = g.emit(
      'concat',
      Array.from({ length: 6 }, () => g.emit('exp', [both], {})),
      { axis: 1 },
    )
    await check(g.graph({ both, many }), 1, { ids: Array.from({ length: 24 }, (_, i) => (i * 7) % 11) })
  })
}
