// explain: graph + plan + code -> what `tsjit explain` shows
//
// Sizes are stated at one set of dimensions: each at its declared maximum, or at 64 where none is declared. On WebGPU f16
// counts two bytes, as on devices that store it.

import { place } from '@tsjit/host'
import { bytesOf, dims } from '@tsjit/dsl/compiler'
import { printGraph } from './ir/graph/print.ts'
import type { Graph, Value } from './ir/graph/graph.ts'
import { printKernel } from './ir/kernel/print.ts'
import { type Plan, type PlannedLaunch, type Step, runAt, stagesOf } from './ir/plan/plan.ts'
import { printPlan } from './ir/plan/print.ts'

/** One dispatch, as `explain --json` prints it. */
export interface KernelExplanation {
  readonly name: string
  readonly ops: readonly string[]
  /** Bytes of the buffers that it reads and writes. */
  readonly reads: number
  readonly writes: number
  readonly flops: number
  readonly reason: string
}

/** One model, as `explain --json` prints it. */
export interface ModelExplanation {
  readonly name: string
  /** The sizes at which the figures hold. */
  readonly dims: Readonly<Record<string, number>>
  readonly dispatches: number
  readonly kernels: readonly KernelExplanation[]
  readonly arenaBytes: number
  /** The most bytes of transients that are alive at once: no arena can be smaller. */
  readonly liveBytes: number
  readonly weightBytes: number
  readonly codeBytes: number
  /** Why values stayed out of the kernels that read them. */
  readonly notFused: readonly string[]
  /** Where it runs best, with the estimates for one run that say so. */
  readonly suits: Suitability
  /** The programs of calls that leave out optional inputs, in short. */
  readonly without: readonly WithoutExplanation[]
  /** Calls of the host, in order: bytes that it takes from the device, and that it gives. */
  readonly host: readonly { readonly taken: number; readonly given: number }[]
  /** The report for people: graph, kernels, plan. */
  readonly text: string
}

/** The program of a call that leaves out optional inputs. */
export interface WithoutExplanation {
  readonly inputs: readonly string[]
  readonly dispatches: number
  readonly flops: number
  readonly arenaBytes: number
}

/** An estimate of one run on each target, in milliseconds, and which of those is best that a browser has. */
export interface Suitability {
  readonly target: 'webgpu' | 'wasm'
  readonly webgpu: number
  readonly wasm: number
  readonly cuda: number
}

/** The size assumed for a dimension without a declared maximum. */
const UNBOUNDED = 64

/**
 * Returns the explanation of one program; `codeBytes` is what the code of its kernels takes, `others` are the plans of
 * calls that leave out optional inputs.
 */
export function explainModel(graph: Graph, plan: Plan, codeBytes: number, others: readonly Plan[]): ModelExplanation {
  const own = plan.stages?.map((stage) => explainPlan(stage.graph, stage, 0, []))
  return own === undefined ? explainPlan(graph, plan, codeBytes, others) : inStages(graph, own, codeBytes, others)
}

/** A program that the host cuts: what its stages do together, and what passes between them. */
function inStages(
  graph: Graph,
  stages: readonly ModelExplanation[],
  codeBytes: number,
  others: readonly Plan[],
): ModelExplanation {
  const sum = (of: (stage: ModelExplanation) => number): number => stages.reduce((total, stage) => total + of(stage), 0)
  const sizes = sizesOf(graph)
  const times = { webgpu: 0, wasm: 0, cuda: 0 }
  for (const target of ['webgpu', 'wasm', 'cuda'] as const) times[target] = sum(({ suits }) => suits[target])
  const bytes = (values: readonly Value[]): number =>
    values.reduce((total, value) => total + sizeOf(value, (size) => dims.valueOf(size, sizes)), 0)
  const host = (graph.hostCalls ?? []).map(({ args, results }) => ({
    taken: bytes(args),
    given: bytes(results.map(({ value }) => value)),
  }))
  const text = stages.flatMap((stage, i) => {
    const call = host[i]
    const lines = [`stage ${i}`, '', stage.text]
    return call === undefined ? lines : [...lines, `host: takes ${count(call.taken)}B, gives ${count(call.given)}B`, '']
  })
  return {
    name: graph.name,
    dims: Object.fromEntries(sizes),
    dispatches: sum((stage) => stage.dispatches),
    kernels: stages.flatMap(({ kernels }) => kernels),
    arenaBytes: sum((stage) => stage.arenaBytes),
    liveBytes: Math.max(...stages.map(({ liveBytes }) => liveBytes)),
    weightBytes: stages[0]?.weightBytes ?? 0,
    codeBytes,
    notFused: stages.flatMap(({ notFused }) => notFused),
    suits: suited(times),
    without: others.map((other) => explainWithout(graph, other)),
    host,
    text: text.join('\n'),
  }
}

