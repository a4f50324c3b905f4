// cut-host: a graph that calls the host -> a graph for each stage, with one call after each but the last
//
// Every op belongs to the first stage that needs it. What one stage makes and a later one reads is an output of the first
// and an input of the other; constants and views that cost nothing are made anew. Outputs, state and what checks found
// are those of the last stage.

import { internalError } from '../base/invariant.ts'
import { cutNameOf } from '../ir/graph/cut-name.ts'
import type { Graph, GraphInput, GraphOp, GraphOutput, GraphWeight, HostCall, Value } from '../ir/graph/graph.ts'
import { readsOf, resultsOf } from '../ir/graph/regions.ts'

/** Returns the stages of a graph: itself where it calls no host. */
export function cutAtHost(graph: Graph): readonly Graph[] {
  const { hostCalls: calls = [] } = graph
  if (calls.length === 0) return [graph]
  const cuts = stagesOf(graph, calls)
  return cuts.map(({ ops, reads }, stage): Graph => {
    const isLast = stage === calls.length
    const passed = new Set(calls[stage]?.args)
    for (const later of cuts.slice(stage + 1))
      for (const value of later.reads) if (cuts[stage]?.makes.has(value) === true) passed.add(value)
    const weights = stage === 0 ? graph.weights : weightsFor(graph, reads, isLast)
    const outputs = isLast ? outputsOf(graph, weights) : [...passed].map((value) => ({ path: cutNameOf(value), value }))
    const inputs = stage === 0 ? graph.inputs : inputsOf(graph, reads)
    const { name, mode, dims } = graph
    return { name, mode, dims, inputs, weights, ops, outputs }
  })
}

interface Stage {
  readonly ops: readonly GraphOp[]
  /** What it reads and does not make. */
  readonly reads: ReadonlySet<Value>
  /** What later stages can have of it. */
  readonly makes: ReadonlySet<Value>
}

function stagesOf(graph: Graph, calls: readonly HostCall[]): readonly Stage[] {
  const stages: Stage[] = []
  const made = new Set<Value>()
  for (let i = 0; i <= calls.length; i++) {
    const wanted = calls[i]?.args ?? graph.outputs.map(({ value }) => value)
    const { ops, reads } = needed(graph.ops, wanted, made)
    const own = ops.filter((op) => !isFree(op)).flatMap(resultsOf)
    const makes = new Set(i === 0 ? [...graph.inputs.map(({ value }) => value), ...own] : own)
    for (const value of makes) made.add(value)
    stages.push({ ops, reads, makes })
  }
  return stages
}

/** Returns the ops that values need, down to what is made already. */
function needed(ops: readonly GraphOp[], wanted: readonly Value[], made: ReadonlySet<Value>): Omit<Stage, 'makes'> {
  const open = new Set(wanted)
  const found: GraphOp[] = []
  for (const op of ops.toReversed()) {
    if (!resultsOf(op).some((result) => open.has(result) && !made.has(result))) continue
    found.push(op)
    for (const value of readsOf(op)) open.add(value)
  }
  const inside = new Set(found.flatMap(resultsOf))
  return { ops: found.reverse(), reads: new Set([...open].filter((value) => !inside.has(value))) }
}

/** What costs a stage nothing; other views may be of much less than what they are made of. */
const free: ReadonlySet<string> = new Set(['constant', 'literal', 'iota', 'dimension', 'reshape', 'permute', 'expand'])

function isFree({ kind }: GraphOp): boolean {
  return free.has(kind)
}

function inputsOf(graph: Graph, reads: ReadonlySet<Value>): readonly GraphInput[] {
  const weights = new Set(graph.weights.map(({ value }) => value))
  const outside = new Set([
    ...graph.inputs.map(({ value }) => value),
    ...graph.ops.flatMap(resultsOf),
    ...(graph.hostCalls ?? []).flatMap(({ results }) => results.map(({ value }) => value)),
  ])
  const origin = graph.hostCalls?.[0]?.origin ?? internalError('a cut graph calls the host')
  return [...reads]
    .filter((value) => outside.has(value) && !weights.has(value))
    .map((value) => ({ path: cutNameOf(value), value, optional: false, origin }))
}

/** Those that a stage reads, and in the last one those that are replaced. */
function weightsFor({ weights, outputs }: Graph, reads: ReadonlySet<Value>, isLast: boolean): readonly GraphWeight[] {
  const replaced = new Set(isLast ? outputs.map(({ weight }) => weight) : [])
  return weights.filter(({ value }, i) => reads.has(value) || replaced.has(i))
}

function outputsOf(graph: Graph, weights: readonly GraphWeight[]): readonly GraphOutput[] {
  return graph.outputs.map(({ weight, ...output }) => {
    const replaced = weight === undefined ? undefined : graph.weights[weight]
    return replaced === undefined ? output : { ...output, weight: weights.indexOf(replaced) }
  })
}
