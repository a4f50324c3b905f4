// tile-operand: the operands of a tiled contraction, element by element

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Value } from '../ir/graph/graph.ts'
import type { Expr } from '../ir/kernel/kernel.ts'
import { sizesOf } from './contract-labels.ts'
import { evaluate } from './evaluate.ts'
import { type Block, allOf, constant, createBlock, indexExpr, testIndex } from './kernel-context.ts'
import { delinearise, isMultiple, type Tuple } from './space.ts'
import type { TileContext, TileSize } from './tile-context.ts'

/** Returns one element of an operand, 0 outside it; `kName` is a local that says which summed element. */
export function operandElement(t: TileContext<TileSize>, block: Block, side: 0 | 1, kName: string, outer: Dim): Expr {
  const { context, type } = t
  const axis = side === 0 ? 'rows' : 'columns'
  const m = context.namer.name('n')
  block.stmts.push({ kind: 'let', name: m, value: indexExpr(outer) })
  const k = dims.symbol(kName, { min: 0, below: t.sizes.depth })
  const o = dims.symbol(m, { min: 0, below: t.sizes[axis] })
  const tests: Expr[] = []
  const rawK = dims.symbol(kName, { min: 0 })
  const rawO = dims.symbol(m, { min: 0 })
  if (!isMultiple(t.sizes.depth, t.tile.depth)) tests.push(testIndex(rawK, '<', t.sizes.depth))
  if (!isMultiple(t.sizes[axis], t.tile[axis])) tests.push(testIndex(rawO, '<', t.sizes[axis]))
  const tuple = operandTuple(t, side, k, o)
  const operand = operandOf(t, side)
  const condition = allOf(tests)
  if (condition === undefined) return evaluate(context, block, operand, tuple)
  const name = context.namer.name('t')
  block.stmts.push({ kind: 'var', name, type, width: 1, init: constant(type, 0) })
  const then = createBlock(block, block.times)
  const value = evaluate(context, then, operand, tuple)
  then.stmts.push({ kind: 'set', name, value })
  block.stmts.push({ kind: 'if', condition, then: then.stmts, otherwise: [] })
  return { kind: 'local', type, width: 1, name }
}

/** Returns whether the last summed label is the last axis of an operand. */
export function depthIsContiguous(t: TileContext<TileSize>, side: 0 | 1): boolean {
  const names = side === 0 ? t.op.params.a : t.op.params.b
  const last = names[names.length - 1]
  return last !== undefined && t.labels.summed.includes(last)
}

/** Returns the index of an element of an operand: which summed element, and which row or column. */
export function operandTuple(t: TileContext<TileSize>, side: 0 | 1, k: Dim, outer: Dim): Tuple {
  const { labels, op } = t
  const axis = side === 0 ? 'rows' : 'columns'
  const at = new Map<string, Dim>()
  const set = (names: readonly string[], values: Tuple): void => names.forEach((l, i) => at.set(l, values[i] ?? 0))
  set(labels.batch, t.batch)
  set(labels.summed, delinearise(k, sizesOf(labels, labels.summed)))
  set(labels[axis], delinearise(outer, sizesOf(labels, labels[axis])))
  return (side === 0 ? op.params.a : op.params.b).map((l) => at.get(l) ?? 0)
}

/** Returns an operand. */
export function operandOf({ op }: TileContext<TileSize>, side: 0 | 1): Value {
  return op.inputs[side] ?? internalError('contract lacks an operand')
}
