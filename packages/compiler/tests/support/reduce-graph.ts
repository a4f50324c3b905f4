// reduce-graph: a graph that fails -> a smaller one that fails
//
// Takes out outputs, replaces ops by constants or by what they read, branches by an arm, loops by what they begin with.

import { dropDead } from '../../src/3-optimize/drop-dead.ts'
import { type ControlRewriter, type Rewriter, rewrite } from '../../src/3-optimize/rewrite.ts'
import type { ControlOp, Graph, GraphOp, Value } from '../../src/ir/graph/graph.ts'
import { forEachOp, isControl } from '../../src/ir/graph/regions.ts'
import { verifyGraph } from '../../src/ir/graph/verify.ts'

/** Returns the smallest graph that is found to fail, after at most `looks` looks. */
export async function reduceGraph(
  graph: Graph,
  fails: (graph: Graph) => Promise<boolean>,
  looks: number,
): Promise<Graph> {
  let smallest = graph
  let left = looks
  for (let isSmaller = true; isSmaller && left > 0;) {
    isSmaller = false
    for (const make of changesOf(smallest)) {
      const next = attempt(() => dropDead(make(smallest)))
      if (next === undefined || sizeOf(next) >= sizeOf(smallest) || left-- <= 0) continue
      if (!(await fails(next))) continue
      smallest = next
      isSmaller = true
      break
    }
  }
  return smallest
}

type Change = (graph: Graph) => Graph

function attempt(make: () => Graph): Graph | undefined {
  try {
    const made = make()
    verifyGraph(made)
    return made
  } catch {
    return undefined
  }
}

/** How much there is to look at: constants and how they are spread hardly count. */
function sizeOf({ ops, outputs }: Graph): number {
  let size = outputs.length
  forEachOp(ops, (op) => {
    if (isControl(op)) size += 10 + op.results.length
    else size += ['constant', 'reshape', 'expand'].includes(op.kind) ? 0.01 : 1
  })
  return size
}

function changesOf(graph: Graph): readonly Change[] {
  const all: GraphOp[] = []
  forEachOp(graph.ops, (op) => all.push(op))
  const control = all.filter(isControl)
  const outputs = graph.outputs.length < 2 ? [] : graph.outputs
  return [
    ...outputs.map((out): Change => (g) => ({ ...g, outputs: g.outputs.filter(({ path }) => path !== out.path) })),
    ...control.flatMap((op) => [...withoutControl(op), ...withoutResults(op)]),
    ...all.toReversed().flatMap((op) => (isControl(op) ? [] : withoutOp(op))),
  ]
}

/** Replaces one op with regions. */
function withoutControl(op: ControlOp): readonly Change[] {
  const replaceBy =
    (results: (op: ControlOp, r: ControlRewriter) => readonly Value[]): Change =>
    (g) =>
      rewrite(g, { control: (each, r) => (each.results[0] === op.results[0] ? results(each, r) : undefined) })
  if (op.kind === 'branch') return op.arms.map((arm) => replaceBy((_, r) => r.inline(arm, [])))
  return [
    replaceBy((each, r) =>
      each.results.map((value, i) =>
        each.kind === 'loop' && i < each.body.params.length ? (each.inputs[i] ?? value) : zero(value, r, op),
      ),
    ),
  ]
}

/** Lets nothing read one result of an op with regions. */
function withoutResults(op: ControlOp): readonly Change[] {
  return op.results.map(
    (result, i): Change =>
      (g) =>
        rewrite(g, {
          control(each, r) {
            if (each.results[0] === op.results[0] && each.kind === 'loop' && i < each.body.params.length) {
              const param = each.body.params[i]
              const input = each.inputs[i]
              if (param !== undefined && input !== undefined) r.replace(param, input)
            }
            if (each.results[0] === op.results[0]) r.replace(result, zero(result, r, op))
            return undefined
          },
        }),
  )
}

/** Replaces one op by an operand of its type, or by zeros. */
function withoutOp(op: Exclude<GraphOp, ControlOp>): readonly Change[] {
  if (op.kind === 'constant') return []
  const same = op.inputs.filter(({ type }) => JSON.stringify(type) === JSON.stringify(op.result.type))
  const changes = same.map(
    (value): Change =>
      (g) =>
        rewrite(g, (each) => (each.result === op.result ? value : undefined)),
  )
  return [...changes, (g) => rewrite(g, (each, r) => (each.result === op.result ? zero(op.result, r, op) : undefined))]
}

function zero(value: Value, r: Rewriter, { origin }: GraphOp): Value {
  const { dtype, shape } = value.type
  const scalar = r.emit('constant', [], { value: 0, dtype }, origin)
  if (shape.length === 0) return scalar
  return r.emit('expand', [r.emit('reshape', [scalar], { shape: shape.map(() => 1) }, origin)], { shape }, origin)
}
