// simplify-control: graph -> graph
//
// Branches that are decided, loops of no turn or one, and carries that never change.

import type { BranchOp, Graph, LoopOp, Value } from '../ir/graph/graph.ts'
import { type ControlRewriter, rewrite } from './rewrite.ts'
import { emitSplat, splatOf } from './splat.ts'

/**
 * Simplifies control flow.
 *
 * @example
 * %2 f32[4] branch true { exp %1 } { log %1 }   ->   %3 f32[4] exp %1
 */
export function simplifyControl(graph: Graph): Graph {
  return rewrite(graph, { control: (op, r) => (op.kind === 'branch' ? branch(op, r) : loop(op, r)) })
}

function branch(op: BranchOp, r: ControlRewriter): readonly Value[] | undefined {
  const [index] = op.inputs
  const known = splatOf(index, r)
  const arm = known === undefined ? undefined : op.arms[armOf(op, known)]
  if (arm !== undefined) return r.inline(arm, [])
  return op.arms.length === 1 && op.arms[0] !== undefined ? r.inline(op.arms[0], []) : undefined
}

function armOf({ inputs, arms }: BranchOp, index: number): number {
  if (inputs[0].type.dtype === 'bool') return index === 0 ? 1 : 0
  return Math.max(0, Math.min(arms.length - 1, index))
}

function loop(op: LoopOp, r: ControlRewriter): readonly Value[] | undefined {
  const { body, inputs, results, origin } = op
  const carried = body.params.length
  const count = turnsOf(op, r)
  if (count === 0)
    return [...inputs.slice(0, carried), ...results.slice(carried).map(({ type }) => emitSplat(r, 0, type, op.origin))]
  // the counter of a loop of one turn is 0 throughout
  if (count === 1 && typeof op.counter === 'number' && op.test === undefined) {
    const found = r.inline(body, inputs)
    const stacks = found
      .slice(carried)
      .map((value) => r.emit('reshape', [value], { shape: [1, ...value.type.shape] }, origin))
    return [...found.slice(0, carried), ...stacks]
  }
  body.params.forEach((param, i) => {
    const input = inputs[i]
    const result = results[i]
    if (body.results[i] !== param || input === undefined || result === undefined) return
    r.replace(param, input)
    r.replace(result, input)
  })
  return undefined
}

function turnsOf({ count, inputs, maximum }: LoopOp, r: ControlRewriter): number | undefined {
  if (maximum === 0) return 0
  if (typeof count === 'number') return count
  const given = count === 'tensor' ? inputs.at(-1) : undefined
  const known = given === undefined ? undefined : splatOf(given, r)
  return known === undefined || known > 0 ? known : 0
}
