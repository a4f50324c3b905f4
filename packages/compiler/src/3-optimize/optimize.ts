// optimize: graph -> graph
//
// The list of passes, in order. Each takes a verified graph and leaves a verified graph.

import type { Graph } from '../ir/graph/graph.ts'
import { distributeLoops } from './distribute-loops.ts'
import { dropDead } from './drop-dead.ts'
import { foldConstants } from './fold-constants.ts'
import { hoistInvariant } from './hoist-invariant.ts'
import { joinPieces } from './join-pieces.ts'
import { rollLoops } from './roll-loops.ts'
import { shareCommon } from './share-common.ts'
import { simplify } from './simplify.ts'
import { simplifyControl } from './simplify-control.ts'

/** One pass. */
export interface Pass {
  readonly name: string
  /** Whether every bit of every result stays as it was (default); else sums are rounded elsewhere. */
  readonly isExact?: boolean
  readonly run: (graph: Graph) => Graph
}

/** The passes, in order. */
export const passes: readonly Pass[] = [
  { name: 'drop-dead', run: dropDead }, // first: the evaluator leaves what unused results needed
  { name: 'fold-constants', run: foldConstants },
  { name: 'simplify', run: simplify }, // relies on fold-constants: constants are in one place
  { name: 'simplify-control', run: simplifyControl }, // relies on fold-constants: decided conditions are constants
  { name: 'hoist-invariant', run: hoistInvariant }, // before share-common: two loops may hoist the same
  { name: 'share-common', run: shareCommon }, // relies on simplify: equal work has equal shape
  { name: 'drop-dead', run: dropDead }, // join-pieces joins what nothing else reads
  { name: 'join-pieces', run: joinPieces, isExact: false }, // relies on share-common: what pieces share is one value
  { name: 'roll-loops', run: rollLoops }, // relies on share-common: what turns share is outside of them
  { name: 'distribute-loops', run: distributeLoops }, // relies on roll-loops and hoist-invariant
  { name: 'simplify', run: simplify }, // rows of a stack that are joined again are the stack
  { name: 'drop-dead', run: dropDead }, // last: everything above may orphan ops
]

/** Runs every pass. `trace` sees the graph after each. */
export function optimize(graph: Graph, trace: (name: string, graph: Graph) => void = () => {}): Graph {
  return passes.reduce((current, pass) => {
    const next = pass.run(current)
    trace(pass.name, next)
    return next
  }, graph)
}