function explainPlan(graph: Graph, plan: Plan, codeBytes: number, others: readonly Plan[]): ModelExplanation {
  const sizes = sizesOf(graph)
  const at = (d: dims.Dim): number => dims.valueOf(d, sizes)
  const times = turnsOf(plan.steps, at)
  const kernels = plan.launches.map((launch, i) => explainLaunch(plan, launch, at, times.get(i) ?? 1))
  const notFused = plan.launches.flatMap((l) => l.refused)
  const explained = {
    name: graph.name,
    dims: Object.fromEntries(sizes),
    dispatches: [...times.values()].reduce((sum, count) => sum + count, 0),
    kernels,
    arenaBytes: arenaOf(plan, at),
    liveBytes: Math.max(0, ...plan.launches.map((_, i) => liveAt(plan, i, at))),
    weightBytes: graph.weights.reduce((sum, { value }) => sum + sizeOf(value, at), 0),
    codeBytes,
    notFused,
    suits: estimate(
      kernels,
      [...times.values()].reduce((sum, count) => sum + count, 0),
    ),
    without: others.map((other) => explainWithout(graph, other)),
    host: [],
  }
  return { ...explained, text: report(graph, plan, explained) }
}

/** Each dimension at its maximum, or at what is assumed without one. */
function sizesOf({ dims: all }: Graph): ReadonlyMap<string, number> {
  return new Map(all.map((d) => [d.name, Number.isFinite(d.max) ? d.max : Math.max(d.min, UNBOUNDED)]))
}

/** Bytes of a value. */
function sizeOf({ type: { dtype, shape } }: Value, at: (d: dims.Dim) => number): number {
  return bytesOf(dtype) * at(dims.product(shape))
}

function arenaOf({ transients }: Plan, at: (d: dims.Dim) => number): number {
  if (transients.length === 0) return 0
  return place(transients.flatMap((t) => [at(t.bytes), t.first, t.last])).at(-1) ?? 0
}

function explainWithout(whole: Graph, plan: Plan): WithoutExplanation {
  const sizes = sizesOf(plan.graph)
  const at = (d: dims.Dim): number => dims.valueOf(d, sizes)
  const launches = stagesOf(plan).flatMap((stage) => stage.launches)
  const has = new Set(plan.graph.inputs.map(({ path }) => path))
  return {
    inputs: whole.inputs.map(({ path }) => path).filter((path) => !has.has(path)),
    dispatches: launches.length,
    flops: launches.reduce((sum, launch) => sum + at(launch.flops), 0),
    arenaBytes: stagesOf(plan).reduce((sum, stage) => sum + arenaOf(stage, at), 0),
  }
}

/** What a target costs before it begins (submitting and reading back) and at each launch, and what it does in a millisecond. */
interface Speed {
  readonly start: number
  readonly launch: number
  readonly flops: number
  readonly bytes: number
}

const speeds: { readonly [T in 'webgpu' | 'wasm' | 'cuda']: Speed } = {
  /** A modest GPU. */
  webgpu: { start: 0.4, launch: 0.015, flops: 5e8, bytes: 4e7 },
  /** One core of a CPU with vectors of four. */
  wasm: { start: 0, launch: 0, flops: 2e7, bytes: 1e7 },
  /** A data centre's GPU, to which a run is one graph; half of what an A100 could do at most. */
  cuda: { start: 0.03, launch: 0.003, flops: 1e10, bytes: 8e8 },
}

