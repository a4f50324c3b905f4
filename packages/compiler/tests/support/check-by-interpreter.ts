// check-by-interpreter: a graph through schedule and the interpreter of kernels, against the plain reference and eager
//
// Sees what a software GPU, which runs lanes in order, does not: races, barriers that only some lanes reach, reads
// beyond a buffer, and reads of what the arena no longer holds.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { place } from '@tsjit/host'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { type KernelBuffer, interpretKernel } from '../../src/ir/kernel/interpret.ts'
import type { BufferRef, Plan } from '../../src/ir/plan/plan.ts'
import { printRef } from '../../src/ir/plan/print.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { type Extra, givenTo } from './given.ts'
import { type RefTensor, runReference } from './reference.ts'

/** Runs the graph as WebGPU would, with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export function checkByInterpreter(graph: Graph, sizes: readonly number[], extra: Extra = {}): void {
  const plan = schedule(graph, { buffers: 8 })
  verifyPlan(plan)
  for (const size of sizes) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = givenTo(graph, values, extra)
    const eager = runEager(graph, given, values)
    const buffers = buffersOf(plan, given, values)
    runPlan(plan, buffers, values)
    for (const [i, [path, want]] of [...runReference(graph, given, values)].entries())
      compareData(path, buffers.get(printRef({ kind: 'output', index: i })) ?? [], want, eager.get(path))
  }
}

type Sizes = ReadonlyMap<string, number>

function buffersOf(plan: Plan, given: ReadonlyMap<string, RefTensor>, sizes: Sizes): ReadonlyMap<string, KernelBuffer> {
  const { graph, constants, transients } = plan
  const at = (dim: Dim): number => dims.valueOf(dim, sizes)
  const arena = place(transients.flatMap((t) => [at(t.bytes), t.first, t.last]))
  const cells = new Float64Array((arena.at(-1) ?? 0) / 4).fill(Number.NaN)
  const found = new Map<string, KernelBuffer>()
  const add = (kind: BufferRef['kind'], index: number, data: KernelBuffer): void => {
    found.set(printRef({ kind, index }), data)
  }
  graph.inputs.forEach(({ path }, i) => add('input', i, [...(given.get(path)?.data ?? [])]))
  graph.weights.forEach(({ path }, i) => add('weight', i, [...(given.get(path)?.data ?? [])]))
  constants.forEach(({ data }, i) => add('constant', i, [...data]))
  graph.outputs.forEach(({ value }, i) =>
    add('output', i, new Float64Array(at(dims.product(value.type.shape))).fill(Number.NaN)),
  )
  transients.forEach(({ bytes }, i) => {
    const start = (arena[2 * i] ?? 0) / 4
    add('transient', i, cells.subarray(start, start + at(bytes) / 4))
  })
  return found
}

function runPlan(plan: Plan, buffers: ReadonlyMap<string, KernelBuffer>, sizes: Sizes): void {
  const at = (dim: Dim): number => dims.valueOf(dim, sizes)
  for (const { kernel: index, bindings, groups, scalars } of plan.launches) {
    const kernel = plan.kernels[index]
    if (kernel === undefined) throw new Error(`no kernel ${index}`)
    const [x, y, z] = groups
    interpretKernel(kernel, {
      buffers: new Map(kernel.params.map(({ name }, i) => [name, bufferAt(buffers, bindings[i])])),
      dims: sizes,
      groups: [at(x), at(y), at(z)],
      scalars: scalars.map(at),
    })
  }
}

function bufferAt(buffers: ReadonlyMap<string, KernelBuffer>, ref: BufferRef | undefined): KernelBuffer {
  const found = ref && buffers.get(printRef(ref))
  if (found === undefined) throw new Error('a binding has a buffer')
  return found
}
