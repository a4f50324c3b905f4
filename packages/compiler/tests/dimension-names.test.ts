// Dimensions may be called like what kernels name: indices, groups, lanes, parameters.

import { dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { nameForKernels } from '../src/4-schedule/kernel-names.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import { verifyPlan } from '../src/ir/plan/verify.ts'
import { checkByInterpreter } from './support/check-by-interpreter.ts'
import { checkOnWasm } from './support/check-on-wasm.ts'
import { GraphBuilder } from './support/graph-builder.ts'

/** Softmax of rows and a product, with two dimensions. */
function graphWith(first: string, second: string): Graph {
  const g = new GraphBuilder()
  const [a, b] = [dims.symbol(first, { min: 1, max: 300 }), dims.symbol(second, { min: 1, max: 300 })]
  const [x, w] = [g.input('x', [a, b]), g.input('w', [b, a])]
  const product = g.emit('contract', [x, w], { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
  return g.graph({ rows: g.softmax(x), product })
}

describe.each([
  ['f', 'n'],
  ['q', 'k0'],
  ['g0', 'l0'],
  ['tm', 'tn'],
  ['m0', 'v1'],
  ['p0', 'a0'],
  ['s0', 's0_'],
])('%s and %s', (first, second) => {
  const sizes = [23]
  test.each(['lanes', 'cuda'] as const)('%s', (machine) =>
    checkByInterpreter(graphWith(first, second), sizes, { machine }),
  )
  test('WebAssembly', () => checkOnWasm(graphWith(first, second), sizes))
})

test('a plan has the names of the app, and kernels have their own', () => {
  const graph = graphWith('n', 'Rows')
  const plan = schedule(graph, { buffers: 8 })
  verifyPlan(plan)
  expect(plan.graph).toBe(graph)
  expect(plan.kernels[0]?.dims).toEqual(['n_', 'Rows'])
  const symbols = plan.launches.flatMap(({ groups }) => groups.flatMap(dims.symbolsOf)).map(({ name }) => name)
  expect(symbols).toContain('n')
  expect(symbols).not.toContain('n_')
})

test('a graph whose names are no kernel’s stays the same', () => {
  const graph = graphWith('B', 'Rows')
  expect(nameForKernels(graph).graph).toBe(graph)
})
