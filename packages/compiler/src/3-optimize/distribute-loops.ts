// distribute-loops: graph -> graph
//
// A product of a row that moves along with the turns and of something that does not change (x[t] @ w) is the same for all
// rows at once: it is computed before the loop as one large product, of which every turn takes its row. (Loop
// distribution: Kuck et al., "Dependence graphs and compiler optimizations", 1981.)

import { type MappedOperand as Operand, dims, inferType } from '@tsjit/dsl/compiler'
import { BuiltTensor } from '../ir/graph/build.ts'
import { createOp } from '../ir/graph/record.ts'
import type { AnyOp, Dim, Graph, GraphOp, LoopOp, Value } from '../ir/graph/graph.ts'
import { counterNames, isControl, mapRegions, resultsOf, sizesOf } from '../ir/graph/regions.ts'
import {
  type LanesOfOps,
  type MovingSlice,
  applyLanes,
  applyPlain,
  createLanes,
  once,
  sliceLanes,
} from './lanes-of-ops.ts'
import { highestId } from './rewrite.ts'

/**
 * Computes products of rows before the loop over the rows.
 *
 * @example
 * loop t: 8 { %2 slice %xs [t:t+1]; %3 contract %2 %w; … }   ->   %4 contract %xs %w; loop t: 8 { %3 slice %4 [t:t+1]; … }
 */
export function distributeLoops(graph: Graph): Graph {
  const distributor = new Distributor(highestId(graph) + 1)
  return { ...graph, ops: distributor.ops(graph.ops) }
}

class Distributor {
  #nextId: number

  constructor(nextId: number) {
    this.#nextId = nextId
  }

  ops(ops: readonly GraphOp[]): readonly GraphOp[] {
    return ops.flatMap((op) => {
      if (!isControl(op)) return [op]
      const inner = mapRegions(op, (region) => ({ ...region, ops: this.ops(region.ops) }))
      return inner.kind === 'loop' ? this.#loop(inner) : [inner]
    })
  }

  #loop(loop: LoopOp): readonly GraphOp[] {
    const { counter, count, body, test } = loop
    const [name] = counterNames(loop)
    if (typeof count === 'string' || test !== undefined || name === undefined) return [loop]
    const lanes = createLanes(count, () => this.#nextId++)
    const outside = new Outside(loop, lanes)
    // what is the same function of the row in every turn, with all rows in front; made when something heavy needs it
    const rows = new Map<Value, () => BuiltTensor>()
    const rest: GraphOp[] = []
    for (const op of body.ops) {
      if (!isControl(op)) outside.add(op, name)
      const all = isControl(op) ? undefined : this.#allRows(op, { rows, outside, lanes, name })
      if (all !== undefined && !isControl(op)) rows.set(op.result, once(all))
      const isHeavy = op.kind === 'contract' && all !== undefined
      if (isHeavy && !isControl(op)) rest.push(...this.#takeRow(op, rows.get(op.result)?.() ?? all(), counter))
      else rest.push(op)
    }
    return lanes.ops.length === 0 ? [loop] : [...lanes.ops, { ...loop, body: { ...body, ops: rest } }]
  }

  /** Returns what computes an op for all rows; undefined where it depends on more than the row. */
  #allRows(
    op: AnyOp,
    {
      rows,
      outside,
      lanes,
      name,
    }: {
      readonly rows: ReadonlyMap<Value, () => BuiltTensor>
      readonly outside: Outside
      readonly lanes: LanesOfOps
      readonly name: string
    },
  ): (() => BuiltTensor) | undefined {
    if (op.kind === 'slice') {
      const [base] = op.inputs
      const start = base !== undefined && outside.has(base) ? rowStart(op, name) : undefined
      if (base !== undefined && start !== undefined)
        return () => sliceLanes(op, outside.tensorOf(base), start, lanes.at(op.origin))
    }
    const isFixed = !namesIn(op).has(name)
    const isKnown = op.inputs.every((input) => rows.has(input) || outside.has(input))
    if (!isFixed || !isKnown || !op.inputs.some((input) => rows.has(input))) return undefined
    return () => {
      const operands = op.inputs.map((input): Operand => {
        const all = rows.get(input)
        return all === undefined
          ? { value: outside.tensorOf(input), isMapped: false }
          : { value: all(), isMapped: true }
      })
      return applyLanes(op, lanes.at(op.origin), operands)
    }
  }

  #takeRow(op: AnyOp, all: BuiltTensor, counter: Dim): readonly AnyOp[] {
    const { shape } = all
    const params = {
      starts: shape.map((_, axis) => (axis === 0 ? counter : 0)),
      steps: shape.map(() => 1),
      sizes: shape.map((size, axis) => (axis === 0 ? 1 : size)),
    }
    const row: Value = { id: this.#nextId++, type: inferType('slice', [all.value.type], params) }
    return [
      createOp('slice', [all.value], params, row, op.origin),
      createOp('reshape', [row], { shape: op.result.type.shape }, op.result, op.origin),
    ]
  }
}

/** The values that a loop finds when it begins, and those that it makes of them alike in every turn. */
class Outside {
  readonly #inside: ReadonlySet<Value>
  readonly #lanes: LanesOfOps
  readonly #fixed = new Map<Value, () => BuiltTensor>()

  constructor({ body }: LoopOp, lanes: LanesOfOps) {
    this.#inside = new Set([...body.params, ...body.ops.flatMap(resultsOf)])
    this.#lanes = lanes
  }

  /** Notes an op of the body where every turn does it alike: before the loop it can be done again. */
  add(op: AnyOp, counter: string): void {
    if (namesIn(op).has(counter) || !op.inputs.every((input) => this.has(input))) return
    this.#fixed.set(
      op.result,
      once(() =>
        applyPlain(
          op,
          this.#lanes.at(op.origin),
          op.inputs.map((input) => this.tensorOf(input)),
        ),
      ),
    )
  }

  has(value: Value): boolean {
    return !this.#inside.has(value) || this.#fixed.has(value)
  }

  /** Returns the value as it is before the loop. */
  tensorOf(value: Value): BuiltTensor {
    return this.#fixed.get(value)?.() ?? new BuiltTensor(value)
  }
}

function namesIn(op: AnyOp): ReadonlySet<string> {
  return new Set([...sizesOf(op), ...op.result.type.shape].flatMap((size) => dims.symbolsOf(size).map((s) => s.name)))
}

/** Where a slice starts that is one row, and moves with the counter, up or down by one. */
function rowStart(
  { params: { starts, sizes, steps } }: Extract<AnyOp, { kind: 'slice' }>,
  name: string,
): MovingSlice | undefined {
  const moving = starts.flatMap((start, axis) => (dims.symbolsOf(start).some((s) => s.name === name) ? [axis] : []))
  const [axis] = moving
  if (axis === undefined || moving.length > 1 || sizes[axis] !== 1) return undefined
  const start = starts[axis] ?? 0
  const step = dims.slopeOf(start, name)
  if ((step !== 1 && step !== -1) || steps.some((own) => own !== 1)) return undefined
  return { axis, step, first: dims.substitute(start, new Map([[name, 0]])) }
}
