// check-on-wasm: a graph through schedule and WebAssembly, against the plain reference

import { expect } from 'vitest'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { verifyKernel } from '../../src/ir/kernel/verify.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import { tensorOf } from './check-on-device.ts'
import { type RefTensor, runReference } from './reference.ts'
import { wasmProgram } from './run-wasm.ts'

/** Runs the graph with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export async function checkOnWasm(
  graph: Graph,
  sizes: number | readonly number[],
  extra: Readonly<Record<string, readonly number[]>> = {},
): Promise<void> {
  const plan = schedule(graph, { buffers: 1000, machine: 'loops' })
  plan.kernels.forEach(verifyKernel)
  verifyPlan(plan)
  const program = await wasmProgram(plan)
  const weights = new Map<string, RefTensor>()
  graph.weights.forEach((w, i) => weights.set(w.path, tensorOf(w.value.type.shape, new Map(), extra[w.path], i + 100)))
  for (const size of typeof sizes === 'number' ? [sizes] : sizes) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = new Map(weights)
    graph.inputs.forEach((g, i) => given.set(g.path, tensorOf(g.value.type.shape, values, extra[g.path], i + size)))
    const wanted = runReference(graph, given, values)
    const results = await program.run(given, values)
    const inPieces = await program.run(given, values, 3)
    for (const [path, want] of wanted) {
      compare(path, results.get(path) ?? [], want)
      // the same bits: the groups of a launch know nothing of one another
      expect(bytesOf(inPieces.get(path)).equals(bytesOf(results.get(path))), `${path} in pieces`).toBe(true)
    }
  }
}

function bytesOf(data: ArrayLike<number> | undefined): Buffer {
  const { buffer, byteOffset, byteLength } = data as Float32Array<ArrayBuffer>
  return Buffer.from(buffer, byteOffset, byteLength)
}

function compare(path: string, data: ArrayLike<number>, want: RefTensor): void {
  expect(data.length, path).toBe(want.data.length)
  const scale = want.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
  const worst = want.data.reduce((most, w, i) => {
    const error = Math.abs(w - (data[i] ?? Number.NaN))
    return error <= most ? most : error // keeps NaN
  }, 0)
  expect(worst / scale, path).toBeLessThan(2e-5)
}
