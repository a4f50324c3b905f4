// flow-tests: programs with control flow that were computed wrongly once

import { test } from 'vitest'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** Declares the tests. */
export function describeFlow(check: (graph: Graph) => Promise<void> | void): void {
  test('what decides inside a loop that never runs is an output too', () => {
    const g = new GraphBuilder()
    const x = g.input('x', [3])
    const flag = g.constant(1, [], 'bool')
    const none = g.constant(0, [], 'i32')
    const [last = x] = g.loop({
      init: [x],
      count: none,
      body: ([carry = x]) => g.branch(flag, [() => [g.emit('sin', [carry], {})], () => [g.emit('cos', [carry], {})]]),
    })
    return check(g.graph({ last, flag }))
  })

  test('a view that decides inside an arm decides after it', () => {
    const g = new GraphBuilder()
    const x = g.input('x', [3])
    const p = g.input('p', [2], 'bool')
    const at = (i: number) =>
      g.emit('reshape', [g.emit('slice', [p], { starts: [i], steps: [1], sizes: [1] })], { shape: [] })
    const inner = at(1)
    const arms = [() => [g.emit('sin', [x], {})], () => [g.emit('cos', [x], {})]]
    const [first = x] = g.branch(at(0), [() => g.branch(inner, arms), () => [x]])
    const [second = x] = g.branch(inner, arms)
    return check(g.graph({ first, second }))
  })

  test('a loop that a test ends, inside of one that is counted, and after another', () => {
    const g = new GraphBuilder()
    const x = g.input('x', [4])
    const until = (start: typeof x, limit: number) => {
      const [, found = start] = g.loop({
        init: [g.constant(0, [], 'i32'), start],
        count: undefined,
        test: ([turn = start]) => g.emit('lt', [turn, g.constant(limit, [], 'i32')], {}),
        body: ([turn = start, carry = start]) => [
          g.emit('add', [turn, g.constant(1, [], 'i32')], {}),
          g.emit('add', [carry, g.emit('sin', [carry], {})], {}),
        ],
      })
      return found
    }
    const first = until(x, 5)
    const [last = x] = g.loop({
      init: [first],
      count: 3,
      body: ([carry = x]) => [g.emit('tanh', [until(g.emit('cos', [carry], {}), 7)], {})],
    })
    return check(g.graph({ first, last }))
  })

  test('a loop begins with a view of what is computed for it alone', () => {
    const g = new GraphBuilder()
    const x = g.input('x', [2, 3])
    const y = g.emit('mul', [x, x], {})
    const view = g.emit('permute', [y], { axes: [1, 0] })
    const rows = g.emit('reduce', [view], { fn: 'sum', axes: [1] })
    const spread = g.emit('expand', [g.emit('reshape', [rows], { shape: [3, 1] })], { shape: [3, 2] })
    const [last = x] = g.loop({
      init: [view],
      count: 2,
      body: ([carry = x]) => [g.emit('sin', [g.emit('add', [carry, spread], {})], {})],
    })
    return check(g.graph({ last }))
  })

  test('a stack without rows, beside more buffers than one kernel binds', () => {
    const g = new GraphBuilder()
    const inits = Array.from({ length: 9 }, (_, i) => g.input(`x${i}`, [2 + i]))
    const results = g.loop({ init: inits, count: 0, body: (carry) => [...carry, ...inits.slice(0, 1)] })
    return check(g.graph(Object.fromEntries(results.map((value, i) => [`o${i}`, value]))))
  })

  test('a cell whose gates are parts of one product, carried on by what reads all of it', () => {
    const g = new GraphBuilder()
    const [rows, width] = [4, 16]
    const xs = g.input('xs', [5, rows, 2 * width])
    const weight = g.weight('weight', [2 * width, width])
    const bias = g.weight('bias', [2 * width])
    const h0 = g.input('h0', [rows, width])
    const [h = h0, c = h0, all = h0] = g.loop({
      init: [h0, g.constant(0, [rows, width])],
      count: 5,
      body: ([h = h0, c = h0], turn) => {
        const x = g.emit('slice', [xs], { starts: [turn, 0, 0], steps: [1, 1, 1], sizes: [1, rows, 2 * width] })
        const product = g.emit('contract', [h, weight], { a: ['i', 'k'], b: ['j', 'k'], out: ['i', 'j'] })
        const gates = g.binary(
          'add',
          g.binary('add', product, g.emit('reshape', [x], { shape: [rows, 2 * width] })),
          bias,
        )
        const part = (from: number) =>
          g.emit('slice', [gates], { starts: [0, from], steps: [1, 1], sizes: [rows, width] })
        const next = g.binary(
          'add',
          g.binary('mul', g.emit('tanh', [part(0)], {}), c),
          g.emit('sin', [part(width)], {}),
        )
        const [nextH, sum] = [g.emit('tanh', [next], {}), g.reduceLast('sum', next)]
        return [g.binary('add', nextH, sum), next, nextH]
      },
    })
    return check(g.graph({ h, c, all }))
  })

  test('a test ends what products of columns carry on, in a loop that is counted', () => {
    const g = new GraphBuilder()
    const [rows, width] = [3, 32]
    const x = g.input('x', [rows, width])
    const weight = g.weight('weight', [width, width])
    const [last = x] = g.loop({
      init: [x],
      count: 3,
      body: ([outer = x]) => {
        const [, inner = x, other = x] = g.loop({
          init: [g.constant(0, [], 'i32'), outer, x],
          count: undefined,
          test: ([turn = x]) => g.emit('lt', [turn, g.constant(3, [], 'i32')], {}),
          body: ([turn = x, a = x, b = x]) => {
            const product = g.emit('contract', [a, weight], { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
            const scaled = g.binary('mul', product, g.constant(0.1, [rows, width]))
            const one = g.constant(1, [], 'i32')
            return [g.emit('add', [turn, one], {}), g.emit('sin', [g.binary('add', scaled, b)], {}), a]
          },
        })
        return [g.emit('sin', [g.binary('add', inner, other)], {})]
      },
    })
    return check(g.graph({ last }))
  })
}
