// evaluate: one element of a value -> an expression in a block
//
// Follows the graph backwards from a value at a tuple: views change the tuple, elementwise ops become arithmetic,
// buffers become loads. Total over the primitives.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../base/invariant.ts'
import type { AnyOp, Op, Value } from '../ir/graph/graph.ts'
import type { Expr, ScalarOp } from '../ir/kernel/kernel.ts'
import { chainBehind, isDeep } from './chains.ts'
import { contractLabels, sizesOf } from './contract-labels.ts'
import { type Guard, mapIndex } from './index-maps.ts'
import {
  type Block,
  type KernelContext,
  allOf,
  apply,
  bind,
  constant,
  createBlock,
  homeOf,
  indexExpr,
  multiplyAdd,
  paramFor,
  recall,
  scalarOf,
  testIndex,
  widen,
} from './kernel-context.ts'
import { saturated, shiftCount, wrapped } from './narrow.ts'
import { combine, combiningOp, identityOf } from './reductions.ts'
import { joinShares, sumLoop } from './share-sums.ts'
import { sumByFours } from './sum-by-fours.ts'
import { type Tuple, keyOf, linearise } from './space.ts'
import { atIndex, indexVector, isVector, laneByLane } from './vectors.ts'

/** Returns an expression for one element of `value`; statements that it needs go into `block`. */
export function evaluate(context: KernelContext, inner: Block, value: Value, tuple: Tuple): Expr {
  const block = homeOf(inner, tuple)
  const place = `@${isVector(context, tuple) ? context.vector : ''}:${keyOf(tuple)}`
  const key = value.id + place
  const known = recall(block, key)
  if (known !== undefined) return known
  for (const behind of chainBehind(context, value, (v) => recall(block, v.id + place) !== undefined))
    evaluate(context, block, behind, tuple)
  const expr = context.computed.get(value)?.(tuple) ?? compute(context, block, value, tuple)
  const isShared = expr.kind === 'load' || expr.kind === 'groupLoad' || hasManyReaders(context, value) || isDeep(expr)
  // what was moved out of a loop has to be computed there
  const bound = isShared || block !== inner ? bind(context, block, expr) : expr
  block.memo.set(key, bound)
  return bound
}

/** A value that several ops and stores of the kernel read is named once. */
function hasManyReaders({ group }: KernelContext, value: Value): boolean {
  let readers = group.stores.filter((store) => store.value === value).length
  for (const op of group.members) for (const input of op.inputs) if (input === value) readers++
  return readers > 1
}

function compute(context: KernelContext, block: Block, value: Value, tuple: Tuple): Expr {
  const op = context.producers.get(value)
  const isMember = op !== undefined && context.group.members.has(op)
  if (!isMember || op.kind === 'literal') {
    const owner = context.ownerOf(value)
    if (owner !== undefined) return load(context, owner, value, tuple)
    invariant(op !== undefined, 'a value without a producer has a buffer')
  }
  return computeOp(context, block, op, tuple)
}

function load(context: KernelContext, owner: Value, value: Value, tuple: Tuple): Expr {
  const type = scalarOf(value.type.dtype)
  const param = paramFor(context, owner, 'read')
  return atIndex(context, linearise(tuple, value.type.shape), (index, width) => ({
    kind: 'load',
    type,
    width,
    param,
    index,
  }))
}

function computeOp(context: KernelContext, block: Block, op: AnyOp, tuple: Tuple): Expr {
  switch (op.kind) {
    case 'constant':
      return constant(scalarOf(op.params.dtype), op.params.value)
    case 'iota':
      return indexVector(context, tuple[0] ?? 0)
    case 'dimension':
      return indexExpr(op.params.value)
    case 'literal':
      return internalError('a literal has a buffer')
    case 'reshape':
    case 'permute':
    case 'expand':
    case 'slice':
    case 'window': {
      const [index] = mapIndex(op, tuple)
      return index === undefined ? internalError(op.kind) : evaluate(context, block, operand(op, 0), index.tuple)
    }
    case 'pad':
    case 'concat':
      return evaluateGuarded(context, block, op, tuple)
    case 'gather':
    case 'gatherElements':
      return evaluateGather(context, block, op, tuple)
    case 'reduce':
      return reduceSerially(context, block, op, tuple)
    case 'contract':
      return contractSerially(context, block, op, tuple)
    case 'cast': {
      const arg = evaluate(context, block, operand(op, 0), tuple)
      const { dtype } = op.params
      return (arg.type === 'f32' ? saturated : wrapped)(
        { kind: 'cast', type: scalarOf(dtype), width: arg.width, arg },
        dtype,
      )
    }
    default:
      return elementwise(context, block, op.kind, op, tuple)
  }
}

function elementwise(context: KernelContext, block: Block, kind: ScalarOp, op: AnyOp, tuple: Tuple): Expr {
  const { dtype } = op.result.type
  const isShift = kind === 'shiftLeft' || kind === 'shiftRight'
  const args = op.inputs.map((input, i) => {
    const arg = evaluate(context, block, input, tuple)
    return isShift && i === 1 ? shiftCount(arg, dtype) : arg
  })
  context.flops = dims.add(context.flops, block.times)
  return wrapped(apply(kind, scalarOf(dtype), ...args), dtype)
}

function operand(op: AnyOp, index: number): Value {
  return op.inputs[index] ?? internalError(`${op.kind} lacks operand ${index}`)
}

