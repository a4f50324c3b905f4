// sum-by-fours: a sum of products inside one lane, four at a time
//
// Where the last summed axis is contiguous in an operand, a lane reads four neighbours at once. Four sums side by side are
// added at the end. Only where every vector in memory begins at a multiple of four, as groups of lanes demand it.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../ir/kernel/kernel.ts'
import { blocksOf, forEachExpr, valuesOf } from '../ir/kernel/visit.ts'
import { type Block, type KernelContext, apply, constant, createBlock, widen } from './kernel-context.ts'
import { outer, vectorLoop } from './loops/nest.ts'
import { joinShares, sharingIn } from './share-sums.ts'
import { type Tuple, isMultiple } from './space.ts'

/** A sum to be formed. */
export interface Sum {
  /** Of the summed axes. */
  readonly sizes: readonly Dim[]
  /** The variable that holds it. */
  readonly local: Expr
  /** Returns a sum with the product at some indices added. */
  product(inner: Block, indices: Tuple, sum: Expr): Expr
}

/** Adds the sum to `block` and returns true, or leaves it as it is. */
export function sumByFours(context: KernelContext, block: Block, { sizes, local, product }: Sum): boolean {
  const size = sizes.at(-1) ?? 1
  if (!context.byFours || context.vector !== undefined || local.kind !== 'local') return false
  if (!isMultiple(size, 4) || dims.compare(size, '>=', 8) !== 'yes') return false
  const { lanes = 1, lane = 0 } = sharingIn(context, block, dims.floorDiv(size, 4)) ?? {}
  const { flops } = context
  const { type } = local
  const name = context.namer.name('r')
  const four: Expr = { kind: 'local', type, width: 4, name }
  const own = createBlock(block, block.times)
  own.stmts.push({ kind: 'var', name, type, width: 4, init: widen(constant(type, 0), 4) })
  outer(context, own, sizes.slice(0, -1), [], (at, indices) =>
    vectorLoop(
      context,
      at,
      size,
      4 * lanes,
      (inner, index) => {
        const value = product(inner, [...indices, index], four)
        inner.stmts.push({ kind: 'set', name, value: widen(value, 4) })
      },
      { start: dims.mul(lane, 4) },
    ),
  )
  if (!readsFours(own.stmts)) {
    context.flops = flops
    return false
  }
  const part = (at: number): Expr => ({ kind: 'component', type, width: 1, arg: four, at })
  const add = (a: Expr, b: Expr): Expr => apply('add', type, a, b)
  const value = add(add(part(0), part(1)), add(part(2), part(3)))
  block.stmts.push(...own.stmts, { kind: 'set', name: local.name, value })
  joinShares(context, block, 'add', local)
  return true
}

/** Whether memory is read by vectors, all of them where vectors may begin, and nothing is put together lane by lane. */
function readsFours(stmts: readonly Stmt[]): boolean {
  let vectors = 0
  let others = 0
  const visit = (stmt: Stmt): void => {
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'pack' || expr.kind === 'groupLoad') others++
      if (expr.kind !== 'load' || expr.width === 1) return
      if (isMultiple(expr.index, 4)) vectors++
      else others++
    })
    for (const body of blocksOf(stmt)) body.forEach(visit)
  }
  stmts.forEach(visit)
  return vectors > 0 && others === 0
}
