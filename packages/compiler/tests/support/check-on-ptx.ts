// check-on-ptx: a graph through schedule and PTX on a CUDA driver, against the plain reference and eager

import { type Dim, type DType, dims } from '@tsjit/dsl/compiler'
import { arrayOf, decoderOf, encoderOf, place } from '@tsjit/host'
import { schedule } from '../../src/4-schedule/schedule.ts'
import { codegen } from '../../src/5-codegen/codegen.ts'
import { printPtxModule } from '../../src/5-codegen/ptx/print-module.ts'
import { printPtx } from '../../src/5-codegen/ptx/print-ptx.ts'
import type { Graph } from '../../src/ir/graph/graph.ts'
import { type BufferRef, type Plan, type Step, runAt } from '../../src/ir/plan/plan.ts'
import { printRef } from '../../src/ir/plan/print.ts'
import { verifyPlan } from '../../src/ir/plan/verify.ts'
import type { CheckOptions } from './check-options.ts'
import { compareData } from './compare.ts'
import { runEager } from './eager-graph.ts'
import { givenTo } from './given.ts'
import { type RefTensor, runReference } from './reference.ts'
import { type PtxDriver, type PtxSession, driverPath, openDriver } from './run-ptx.ts'

let driver: PtxDriver | undefined

/** Runs the graph with every dimension at each of `sizes` in turn. Inputs not in `extra` are random. */
export function checkOnPtx(
  graph: Graph,
  sizes: readonly number[],
  { extra = {}, work, machine = codegen.cuda.machine, tolerance, change = (kernel) => kernel }: CheckOptions = {},
): void {
  const { limits } = codegen.cuda
  const scheduled = schedule(graph, { buffers: limits.params, machine, ...(work && { work }) })
  verifyPlan(scheduled)
  const plan = { ...scheduled, kernels: scheduled.kernels.map(change) }
  for (const size of sizes) {
    const values = new Map(graph.dims.map((d) => [d.name, size]))
    const given = givenTo(graph, values, extra)
    const eager = runEager(graph, given, values)
    const results = runPlan(plan, given, values)
    for (const [path, want] of runReference(graph, given, values))
      compareData(path, results.get(path) ?? [], want, eager.get(path), tolerance)
  }
}

type Sizes = ReadonlyMap<string, number>

/** Elements as a buffer holds them. */
function bytesOf(dtype: DType, elements: readonly number[]): Uint8Array {
  const encode = encoderOf(dtype)
  return new Uint8Array(new arrayOf[dtype](encode === undefined ? elements : elements.map(encode)).buffer)
}

/** Elements of a buffer as numbers. */
function elementsIn(dtype: DType, bytes: Uint8Array<ArrayBuffer>): ArrayLike<number> {
  const elements = new arrayOf[dtype](bytes.buffer)
  const decode = decoderOf(dtype)
  return decode === undefined ? elements : Array.from(elements, decode)
}

interface Buffers {
  readonly data: readonly Uint8Array[]
  readonly of: ReadonlyMap<string, { readonly buffer: number; readonly offset?: number }>
}

function buffersOf(plan: Plan, given: ReadonlyMap<string, RefTensor>, sizes: Sizes): Buffers {
  const { graph, constants, transients } = plan
  const at = (dim: Dim): number => dims.valueOf(dim, sizes)
  const data: Uint8Array[] = []
  const of = new Map<string, { readonly buffer: number; readonly offset?: number }>()
  const add = (kind: BufferRef['kind'], index: number, dtype: DType, elements: readonly number[]): void => {
    of.set(printRef({ kind, index }), { buffer: data.length })
    data.push(bytesOf(dtype, elements))
  }
  const dataOf = (path: string): readonly number[] => given.get(path)?.data ?? []
  graph.inputs.forEach(({ path, value }, i) => add('input', i, value.type.dtype, dataOf(path)))
  graph.weights.forEach(({ path, value }, i) => add('weight', i, value.type.dtype, dataOf(path)))
  constants.forEach(({ dtype, data: elements }, i) => add('constant', i, dtype, elements))
  graph.outputs.forEach(({ value }, i) =>
    add('output', i, value.type.dtype, Array<number>(at(dims.product(value.type.shape))).fill(99)),
  )
  const arena = place(transients.flatMap((t) => [at(t.bytes), t.first, t.last]))
  transients.forEach((_, i) =>
    of.set(printRef({ kind: 'transient', index: i }), { buffer: data.length, offset: arena[2 * i] ?? 0 }),
  )
  // every read has to be of something that was written
  data.push(new Uint8Array(arena.at(-1) ?? 0).fill(255))
  return { data, of }
}