/** A run takes as long as its operations or its memory traffic, whichever is more. */
function estimate(kernels: readonly KernelExplanation[], launches: number): Suitability {
  const time = ({ start, launch, flops, bytes }: Speed): number =>
    kernels.reduce((sum, k) => sum + Math.max(k.flops / flops, (k.reads + k.writes) / bytes), start + launch * launches)
  return suited({ webgpu: time(speeds.webgpu), wasm: time(speeds.wasm), cuda: time(speeds.cuda) })
}

function suited(times: Omit<Suitability, 'target'>): Suitability {
  return { target: times.wasm <= times.webgpu ? 'wasm' : 'webgpu', ...times }
}

/** How often each launch runs; loops that end when the device says so are reckoned to run once. */
function turnsOf(
  steps: readonly Step[],
  at: (d: dims.Dim) => number,
  times: number = 1,
  found: Map<number, number> = new Map(),
): ReadonlyMap<number, number> {
  for (const step of steps) {
    if (step.kind === 'launch') found.set(step.launch, times)
    else if (step.kind === 'branch') for (const arm of step.arms) turnsOf(arm, at, times, found)
    else if (step.kind === 'repeat') turnsOf(step.body, at, times, found)
    else {
      const turns = times * (step.count === undefined ? 1 : at(step.count))
      turnsOf(step.test?.steps ?? [], at, turns, found)
      turnsOf(step.body, at, turns, found)
    }
  }
  return found
}

function explainLaunch(
  plan: Plan,
  launch: PlannedLaunch,
  at: (d: dims.Dim) => number,
  times: number,
): KernelExplanation {
  const run = runAt(launch, at)
  return {
    name: plan.kernels[run.kernel]?.name ?? '',
    ops: launch.ops,
    reads: times * at(launch.reads),
    writes: times * at(launch.writes),
    flops: times * at(launch.flops),
    reason: launch.reason,
  }
}

function liveAt(plan: Plan, launch: number, at: (d: dims.Dim) => number): number {
  return plan.transients.filter((t) => t.first <= launch && launch <= t.last).reduce((sum, t) => sum + at(t.bytes), 0)
}

function report(graph: Graph, plan: Plan, e: Omit<ModelExplanation, 'text'>): string {
  const sizes = Object.entries(e.dims).map(([name, value]) => `${name} = ${value}`)
  const where = sizes.length === 0 ? '' : ` at ${sizes.join(', ')}`
  const lines = e.kernels.map(
    (k, i) =>
      `  ${String(i).padStart(3)}  ${k.name}  ${k.ops.join(' ')}\n       ${count(k.flops)}flop  reads ${count(k.reads)}B  writes ${count(k.writes)}B  ${k.reason}`,
  )
  const refused = e.notFused.length === 0 ? [] : ['', 'Not fused', ...e.notFused.map((r) => `  ${r}`)]
  const without = e.without.map(
    ({ inputs, dispatches, flops, arenaBytes }) =>
      `  ${inputs.join(', ')}: ${dispatches} dispatches  ${count(flops)}flop  arena ${count(arenaBytes)}B`,
  )
  return [
    `${e.name}: ${e.dispatches} dispatches, ${plan.kernels.length} kernels${where}`,
    `  arena ${count(e.arenaBytes)}B (live ${count(e.liveBytes)}B)  weights ${count(e.weightBytes)}B  code ${count(e.codeBytes)}B`,
    `  suits ${e.suits.target === 'wasm' ? 'WebAssembly' : 'WebGPU'}: about ${milliseconds(e.suits.wasm)} on a CPU core, ${milliseconds(e.suits.webgpu)} on a modest GPU; ${milliseconds(e.suits.cuda)} on a data centre's by CUDA`,
    '',
    ...lines,
    ...refused,
    ...(without.length === 0 ? [] : ['', 'Called without', ...without]),
    '',
    printGraph(graph),
    '',
    ...plan.kernels.map((k) => `${printKernel(k)}\n`),
    printPlan(plan),
  ].join('\n')
}

function count(value: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const)
    if (value >= size) return `${(value / size).toFixed(1)} ${unit}`
  return `${value} `
}

function milliseconds(time: number): string {
  return `${Number(time.toPrecision(2))} ms`
}