/** Padding and concatenation: the operand is computed only where it is defined. */
function evaluateGuarded(context: KernelContext, block: Block, op: Op<'pad'> | Op<'concat'>, tuple: Tuple): Expr {
  const type = scalarOf(op.result.type.dtype)
  const choices = mapIndex(op, tuple).filter((c) => !c.guards.some((g) => decideGuard(g) === 'no'))
  const certain = choices.find((c) => c.guards.every((g) => decideGuard(g) === 'yes'))
  if (certain !== undefined) return evaluate(context, block, operand(op, certain.operand), certain.tuple)
  const width = isVector(context, tuple) ? 4 : 1
  const guards = choices.flatMap((c) => c.guards).filter((g) => decideGuard(g) !== 'yes')
  if (guards.some((g) => isVector(context, [g.left, g.right])))
    return laneByLane(context, tuple, (lane) => evaluateGuarded(context, block, op, lane))
  const name = context.namer.name('t')
  const init = constant(type, op.kind === 'pad' ? op.params.value : 0)
  block.stmts.push({ kind: 'var', name, type, width, init: widen(init, width) })
  for (const choice of choices) {
    const inner = createBlock(block, block.times)
    const value = evaluate(context, inner, operand(op, choice.operand), choice.tuple)
    inner.stmts.push({ kind: 'set', name, value: widen(value, width) })
    const open = choice.guards.filter((g) => decideGuard(g) !== 'yes')
    const condition = allOf(open.map((g) => testIndex(g.left, g.relation, g.right)))
    invariant(condition !== undefined, 'a guarded choice has a condition')
    block.stmts.push({ kind: 'if', condition, then: inner.stmts, otherwise: [] })
  }
  return { kind: 'local', type, width, name }
}

function decideGuard(guard: Guard): 'yes' | 'no' | 'unknown' {
  return dims.compare(guard.left, guard.relation, guard.right)
}

/** The index is clamped, named, and from there on a symbol like any other. */
function evaluateGather(
  context: KernelContext,
  block: Block,
  op: Op<'gather'> | Op<'gatherElements'>,
  tuple: Tuple,
): Expr {
  const { axis } = op.params
  const x = operand(op, 0)
  const indices = operand(op, 1)
  const count = op.kind === 'gather' ? indices.type.shape.length : 1
  const at = op.kind === 'gather' ? tuple.slice(axis, axis + count) : tuple
  if (isVector(context, at)) return laneByLane(context, tuple, (lane) => evaluateGather(context, block, op, lane))
  const found = evaluate(context, block, indices, at)
  const size = x.type.shape[axis] ?? 1
  const raw = found.type === 'i32' ? found : ({ kind: 'cast', type: 'i32', width: 1, arg: found } as const)
  const top = apply('minimum', 'i32', raw, indexExpr(dims.sub(size, 1)))
  const name = context.namer.name('x')
  block.stmts.push({ kind: 'let', name, value: apply('maximum', 'i32', top, constant('i32', 0)) })
  const index = dims.symbol(name, { min: 0, below: size })
  return evaluate(context, block, x, [...tuple.slice(0, axis), index, ...tuple.slice(axis + count)])
}

/** A reduction inside one lane. */
function reduceSerially(context: KernelContext, block: Block, op: Op<'reduce'>, tuple: Tuple): Expr {
  const input = operand(op, 0)
  const type = scalarOf(op.result.type.dtype)
  const name = context.namer.name('r')
  const { fn, axes } = op.params
  const width = isVector(context, tuple) ? 4 : 1
  block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, identityOf(fn, type)), width) })
  const local: Expr = { kind: 'local', type, width, name }
  const rest = [...tuple]
  const sizes = axes.map((axis) => input.type.shape[axis] ?? 1)
  sumLoop(context, block, sizes, (inner, indices) => {
    const at = input.type.shape.map((_, axis) => {
      const place = axes.indexOf(axis)
      return place < 0 ? (rest[axis - axes.filter((a) => a < axis).length] ?? 0) : (indices[place] ?? 0)
    })
    const value = evaluate(context, inner, input, at)
    context.flops = dims.add(context.flops, inner.times)
    inner.stmts.push({ kind: 'set', name, value: combine(fn, type, local, value) })
  })
  joinShares(context, block, combiningOp(fn, type), local)
  return local
}

/** A contraction inside one lane. */
function contractSerially(context: KernelContext, block: Block, op: Op<'contract'>, tuple: Tuple): Expr {
  const type = scalarOf(op.result.type.dtype)
  const name = context.namer.name('r')
  const width = isVector(context, tuple) ? 4 : 1
  block.stmts.push({ kind: 'var', name, type, width, init: widen(constant(type, 0), width) })
  const local: Expr = { kind: 'local', type, width, name }
  const labels = contractLabels(op)
  const sizes = sizesOf(labels, labels.summed)
  const fixed = new Map<string, Dim>(op.params.out.map((label, axis) => [label, tuple[axis] ?? 0]))
  const product = (inner: Block, indices: Tuple, sum: Expr): Expr => {
    const at = new Map([...fixed, ...labels.summed.map((l, i) => [l, indices[i] ?? 0] as const)])
    const [a, b] = ([op.params.a, op.params.b] as const).map((names, side) => {
      const place = names.map((l) => at.get(l) ?? 0)
      return evaluate(context, inner, operand(op, side), place)
    })
    if (a === undefined || b === undefined) return internalError('a contraction has two operands')
    context.flops = dims.add(context.flops, dims.mul(inner.times, 2))
    return multiplyAdd(type, a, b, sum)
  }
  if (width === 1 && sumByFours(context, block, { sizes, local, product })) return local
  sumLoop(context, block, sizes, (inner, indices) => {
    inner.stmts.push({ kind: 'set', name, value: product(inner, indices, local) })
  })
  joinShares(context, block, 'add', local)
  return local
}
