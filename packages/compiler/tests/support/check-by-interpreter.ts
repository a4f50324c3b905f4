// check-by-interpreter: a graph through schedule and the interpreter of kernels, against the plain reference and eager
//
// Sees what a software GPU, which runs lanes in order, does not: races, barriers that only some lanes reach, reads
// beyond a buffer, and reads of what the arena no longer holds.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { place } from '@tsjit/host'
import { schedule } from '../../src/4-schedule/schedule.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { type KernelBuffer, type KernelLaunch, interpretKernel } from '../../src/ir/kernel/interpret.ts'
import { type BufferRef, type Plan, type Step, runAt } from '../../src/ir/plan/plan.ts'
import { printRef } from '../../src/ir/plan/print.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import type { CheckOptions } from './check-options.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { givenTo } from './given.ts'
import { type RefTensor, runReference } from './reference.ts'

/** Runs the graph as WebGPU would, with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export function checkByInterpreter(
  graph: Graph,
  sizes: readonly number[],
  { extra = {}, work, machine = 'lanes', tolerance, change = (kernel) => kernel }: CheckOptions = {},
): void {
  const scheduled = schedule(graph, { buffers: 8, machine, ...(work && { work }) })
  verifyPlan(scheduled)
  const plan = { ...scheduled, kernels: scheduled.kernels.map(change) }
  for (const size of sizes) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = givenTo(graph, values, extra)
    const eager = runEager(graph, given, values)
    const buffers = buffersOf(plan, given, values)
    runPlan(plan, buffers, values)
    for (const [i, [path, want]] of [...runReference(graph, given, values)].entries())
      compareData(path, buffers.get(printRef({ kind: 'output', index: i })) ?? [], want, eager.get(path), tolerance)
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

/** What a host encodes: one dispatch, or where a span begins (with its flag) and ends that it repeats. */
type Encoded = () => void
interface Mark {
  readonly at: number
  readonly flag: KernelBuffer | undefined
}

/** As runtime-webgpu/src/repeat.ts does it. */
function runPlan(plan: Plan, buffers: ReadonlyMap<string, KernelBuffer>, sizes: Sizes): void {
  const encoded: Encoded[] = []
  const marks: Mark[] = []
  const encode = (step: Step, names: Sizes): void => {
    if (step.kind === 'launch') encoded.push(dispatchOf(plan, step.launch, buffers, names))
    else if (step.kind === 'repeat') {
      marks.push({ at: encoded.length, flag: bufferAt(buffers, step.flag) })
      for (const inner of step.body) encode(inner, names)
      marks.push({ at: encoded.length, flag: undefined })
    } else if (step.kind === 'loop' && step.count !== undefined) {
      const count = dims.valueOf(step.count, names)
      for (let i = 0; i < count; i++) {
        const inside = new Map([...names, ...dims.symbolsOf(step.counter).map(({ name }) => [name, i] as const)])
        for (const inner of step.body) encode(inner, inside)
      }
    } else throw new Error('a host counts turns by sizes')
  }
  for (const step of plan.steps) encode(step, sizes)
  const spans = marks.flatMap(({ at, flag }, i) =>
    flag === undefined ? [] : [{ first: at, last: marks[i + 1]?.at ?? 0, flag }],
  )
  let next = 0
  for (const { first, last, flag } of spans) {
    for (const dispatch of encoded.slice(next, first)) dispatch()
    let rounds = 0
    do {
      if (++rounds > 200) throw new Error('a loop does not end')
      for (const dispatch of encoded.slice(first, last)) dispatch()
    } while (flag[0] !== 0)
    next = last
  }
  for (const dispatch of encoded.slice(next)) dispatch()
}

function dispatchOf(plan: Plan, at: number, buffers: ReadonlyMap<string, KernelBuffer>, names: Sizes): Encoded {
  const planned = plan.launches[at]
  if (planned === undefined) throw new Error(`no launch ${at}`)
  const size = (dim: Dim): number => dims.valueOf(dim, names)
  const launch = runAt(planned, size)
  const kernel = plan.kernels[launch.kernel]
  if (kernel === undefined) throw new Error(`no kernel ${launch.kernel}`)
  const [x, y, z] = launch.groups
  const own: KernelLaunch = {
    buffers: new Map(kernel.params.map(({ name }, i) => [name, bufferAt(buffers, launch.bindings[i])])),
    // kernels know dimensions by position
    dims: new Map(kernel.dims.map((name, i) => [name, size(dims.symbol(plan.graph.dims[i]?.name ?? '', { min: 0 }))])),
    groups: [size(x), size(y), size(z)],
    scalars: launch.scalars.map(size),
  }
  return () => interpretKernel(kernel, own)
}

function bufferAt(buffers: ReadonlyMap<string, KernelBuffer>, ref: BufferRef | undefined): KernelBuffer {
  const found = ref && buffers.get(printRef(ref))
  if (found === undefined) throw new Error('a binding has a buffer')
  return found
}
