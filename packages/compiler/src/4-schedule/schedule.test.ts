import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../tests/support/graph-builder.ts'
import type { Graph } from '../ir/graph/graph.ts'
import { schedule } from './schedule.ts'

const B = dims.symbol('B', { max: 256 })

function launches(graph: Graph): readonly string[] {
  return schedule(graph, { buffers: 8 }).launches.map((l) => l.ops.join(' '))
}

describe('dispatches', () => {
  test('an elementwise chain is one', () => {
    const g = new GraphBuilder()
    const x = g.input('x', [B, 100])
    let y = x
    for (let i = 0; i < 6; i++) y = g.emit('tanh', [g.binary('mul', y, g.constant(1.5, y.type.shape))], {})
    expect(launches(g.graph({ y }))).toHaveLength(1)
  })
  test('softmax is one', () => {
    const g = new GraphBuilder()
    expect(launches(g.graph({ y: g.softmax(g.input('x', [B, 1000])) }))).toEqual(['max sub exp sum div'])
  })
  test('layer norm is one', () => {
    const g = new GraphBuilder()
    const y = g.layerNorm(g.input('x', [B, 512]), g.weight('g', [512]), g.weight('b', [512]))
    expect(launches(g.graph({ y }))).toHaveLength(1)
  })
  test('linear, bias and relu are one; three layers are three', () => {
    const g = new GraphBuilder()
    let y = g.input('x', [B, 784])
    for (const [i, n] of [512, 512, 10].entries()) {
      const w = g.weight(`w${i}`, [n, Number(y.type.shape[1])])
      y = g.linear(y, w, g.weight(`b${i}`, [n]))
      if (i < 2) y = g.relu(y)
    }
    expect(launches(g.graph({ y }))).toEqual(['contract add maximum', 'contract add maximum', 'contract add'])
  })
  test('conv, bias and relu are one, and pooling stays in the same kernel where an image fits group memory', () => {
    const g = new GraphBuilder()
    const y = g.relu(g.conv(g.input('x', [B, 3, 32, 32]), g.weight('w', [16, 3, 3, 3]), g.weight('b', [16])))
    expect(launches(g.graph({ y }))).toEqual(['contract add maximum'])
    const z = g.maxPool(y)
    expect(launches(g.graph({ z }))).toEqual(['contract add maximum max'])
  })
  test('a transformer block is at most eight', () => {
    for (const T of [64, dims.symbol('T', { max: 128 })]) {
      const g = new GraphBuilder()
      const x = g.input('x', [B, T, 96])
      const w = (name: string, ...shape: number[]) => g.weight(name, shape)
      const n1 = g.layerNorm(x, w('g1', 96), w('b1', 96))
      const qkv = g.linear(n1, w('wqkv', 288, 96), w('bqkv', 288))
      const head = (at: number) => {
        const s = g.emit('slice', [qkv], { starts: [0, 0, at * 96], steps: [1, 1, 1], sizes: [B, T, 96] })
        return g.emit('permute', [g.emit('reshape', [s], { shape: [B, T, 4, 24] })], { axes: [0, 2, 1, 3] })
      }
      const scores = g.emit('contract', [head(0), head(1)], {
        a: ['b', 'h', 'i', 'd'],
        b: ['b', 'h', 'j', 'd'],
        out: ['b', 'h', 'i', 'j'],
      })
      const p = g.softmax(g.binary('mul', scores, g.constant(0.2, scores.type.shape)))
      const y = g.emit('contract', [p, head(2)], {
        a: ['b', 'h', 'i', 'j'],
        b: ['b', 'h', 'j', 'd'],
        out: ['b', 'h', 'i', 'd'],
      })
      const merged = g.emit('reshape', [g.emit('permute', [y], { axes: [0, 2, 1, 3] })], { shape: [B, T, 96] })
      const x1 = g.binary('add', x, g.linear(merged, w('wo', 96, 96), w('bo', 96)))
      const n2 = g.layerNorm(x1, w('g2', 96), w('b2', 96))
      const h = g.emit('tanh', [g.linear(n2, w('w1', 384, 96), w('bb1', 384))], {})
      const x2 = g.binary('add', x1, g.linear(h, w('w2', 96, 384), w('bb2', 96)))
      const found = launches(g.graph({ x2 }))
      expect(found.length, found.join('\n')).toBeLessThanOrEqual(8)
    }
  })
})
