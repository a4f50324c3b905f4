// hoist-invariant: graph -> graph
//
// What every turn of a loop would compute alike is computed before it, where that is worth a buffer: a few cheap steps are
// sooner done again by the kernel that reads them. Arms of branches keep what is theirs: it may never run.

import { dims, primitiveClass } from '@tsjit/dsl/compiler'
import type { AnyOp, Graph, GraphOp, LoopOp, Value } from '../ir/graph/graph.ts'
import { counterNames, isControl, mapRegions, resultsOf, sizesOf } from '../ir/graph/regions.ts'

/**
 * Hoists what does not change.
 *
 * @example
 * loop { %3 f32[4] exp %1;  %4 f32[4] add %carry %3 }   ->   %3 f32[4] exp %1;  loop { %4 f32[4] add %carry %3 }
 */
export function hoistInvariant(graph: Graph): Graph {
  return { ...graph, ops: hoistIn(graph.ops) }
}

function hoistIn(ops: readonly GraphOp[]): readonly GraphOp[] {
  return ops.flatMap((op) => {
    if (!isControl(op)) return [op]
    const inner = mapRegions(op, (region) => ({ ...region, ops: hoistIn(region.ops) }))
    return inner.kind === 'loop' ? hoistLoop(inner) : [inner]
  })
}

function hoistLoop(loop: LoopOp): readonly GraphOp[] {
  const invariant: AnyOp[] = []
  const changing = new Set<Value>(loop.body.params)
  const counters = new Set(counterNames(loop))
  mapRegions(loop, (region) => {
    for (const op of region.ops)
      if (isInvariant(op, changing, counters)) invariant.push(op)
      else for (const result of resultsOf(op)) changing.add(result)
    return region
  })
  const hoisted = worthHoisting(invariant)
  const rest = mapRegions(loop, (region) => ({
    ...region,
    ops: region.ops.filter((op) => isControl(op) || !hoisted.has(op)),
  }))
  return [...hoisted, rest]
}

/** The least work, in adds, for which a value gets a buffer rather than being computed by its readers. */
const LEAST_WORK = 16

/** Returns the ops that take more than a little, and those that they need, in order. */
function worthHoisting(invariant: readonly AnyOp[]): ReadonlySet<AnyOp> {
  const work = new Map<Value, number>()
  for (const op of invariant)
    work.set(
      op.result,
      op.inputs.reduce((sum, input) => sum + (work.get(input) ?? 0), workOf(op)),
    )
  const needed = new Set<Value>()
  const chosen = invariant.toReversed().filter((op) => {
    const isChosen = needed.has(op.result) || (work.get(op.result) ?? 0) >= LEAST_WORK
    if (isChosen) for (const input of op.inputs) needed.add(input)
    return isChosen
  })
  return new Set(chosen.reverse())
}

function workOf({ kind }: AnyOp): number {
  switch (primitiveClass[kind]) {
    case 'reduction':
    case 'contraction':
      return LEAST_WORK
    case 'elementwise':
      return costly.has(kind) ? LEAST_WORK / 2 : 1
    case 'indexed':
      return LEAST_WORK / 4
    default:
      return 0
  }
}

const costly: ReadonlySet<string> = new Set(
  'exp expm1 log log1p sqrt pow erf div mod floorDiv atan2 sin cos tan asin acos atan sinh cosh tanh'.split(' '),
)

function isInvariant(op: GraphOp, changing: ReadonlySet<Value>, counters: ReadonlySet<string>): op is AnyOp {
  if (isControl(op) || op.inputs.some((input) => changing.has(input))) return false
  const sizes = [...sizesOf(op), ...op.result.type.shape]
  return !sizes.some((size) => dims.symbolsOf(size).some(({ name }) => counters.has(name)))
}
