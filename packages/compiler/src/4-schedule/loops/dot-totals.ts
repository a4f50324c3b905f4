// dot-totals: sums along an axis -> one number each

import type { Expr } from '../../ir/kernel/kernel.ts'
import { type Block, apply } from '../kernel-context.ts'
import type { TileContext } from './loop-tile.ts'

/** What has been summed of a row of a tile. */
export interface RowSums {
  /** The vectors of each column. */
  readonly vectors: readonly (readonly string[])[]
  /** The sum of the elements that were left over of each column. */
  readonly rests: readonly string[] | undefined
  /** Whether the columns are kept one after the other. */
  readonly isRun: boolean
}

/** Adds up the sums of a row across their lanes, with those of the elements that were left over. */
export function keepTotals(
  t: TileContext,
  block: Block,
  { vectors, rests, isRun }: RowSums,
  keep: (column: number, value: Expr) => void,
): void {
  const { type } = t
  const local = (name: string, width: 1 | 4): Expr => ({ kind: 'local', type, width, name })
  const add = (a: Expr, b: Expr): Expr => apply('add', type, a, b)
  const sums = vectors.map((names) => names.map((name) => local(name, 4)).reduce(add))
  const scalars = rests?.map((name) => local(name, 1))
  for (let at = 0; at < sums.length; at += 4) {
    const [a, b, c, d] = sums.slice(at, at + 4)
    if (a === undefined) return
    if (b === undefined || c === undefined || d === undefined) {
      const total = lanesOf(t, block, a).reduce(add)
      const rest = scalars?.[at]
      return keep(at, rest === undefined ? total : add(total, rest))
    }
    const whole: Expr = { kind: 'sums', type, width: 4, args: [a, b, c, d] }
    const rest: Expr = { kind: 'pack', type, width: 4, args: scalars?.slice(at, at + 4) ?? [] }
    const total = scalars === undefined ? whole : add(whole, rest)
    if (isRun) keep(at, total)
    else lanesOf(t, block, total).forEach((lane, column) => keep(at + column, lane))
  }
}

function lanesOf({ context, type }: TileContext, block: Block, value: Expr): readonly Expr[] {
  const name = context.namer.name('t')
  block.stmts.push({ kind: 'let', name, value })
  const arg: Expr = { kind: 'local', type, width: 4, name }
  return [0, 1, 2, 3].map((at) => ({ kind: 'component', type, width: 1, arg, at }))
}
