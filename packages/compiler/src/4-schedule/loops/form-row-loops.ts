// form-row-loops: group -> kernel, one row a step of the outer loop
//
// The stages of a row kernel (see form-row) as loops over vectors; a row stays in the first cache from stage to stage.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { AnyOp, Op, Value } from '../../ir/graph/graph.ts'
import type { Expr } from '../../ir/kernel/kernel.ts'
import { evaluate } from '../evaluate.ts'
import { combine, identityOf } from '../reductions.ts'
import { nameRows, tuplesIn } from '../form-row.ts'
import type { FormedKernel } from '../formed-kernel.ts'
import { contractOperands, reduceOperand, summedShape } from '../heavy-operands.ts'
import {
  type Block,
  type KernelContext,
  constant,
  createBlock,
  groupArray,
  multiplyAdd,
  scalarOf,
  widen,
} from '../kernel-context.ts'
import { loops as machine } from '../machine.ts'
import { type Use, atMost, classOf, isHeavy } from '../partition-state.ts'
import type { RowContext } from '../row-context.ts'
import { type RowSplit, splitRow } from '../row-fusion.ts'
import { type Tuple, linearise } from '../space.ts'
import { isSameRow, placeInner, storeRows } from '../store-rows.ts'
import { atIndex, filled } from '../vectors.ts'
import { nest, outer, scalarLoop, vectorLoop } from './nest.ts'

/** Vectors that a reduction adds up side by side: one addition need not wait for the last. */
const ACCUMULATORS = 4

/** Returns the kernel of a group whose grid is set. `uses` says where each value is read. */
export function formRowLoops(context: KernelContext, uses: ReadonlyMap<Value, readonly Use[]>): FormedKernel {
  const { group } = context
  const grid = group.grid ?? internalError('a row kernel has a grid')
  const gridRanges = [...group.ranges.values()].filter((r) => grid.has(r.name))
  const rows = dims.product(gridRanges.map((r) => r.extent))
  const block = createBlock(undefined, rows)
  const row: RowContext = {
    context,
    grid,
    rows,
    block,
    staged: 0,
    walk: (sizes, body) => nest(context, block, sizes, body),
    once: (body) => body(block),
  }
  nameRows(block, gridRanges, dims.symbol('g0', { min: 0, below: rows }))
  const heavies = [...group.members].filter(isHeavy).sort((a, b) => a.result.id - b.result.id)
  for (const op of heavies) stageOp(row, op, tuplesIn(context, uses, op.result))
  storeRows(row)
  return { lanes: [1, 1, 1], groups: [rows, 1, 1], body: block.stmts }
}

function stageOp(row: RowContext, op: AnyOp, tuples: readonly Tuple[]): void {
  const split = splitRow(row.context.group, row.grid, op.result, tuples)
  const [tuple] = tuples
  if (split === undefined || tuple === undefined) return // computed where it is read
  if (split.innerAxes.length === 0) reduceRow(row, op, tuple)
  else stageArray(row, op.result, split, tuple)
}

/** One number a row. */
function reduceRow(row: RowContext, op: AnyOp, tuple: Tuple): void {
  const { context, block } = row
  const type = scalarOf(op.result.type.dtype)
  const fn = op.kind === 'reduce' ? op.params.fn : 'sum'
  const sizes = summedShape(op)
  const innermost = sizes.at(-1) ?? 1
  const identity = constant(type, identityOf(fn, type))
  const isLong = atMost(innermost) >= 8 * ACCUMULATORS
  const vectors = Array.from({ length: isLong ? ACCUMULATORS : 1 }, () => {
    const name = context.namer.name('r')
    block.stmts.push({ kind: 'var', name, type, width: 4, init: widen(identity, 4) })
    return name
  })
  const rest = context.namer.name('r')
  block.stmts.push({ kind: 'var', name: rest, type, width: 1, init: identity })
  const keep = op.kind === 'reduce' ? keepOperand(row, op, tuple) : undefined
  const step = (inner: Block, indices: Tuple, name: string, width: 1 | 4): void => {
    const local: Expr = { kind: 'local', type, width, name }
    const value = nextOf(context, inner, op, { tuple, indices, local, fn })
    inner.stmts.push({ kind: 'set', name, value: widen(value, width) })
    keep?.store(inner, indices)
    context.flops = dims.add(context.flops, dims.mul(inner.times, op.kind === 'contract' ? 2 : 1))
  }
  const done = isLong ? dims.mul(dims.floorDiv(innermost, 4 * ACCUMULATORS), 4 * ACCUMULATORS) : 0
  outer(context, block, sizes.slice(0, -1), [], (at, indices) => {
    if (isLong)
      vectorLoop(context, at, innermost, 4 * ACCUMULATORS, (inner, index) =>
        vectors.forEach((name, u) => step(inner, [...indices, dims.add(index, 4 * u)], name, 4)),
      )
    const left = dims.sub(innermost, done)
    vectorLoop(context, at, left, 4, (inner, index) =>
      step(inner, [...indices, dims.add(done, index)], vectors[0] ?? rest, 4),
    )
    const tail = dims.add(done, dims.mul(dims.floorDiv(left, 4), 4))
    scalarLoop(context, at, dims.sub(innermost, tail), (inner, index) =>
      step(inner, [...indices, dims.add(tail, index)], rest, 1),
    )
  })
  keep?.end()
  const total = context.namer.name('v')
  const value = acrossLanes(vectors, rest, type, (a, b) => combine(fn, type, a, b))
  block.stmts.push({ kind: 'let', name: total, value })
  context.computed.set(op.result, () => ({ kind: 'local', type, width: 1, name: total }))
}

