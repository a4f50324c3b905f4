// Which stage computes what.
import { expect, test } from 'vitest'
import type { Graph, HostCall } from '../ir/graph/graph.ts'
import { createGraphBuilder } from '../ir/graph/build.ts'
import { printGraph } from '../ir/graph/print.ts'
import { verifyGraph } from '../ir/graph/verify.ts'
import { cutAtHost } from './cut-host.ts'

function example(): Graph {
  const g = createGraphBuilder('example')
  const t = g.operations
  const x = g.input('x', { dtype: 'f32', shape: [4, 3] })
  const w = g.weight('w', { dtype: 'f32', shape: [3] })
  const given = g.input('given', { dtype: 'f32', shape: [4] })
  const row = t.expand(t.reshape(w, [1, 3]), [4, 3])
  const shared = t.mul(x, row)
  const sum = t.sum(shared, 1)
  const late = t.exp(shared)
  const graph = g.finish({ y: t.add(t.mul(late, row), t.reshape(given, [4, 1])), x })
  // what a function returns is made by no op, so it is no input of the app
  const inputs = graph.inputs.filter(({ path }) => path !== 'given')
  const fn = { file: 'm.tsjit', node: {} as HostCall['fn']['node'], captures: new Map() }
  const [{ origin } = { origin: { span: { file: '', start: 0, end: 0 }, calls: [] } }] = graph.inputs
  return {
    ...graph,
    inputs,
    hostCalls: [{ fn, args: [sum.value], results: [{ path: '', value: given.value }], origin }],
  }
}

test('what is needed first is computed first, and what is needed again stays', () => {
  const stages = cutAtHost(example())
  stages.forEach((stage) => verifyGraph(stage))
  expect(stages.map(printGraph)).toMatchInlineSnapshot(`
    [
      "graph example
      %x f32[4,3]  input
      %w f32[3]    param
      %1 f32[1,3]  reshape %w
      %2 f32[4,3]  expand %1
      %3 f32[4,3]  mul %x %2
      %4 f32[4]    reduce sum %3 [1]
      output %7 %4
      output %1 %x
      output %6 %3",
      "graph example
      %%1 f32[4,3]  input
      %%3 f32[4]    input
      %%6 f32[4,3]  input
      %w  f32[3]    param
      %1  f32[1,3]  reshape %w
      %2  f32[4,3]  expand %1
      %3  f32[4,3]  exp %%6
      %4  f32[4,3]  mul %3 %2
      %5  f32[4,1]  reshape %%3
      %6  f32[4,3]  expand %5
      %7  f32[4,3]  add %4 %6
      output y %7
      output x %%1",
    ]
  `)
})

test('a graph without calls stays as it is', () => {
  const { hostCalls: _, ...graph } = example()
  expect(cutAtHost(graph)).toEqual([graph])
})
