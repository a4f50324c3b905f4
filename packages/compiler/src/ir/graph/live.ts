// live: ops -> those that something needs
//
// A branch or a loop stays while one of its results is needed, without those that are not: a stack that nobody reads is
// not made, and a carry that neither the test nor what is needed reads is not carried.

import type { BranchOp, GraphOp, LoopOp, Region, Value } from './graph.ts'
import { readsOf } from './regions.ts'

/** Returns the ops that `wanted` needs, in order. */
export function dropDeadOps(ops: readonly GraphOp[], wanted: readonly Value[]): readonly GraphOp[] {
  return dropWhere(ops, new Set(wanted))
}

/** Walks backwards; `live` grows by what the kept ops read. */
function dropWhere(ops: readonly GraphOp[], live: Set<Value>): readonly GraphOp[] {
  const kept: GraphOp[] = []
  for (const op of [...ops].reverse()) {
    const needed = narrow(op, live)
    if (needed === undefined) continue
    kept.push(needed)
    for (const value of readsOf(needed)) live.add(value)
  }
  return kept.reverse()
}

function narrow(op: GraphOp, live: ReadonlySet<Value>): GraphOp | undefined {
  if (op.kind === 'branch') return narrowBranch(op, live)
  if (op.kind === 'loop') return narrowLoop(op, live)
  return live.has(op.result) ? op : undefined
}

function narrowBranch(op: BranchOp, live: ReadonlySet<Value>): BranchOp | undefined {
  const kept = indicesWhere(op.results, (result) => live.has(result))
  if (kept.length === 0) return undefined
  return {
    ...op,
    arms: op.arms.map((arm) => narrowRegion({ ...arm, results: pick(arm.results, kept) })),
    results: pick(op.results, kept),
  }
}

function narrowLoop(op: LoopOp, live: ReadonlySet<Value>): LoopOp | undefined {
  const { body, test, results } = op
  const carried = body.params.length
  if (!results.some((result) => live.has(result))) return undefined
  const stacks = indicesWhere(results, (result, i) => i >= carried && live.has(result))
  let needed = indicesWhere(results, (result, i) => i < carried && live.has(result))
  for (;;) {
    const wanted = pick(body.results, [...needed, ...stacks])
    const inside = new Set<Value>(wanted)
    dropWhere(body.ops, inside)
    if (test !== undefined) {
      for (const value of test.results) inside.add(value)
      dropWhere(test.ops, inside)
    }
    const grown = indicesWhere(body.params, (param, i) => needed.includes(i) || inside.has(param))
    if (grown.length === needed.length) break
    needed = grown
  }
  const rest = op.inputs.slice(carried)
  const params = pick(body.params, needed)
  return {
    ...op,
    inputs: [...pick(op.inputs, needed), ...rest],
    test: test && narrowRegion({ ...test, params }),
    body: narrowRegion({ ...body, params, results: pick(body.results, [...needed, ...stacks]) }),
    results: pick(results, [...needed, ...stacks]),
  }
}

function narrowRegion(region: Region): Region {
  return { ...region, ops: dropDeadOps(region.ops, region.results) }
}

function indicesWhere(values: readonly Value[], test: (value: Value, index: number) => boolean): readonly number[] {
  return values.flatMap((value, i) => (test(value, i) ? [i] : []))
}

function pick(values: readonly Value[], indices: readonly number[]): readonly Value[] {
  return indices.flatMap((i) => values[i] ?? [])
}
