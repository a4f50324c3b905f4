// Loops and branches through the passes: fewer ops, the same values.

import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import type { Graph, GraphOp } from '../src/ir/graph/graph.ts'
import { regionsOf } from '../src/ir/graph/regions.ts'
import { passesOf } from './support/passes-of.ts'

const kinds = (ops: readonly GraphOp[]): readonly string[] => ops.map(({ kind }) => kind)
const loopsOf = (graph: Graph): readonly GraphOp[] => graph.ops.filter(({ kind }) => kind === 'loop')
const insideOf = (graph: Graph): readonly string[] =>
  loopsOf(graph).flatMap((op) => regionsOf(op).flatMap(({ ops }) => kinds(ops)))

const recurrence = 'const { x, w, u } = given; let h = zeros([2, 4]); const ys = [];'
const unrolled = (turns: number, rest: string): string =>
  `${recurrence} for (let t = 0; t < ${turns}; t++) { h = tanh(tj\`\${x}[\${t}] @ \${w} + \${h} @ \${u}\`); ys.push(h) } ${rest}`

describe('rolling', () => {
  test.each([
    ['all turns', 'return { ys: stack(ys), h }'],
    ['the last turn', 'return h'],
    ['one before the last', 'return ys[10]'],
    ['two, and arithmetic on them', 'return tj`${ys[2]} * ${ys[11]} + ${h}`'],
  ])('a recurrence written as a for loop, of which %s is read', async (_, rest) => {
    const graph = await passesOf('x: f32(12, 2, 3), w: f32(3, 4), u: f32(4, 4)', unrolled(12, rest))
    expect(loopsOf(graph)).toHaveLength(1)
    expect(graph.ops.length).toBeLessThan(40)
  })

  test('joined rows of a stack are the stack', async () => {
    const graph = await passesOf('x: f32(12, 2, 3), w: f32(3, 4), u: f32(4, 4)', unrolled(12, 'return stack(ys)'))
    expect(kinds(graph.ops)).not.toContain('concat')
  })

  test('few turns, or turns without anything heavy, stay as they are', async () => {
    const few = await passesOf('x: f32(4, 2, 3), w: f32(3, 4), u: f32(4, 4)', unrolled(4, 'return h'))
    expect(loopsOf(few)).toEqual([])
    const light = await passesOf(
      'x: f32(2, 4)',
      'let { x } = given; for (let k = 0; k < 20; k++) x = tj`tanh(${x} * 0.9)`; return x',
    )
    expect(loopsOf(light)).toEqual([])
  })

  test('layers of other weights are not turns', async () => {
    const inputs = Array.from({ length: 12 }, (_, i) => `w${i}: f32(4, 4)`).join(', ')
    const graph = await passesOf(
      `x: f32(2, 4), ${inputs}`,
      `let { x } = given; for (let k = 0; k < 12; k++) x = tanh(tj\`\${x} @ \${given[\`w\${k}\`]}\`); return x`,
    )
    expect(loopsOf(graph)).toEqual([])
  })
})

describe('loops', () => {
  test('a product of rows is computed before the loop over them', async () => {
    const graph = await passesOf(
      'x: f32(T, 2, 3), w: f32(3, 4), u: f32(4, 4)',
      'const { x, w, u } = given; return scan(zeros([2, 4]), x, (h, xt) => { const n = tanh(tj`${xt} @ ${w} + ${h} @ ${u}`); return [n, n] })[1]',
    )
    expect(insideOf(graph).filter((kind) => kind === 'contract')).toHaveLength(1)
    expect(kinds(graph.ops).filter((kind) => kind === 'contract')).toHaveLength(1)
  })

  test('so is one of rows from the last to the first', async () => {
    const graph = await passesOf(
      'x: f32(T, 2, 3), w: f32(3, 4), u: f32(4, 4)',
      'const { x, w, u } = given; return scan(zeros([2, 4]), x, (h, xt) => { const n = tanh(tj`${xt} @ ${w} + ${h} @ ${u}`); return [n, n] }, { reverse: true })[1]',
      { T: 7 },
    )
    expect(insideOf(graph).filter((kind) => kind === 'contract')).toHaveLength(1)
  })

  test('what does not change is computed before the loop', async () => {
    const graph = await passesOf(
      'x: f32(4), n: i32()',
      'const { x, n } = given; return forLoop(n, x, (a) => tj`${a} * sum(${x})`)',
    )
    expect(insideOf(graph)).not.toContain('reduce')
  })

  test('an arm keeps what only it needs', async () => {
    const graph = await passesOf(
      'x: f32(4), n: i32()',
      'const { x, n } = given; return forLoop(n, x, (a) => cond(tj`sum(${a}) > 0`, () => tj`${a} * tanh(${x})`, () => a))',
    )
    expect(kinds(graph.ops)).not.toContain('tanh')
  })

  test('a carry that never changes is not carried', async () => {
    const graph = await passesOf(
      'x: f32(4), n: i32()',
      'const { x, n } = given; return forLoop(n, { a: x, b: x }, ({ a, b }) => ({ a: tj`${a} + ${b}`, b }))',
    )
    expect(loopsOf(graph).map((op) => regionsOf(op).at(-1)?.params.length)).toEqual([1])
  })

  test('a stack that nobody reads is not made', async () => {
    const graph = await passesOf(
      'x: f32(T, 4)',
      'return scan(zeros([4]), given.x, (h, xt) => [tj`${h} + ${xt}`, tj`tanh(${h})`])[0]',
    )
    expect(insideOf(graph)).not.toContain('tanh')
  })

  test('no turn and one turn are no loops', async () => {
    const graph = await passesOf(
      'x: f32(1, 4)',
      'const { x } = given; return { a: scan(zeros([4]), x, (h, xt) => [tj`${h} + ${xt}`, h]), b: forLoop(0, x, (a) => tj`${a} + 1`) }',
    )
    expect(loopsOf(graph)).toEqual([])
  })

  test('a branch that is decided is its arm', async () => {
    const graph = await passesOf(
      'x: f32(4)',
      'const { x } = given; return cond(tj`2 > 1`, () => tj`${x} + 1`, () => tj`${x} * 2`)',
    )
    expect(kinds(graph.ops)).not.toContain('branch')
  })
})

test('counters are no dimensions of the program', async () => {
  const graph = await passesOf('x: f32(T, 4)', 'return scan(zeros([4]), given.x, (h, xt) => [tj`${h} + ${xt}`, h])[1]')
  expect(graph.dims.map(({ dim }) => dims.printDim(dim))).toEqual(['T'])
})
