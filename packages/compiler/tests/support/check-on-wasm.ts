// check-on-wasm: a graph through schedule and WebAssembly, against the plain reference and eager

import { expect } from 'vitest'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { verifyKernel } from '../../src/ir/kernel/verify.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { type Extra, givenTo } from './given.ts'
import { runReference } from './reference.ts'
import { wasmProgram } from './run-wasm.ts'

/** Runs the graph with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export async function checkOnWasm(
  graph: Graph,
  sizes: number | readonly number[],
  extra: Extra = {},
  isOptimized = true,
): Promise<void> {
  const plan = schedule(graph, { buffers: 1000, machine: 'loops' })
  plan.kernels.forEach(verifyKernel)
  verifyPlan(plan)
  const program = await wasmProgram(plan, isOptimized)
  for (const size of typeof sizes === 'number' ? [sizes] : sizes) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = givenTo(graph, values, extra)
    const wanted = runReference(graph, given, values)
    const eager = runEager(graph, given, values)
    const results = await program.run(given, values)
    const inPieces = await program.run(given, values, 3)
    for (const [path, want] of wanted) {
      compareData(path, results.get(path) ?? [], want, eager.get(path))
      // the same bits: the groups of a launch know nothing of one another
      expect(bytesOf(inPieces.get(path)).equals(bytesOf(results.get(path))), `${path} in pieces`).toBe(true)
    }
  }
}

function bytesOf(data: ArrayLike<number> | undefined): Buffer {
  const { buffer, byteOffset, byteLength } = data as Float32Array<ArrayBuffer>
  return Buffer.from(buffer, byteOffset, byteLength)
}