interface Step {
  readonly tuple: Tuple
  readonly indices: Tuple
  readonly local: Expr
  readonly fn: Op<'reduce'>['params']['fn']
}

function nextOf(context: KernelContext, inner: Block, op: AnyOp, { tuple, indices, local, fn }: Step): Expr {
  if (op.kind === 'reduce') {
    const input = op.inputs[0] ?? internalError('reduce has an operand')
    return combine(fn, local.type, local, evaluate(context, inner, input, reduceOperand(op, tuple, indices)))
  }
  if (op.kind !== 'contract') return internalError(`${op.kind} is no reduction`)
  const [a, b] = contractOperands(op, tuple, indices).map(([v, at]) => evaluate(context, inner, v, at))
  return a === undefined || b === undefined
    ? internalError('contract has operands')
    : multiplyAdd(local.type, a, b, local)
}

function acrossLanes(
  vectors: readonly string[],
  rest: string,
  type: Expr['type'],
  join: (a: Expr, b: Expr) => Expr,
): Expr {
  const [first, ...others] = vectors.map((name): Expr => ({ kind: 'local', type, width: 4, name }))
  const scalar: Expr = { kind: 'local', type, width: 1, name: rest }
  if (first === undefined) return scalar
  const all = others.reduce(join, first)
  const lane = (at: number): Expr => ({ kind: 'component', type, width: 1, arg: all, at })
  return join(join(join(lane(0), lane(1)), join(lane(2), lane(3))), scalar)
}

/**
 * What a reduction reads and a later stage reads again (the exponentials of a softmax) is kept in an array of the row,
 * where it is more than a load.
 */
function keepOperand(
  row: RowContext,
  op: Op<'reduce'>,
  tuple: Tuple,
): { store(inner: Block, indices: Tuple): void; end(): void } | undefined {
  const { context } = row
  const [input] = op.inputs
  const producer = input === undefined ? undefined : context.producers.get(input)
  if (input === undefined || producer === undefined || context.computed.has(input)) return undefined
  if (!context.group.members.has(producer) || classOf(producer) !== 'elementwise') return undefined
  const readers = [...context.group.members].filter((member) => member.inputs.includes(input))
  const isStored = context.group.stores.some((store) => store.value === input)
  if (readers.length < 2 && !isStored) return undefined
  const sizes = op.params.axes.map((axis) => input.type.shape[axis] ?? 1)
  const length = atMost(dims.product(sizes))
  if (row.staged + length > machine.stagedElements) return undefined
  row.staged += length
  const type = scalarOf(input.type.dtype)
  const array = groupArray(context, type, 1, length)
  const kept = reduceOperand(op, tuple, [])
  const position = (at: Tuple): Dim =>
    linearise(
      op.params.axes.map((axis) => at[axis] ?? 0),
      sizes,
    )
  return {
    store(inner, indices) {
      const at = reduceOperand(op, tuple, indices)
      const value = filled(context, evaluate(context, inner, input, at))
      inner.stmts.push({ kind: 'groupStore', array, index: position(at), value })
    },
    // while the loop runs the value is still computed
    end: () =>
      context.computed.set(input, (at) => {
        const isOurs = at.every((index, axis) => op.params.axes.includes(axis) || dims.isSame(index, kept[axis] ?? 0))
        if (!isOurs) return undefined // another row
        return atIndex(context, position(at), (index, width) => ({ kind: 'groupLoad', type, width, array, index }))
      }),
  }
}

function stageArray(row: RowContext, value: Value, split: RowSplit, tuple: Tuple): void {
  const { context } = row
  const sizes = split.innerAxes.map((axis) => value.type.shape[axis] ?? 1)
  const length = atMost(dims.product(sizes))
  if (row.staged + length > machine.stagedElements) return // computed where it is read
  row.staged += length
  const type = scalarOf(value.type.dtype)
  const array = groupArray(context, type, 1, length)
  row.walk(sizes, (inner, indices) => {
    const stored = filled(context, evaluate(context, inner, value, placeInner(split, tuple, indices)))
    inner.stmts.push({ kind: 'groupStore', array, index: linearise(indices, sizes), value: stored })
  })
  context.computed.set(value, (at) => {
    if (!isSameRow(split, at, tuple)) return undefined
    const index = linearise(
      split.innerAxes.map((axis) => at[axis] ?? 0),
      sizes,
    )
    return atIndex(context, index, (place, width) => ({ kind: 'groupLoad', type, width, array, index: place }))
  })
}
