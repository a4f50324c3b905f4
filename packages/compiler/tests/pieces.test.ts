// Pieces that are computed alike are computed at once; the others stay as they are.

import { describe, expect, test } from 'vitest'
import type { Graph } from '../src/ir/graph/graph.ts'
import { primitivesOf } from '../src/ir/graph/regions.ts'
import { passesOf } from './support/passes-of.ts'

const count = ({ ops }: Graph, kind: string): number => primitivesOf(ops).filter((op) => op.kind === kind).length
const productsOf = (graph: Graph): number => count(graph, 'contract')

describe('parts of a concatenation', () => {
  test('by slices of the weights are one product', async () => {
    const graph = await passesOf(
      'x: f32(5, 6), w: f32(4, 6, 3)',
      'const { x, w } = given; return stack(range(4).map((i) => relu(tj`${x} @ ${w}[${i}]`)), 1)',
    )
    expect([productsOf(graph), count(graph, 'maximum'), count(graph, 'concat')]).toEqual([1, 1, 0])
  })

  test.each([0, 1, 2])('along axis %i, in any order', async (axis) => {
    const graph = await passesOf(
      'x: f32(T, 5, 6), w: f32(4, 6, 3)',
      `const { x, w } = given; return concat(range(4).map((i) => tj\`\${x} @ \${w}[\${3 - i}]\`), ${axis})`,
    )
    expect([productsOf(graph), count(graph, 'concat')]).toEqual([1, 0])
  })

  test('of attention by heads are one attention', async () => {
    const head = 'softmax(tj`${q}[:, ${8 * h}:${8 * h + 8}] @ ${k}[:, ${8 * h}:${8 * h + 8}].T * 0.3`, -1)'
    const graph = await passesOf(
      'q: f32(T, 24), k: f32(T, 24), v: f32(T, 24)',
      `const { q, k, v } = given
       return concat(range(3).map((h) => tj\`\${${head}} @ \${v}[:, \${8 * h}:\${8 * h + 8}]\`), 1)`,
    )
    expect([productsOf(graph), count(graph, 'reduce'), count(graph, 'concat')]).toEqual([2, 2, 0])
  })

  test('that overlap are windows', async () => {
    const graph = await passesOf(
      'x: f32(3, 8), w: f32(4, 2)',
      'const { x, w } = given; return concat(range(5).map((i) => tj`${x}[:, ${i}:${i + 4}] @ ${w}`), 0)',
    )
    expect([productsOf(graph), count(graph, 'concat')]).toEqual([1, 0])
  })

  test('stand beside others', async () => {
    const graph = await passesOf(
      'x: f32(2, 6), w: f32(4, 6, 6)',
      'const { x, w } = given; return concat([x, ...range(4).map((i) => tj`${x} @ ${w}[${i}]`), tanh(x)], 0)',
    )
    expect([productsOf(graph), count(graph, 'concat')]).toEqual([1, 1])
  })

  test('inside a loop stay inside', async () => {
    const graph = await passesOf(
      'x: f32(2, 4), w: f32(2, 4, 2), n: i32()',
      'const { x, w, n } = given; return forLoop(n, x, (h) => concat(range(2).map((i) => tanh(tj`${h} @ ${w}[${i}]`)), 1))',
    )
    expect([productsOf(graph), graph.ops.filter(({ kind }) => kind === 'contract')]).toEqual([1, []])
  })
})

describe('sums of products', () => {
  test('are one product', async () => {
    const graph = await passesOf(
      'x: f32(3, 5, 6), w: f32(3, 6, 2), b: f32(2)',
      'const { x, w, b } = given; let y = zeros([5, 2]); for (const c of range(3)) y = tj`${y} + ${x}[${c}] @ ${w}[${c}]`; return tj`${y} + ${b}`',
    )
    expect(productsOf(graph)).toBe(1)
  })

  test('and a convolution by hand', async () => {
    const graph = await passesOf(
      'x: f32(1, 3, 6, 7), w: f32(4, 3, 9)',
      `const { x, w } = given
       const windows = unfold(x, 3).reshape([3, 9, 20])
       return stack(range(4).map((o) => {
         let image = zeros([20])
         for (const c of range(3)) image = tj\`\${image} + \${w}[\${o}, \${c}] @ \${windows}[\${c}]\`
         return image.reshape([4, 5])
       }))`,
    )
    expect([productsOf(graph), count(graph, 'concat')]).toEqual([1, 0])
  })

  test('of integers', async () => {
    const graph = await passesOf(
      'x: i32(3, 4, 2), w: i32(3, 2, 2)',
      'const { x, w } = given; return tj`${x}[0] @ ${w}[0] + ${x}[1] @ ${w}[1] + ${x}[2] @ ${w}[2]`',
    )
    expect(productsOf(graph)).toBe(1)
  })
})

describe('pieces stay as they are', () => {
  test.each([
    ['of other weights', 'concat([tj`${x} @ ${u}`, tj`${x} @ ${v}`], 0)', 2],
    ['that are not equally far apart', 'concat([0, 1, 3].map((i) => tj`${x} @ ${w}[${i}]`), 0)', 3],
    ['that are computed in other ways', 'concat([tanh(tj`${x} @ ${w}[0]`), relu(tj`${x} @ ${w}[1]`)], 0)', 2],
    ['with nothing heavy', 'concat([0, 1].map((i) => tanh(tj`${w}[${i}] * 2`)), 0)', 0],
    ['of a sum with one factor alike', 'tj`${x} @ ${w}[0] + ${x} @ ${w}[1]`', 2],
  ])('%s', async (_, body, wanted) => {
    const inputs = 'x: f32(5, 6), u: f32(6, 2), v: f32(6, 2), w: f32(4, 6, 2)'
    const graph = await passesOf(inputs, `const { x, u, v, w } = given; return ${body}`)
    expect(productsOf(graph)).toBe(wanted)
  })

  test('where something else reads one of them', async () => {
    const graph = await passesOf(
      'x: f32(5, 6), w: f32(4, 6, 2)',
      'const { x, w } = given; const ys = range(3).map((i) => tj`${x} @ ${w}[${i}]`); return { y: concat(ys, 0), z: exp(ys[1]) }',
    )
    expect(productsOf(graph)).toBe(3)
  })

  test('where all of them at once could take too much memory', async () => {
    const graph = await passesOf(
      'x: f32(2, T, T, T, T, T, 2), w: f32(2, 2, 2)',
      'const { x, w } = given; return concat(range(2).map((i) => tj`${x}[${i}] @ ${w}[${i}]`), 0)',
      { T: 1 },
    )
    expect(productsOf(graph)).toBe(2)
  })
})