function runPlan(
  plan: Plan,
  given: ReadonlyMap<string, RefTensor>,
  sizes: Sizes,
): ReadonlyMap<string, ArrayLike<number>> {
  driver ??= openDriver(driverPath ?? '')
  const entries = plan.kernels.map((kernel) => printPtx(kernel, 'readable'))
  const { ptx, names } = printPtxModule(
    entries.map((entry) => ({ entry })),
    'readable',
  )
  const { data, of } = buffersOf(plan, given, sizes)
  const bufferOf = (ref: BufferRef): { readonly buffer: number; readonly offset?: number } => {
    const found = of.get(printRef(ref))
    if (found === undefined) throw new Error(`no buffer for ${printRef(ref)}`)
    return found
  }
  return driver.run(ptx, data, (session) => {
    const launch = (index: number, names_: Sizes): void => {
      const planned = plan.launches[index]
      if (planned === undefined) throw new Error(`no launch ${index}`)
      const at = (dim: Dim): number => dims.valueOf(dim, names_)
      const { kernel, bindings, groups, scalars } = runAt(planned, at)
      const entry = entries[kernel]
      if (entry === undefined) throw new Error(`no kernel ${kernel}`)
      const [x, y, z] = groups
      session.launch({
        entry: names[kernel] ?? '',
        groups: [at(x), at(y), at(z)],
        lanes: entry.block,
        shared: entry.shared,
        buffers: bindings.map(bufferOf),
        ...(entry.uniform
          ? { uniform: [...plan.graph.dims.map((d) => sizes.get(d.name) ?? 0), ...scalars.map(at)] }
          : {}),
      })
    }
    for (const step of plan.steps) runStep(step, sizes, launch, (flag) => isSet(session, bufferOf(flag)))
    return new Map(
      plan.graph.outputs.map(({ path, value }, i) => {
        const { buffer } = bufferOf({ kind: 'output', index: i })
        return [path, elementsIn(value.type.dtype, session.read(buffer))]
      }),
    )
  })
}

function isSet(
  session: PtxSession,
  { buffer, offset = 0 }: { readonly buffer: number; readonly offset?: number },
): boolean {
  return session.read(buffer)[offset] !== 0
}

/** As the drivers do it. */
function runStep(
  step: Step,
  names: Sizes,
  launch: (index: number, names: Sizes) => void,
  goesOn: (flag: BufferRef) => boolean,
): void {
  const run = (steps: readonly Step[], inside: Sizes): void => {
    for (const inner of steps) runStep(inner, inside, launch, goesOn)
  }
  if (step.kind === 'launch') launch(step.launch, names)
  else if (step.kind === 'repeat') {
    let rounds = 0
    do {
      if (++rounds > 200) throw new Error('a loop does not end')
      run(step.body, names)
    } while (goesOn(step.flag))
  } else if (step.kind === 'loop' && step.count !== undefined) {
    const count = dims.valueOf(step.count, names)
    for (let i = 0; i < count; i++)
      run(step.body, new Map([...names, ...dims.symbolsOf(step.counter).map(({ name }) => [name, i] as const)]))
  } else throw new Error('a host counts turns by sizes')
}
