// check-on-device: a graph through schedule, WGSL and the runtime, against the plain reference and eager

import { type HostTensor, arrayOf, writeSafetensors } from '@tsjit/host'
import { program } from '@tsjit/runtime-webgpu'
import { expect } from 'vitest'
import type { WorkLimits } from '../../src/4-schedule/control/work-limits.ts'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { verifyKernel } from '../../src/ir/kernel/verify.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { type Extra, givenTo, weightsOf } from './given.ts'
import { runReference } from './reference.ts'
import { definitionOf } from './run-plan.ts'

/** Runs the graph with every dimension at each of `sizes` in turn, in one instance. Inputs not in `extra` are random. */
export async function checkOnDevice(
  graph: Graph,
  sizes: number | readonly number[],
  extra: Extra = {},
  work?: WorkLimits,
): Promise<void> {
  const all = typeof sizes === 'number' ? [sizes] : sizes
  const file = writeSafetensors(
    Object.fromEntries(
      [...weightsOf(graph, extra)].map(([path, { shape, data }]) => [
        path,
        { dtype: 'F32', shape, data: Float32Array.from(data) },
      ]),
    ),
  )
  const plan = schedule(graph, { buffers: 8, ...(work && { work }) })
  plan.kernels.forEach(verifyKernel)
  verifyPlan(plan)
  const net = await program(definitionOf(plan)).load({ weights: file })
  for (const size of all) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = givenTo(graph, values, extra)
    const wanted = runReference(graph, given, values)
    const eager = runEager(graph, given, values)
    const inputs = graph.inputs.map((g) => {
      const data = given.get(g.path)?.data ?? []
      return [g.path, new arrayOf[g.value.type.dtype](data)] as const
    })
    const results: Readonly<Record<string, unknown>> = await net.run(Object.fromEntries(inputs))
    for (const [path, want] of wanted) {
      const got = results[path] as HostTensor // outputs are tensors
      expect(got.shape, path).toEqual(want.shape)
      compareData(path, await got.data(), want, eager.get(path))
    }
  }
  net.dispose()
}
