// C gives the bits of WebAssembly where both round products and sums one by one: kernels and routines are the same.

import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import { schedule } from '../src/4-schedule/schedule.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import type { ScalarOp } from '../src/ir/kernel/kernel.ts'
import { randomCases } from './support/c-cases.ts'
import { bytesOfTensors, compileModels } from './support/c-program.ts'
import { givenTo } from './support/given.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { randomProgram } from './support/random-flow.ts'
import { randomGraph } from './support/random-graph.ts'
import { wasmProgram } from './support/run-wasm.ts'

// not tan, pow and the inverse functions: WebAssembly has routines for four lanes of its own for these; numbers.c.test.ts
// holds both to the same bounds
const unary: readonly ScalarOp[] = ['exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos']
const more: readonly ScalarOp[] = [
  'sinh',
  'cosh',
  'tanh',
  'erf',
  'floor',
  'ceil',
  'trunc',
  'round',
  'sign',
  'abs',
  'neg',
]

function elementwise(): Graph {
  const B = dims.symbol('B', { max: 64 })
  const g = new GraphBuilder()
  const [x, y] = [g.input('x', [B, 37]), g.input('y', [B, 37])]
  const scaled = g.binary('mul', x, g.constant(30, x.type.shape))
  const one = [...unary, ...more].map((op) => [op, g.emit(op as 'exp', [scaled], {})] as const)
  const two = (['mod', 'floorDiv', 'maximum', 'minimum', 'div'] as const).map((op) => {
    return [op, g.binary(op as 'add', scaled, y)] as const
  })
  return g.graph(Object.fromEntries([...one, ...two]))
}

async function check(graphs: readonly Graph[]): Promise<void> {
  const plans = graphs.map((graph, i) => {
    return schedule({ ...graph, name: `m${i}` }, { buffers: 100, machine: 'loops' })
  })
  const sources = plans.map((plan) => ({ name: plan.graph.name, modes: [{ mode: plan.graph.mode, plans: [plan] }] }))
  const compiled = await compileModels(sources, { flags: ['-O2', '-ffp-contract=off'] })
  for (const plan of plans) {
    const { graph } = plan
    const sizes = new Map(graph.dims.map((d) => [d.name, 3]))
    const given = givenTo(graph, sizes)
    const wanted = await (await wasmProgram(plan, false)).run(given, sizes)
    const { inputs, weights } = bytesOfTensors(graph, given)
    const [result] = compiled.run(graph.name, weights, [{ inputs, mode: graph.mode }])
    expect(result?.error).toBeUndefined()
    for (const { path } of graph.outputs) {
      const want = wanted.get(path) as Float32Array<ArrayBuffer>
      const bits = Buffer.from(want.buffer, want.byteOffset, want.byteLength)
      expect(isSame(Buffer.from(result?.outputs.get(path)?.bytes ?? []), bits), `${graph.name} ${path}`).toBe(true)
    }
  }
}

/** NaN have many bits. */
function isSame(a: Buffer, b: Buffer): boolean {
  if (a.equals(b)) return true
  if (a.length !== b.length || a.length % 4 !== 0) return false
  const [x, y] = [a, b].map((each) => new Float32Array(Uint8Array.from(each).buffer))
  return x!.every((value, i) => Object.is(value, y![i]))
}

test.each([
  ['every function', [elementwise()]],
  ['random programs', randomCases(randomGraph, 15, 20)],
  ['random programs with control flow', randomCases(randomProgram, 15, 21)],
] as const)('%s', { timeout: 300_000 }, (_, graphs) => check(graphs))
