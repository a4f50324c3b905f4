// check-on-device: a graph through schedule, WGSL and the runtime, against the plain reference

import { dims } from '@tsjit/dsl/compiler'
import { type HostTensor, writeSafetensors } from '@tsjit/host'
import { program } from '@tsjit/runtime-webgpu'
import { expect } from 'vitest'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { verifyKernel } from '../../src/ir/kernel/verify.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import { type RefTensor, runReference } from './reference.ts'
import { definitionOf } from './run-plan.ts'

/** Numbers in [-1, 1) that repeat on every machine. */
function numbers(count: number, seed: number): number[] {
  let state = seed * 2654435761 + 1
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround(state / 2147483648 - 1)
  })
}

/** Runs the graph with every dimension at each of `sizes` in turn, in one instance. Inputs not in `extra` are random. */
export async function checkOnDevice(
  graph: Graph,
  sizes: number | readonly number[],
  extra: Readonly<Record<string, readonly number[]>> = {},
): Promise<void> {
  const all = typeof sizes === 'number' ? [sizes] : sizes
  const weights = new Map<string, RefTensor>()
  graph.weights.forEach((w, i) => weights.set(w.path, tensorOf(w.value.type.shape, new Map(), extra[w.path], i + 100)))
  const file = writeSafetensors(
    Object.fromEntries(
      [...weights].map(([path, { shape, data }]) => [path, { dtype: 'F32', shape, data: Float32Array.from(data) }]),
    ),
  )
  const plan = schedule(graph, { buffers: 8 })
  plan.kernels.forEach(verifyKernel)
  verifyPlan(plan)
  const net = await program(definitionOf(plan)).load({ weights: file })
  for (const size of all) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = new Map(weights)
    graph.inputs.forEach((g, i) => given.set(g.path, tensorOf(g.value.type.shape, values, extra[g.path], i + size)))
    const wanted = runReference(graph, given, values)
    const inputs = graph.inputs.map((g) => {
      const data = given.get(g.path)?.data ?? []
      return [g.path, g.value.type.dtype === 'f32' ? Float32Array.from(data) : Int32Array.from(data)] as const
    })
    const results: Readonly<Record<string, unknown>> = await net.run(Object.fromEntries(inputs))
    for (const [path, want] of wanted) await compare(path, results[path] as HostTensor, want) // outputs are tensors
  }
  net.dispose()
}

/** Returns a tensor of given or random numbers. */
export function tensorOf(
  shape: readonly dims.Dim[],
  values: ReadonlyMap<string, number>,
  data: readonly number[] | undefined,
  seed: number,
): RefTensor {
  const sizes = shape.map((d) => dims.valueOf(d, values))
  return {
    shape: sizes,
    data:
      data ??
      numbers(
        sizes.reduce((a, b) => a * b, 1),
        seed,
      ),
  }
}

async function compare(path: string, got: HostTensor, want: RefTensor): Promise<void> {
  expect(got.shape, path).toEqual(want.shape)
  const data = await got.data()
  const scale = want.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
  const worst = want.data.reduce((most, w, i) => {
    const error = Math.abs(w - (data[i] ?? Number.NaN))
    return error <= most ? most : error // keeps NaN
  }, 0)
  expect(worst / scale, path).toBeLessThan(2e-5)
}
