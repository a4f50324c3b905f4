// side-by-side: the body of a loop over vectors -> the bodies of several turns as one
//
// A processor looks some hundred instructions ahead. A turn that computes exponentials is longer than that, and its
// results wait for each other: the next vectors are independent work, if they are in sight.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import { substituteStmts } from '../../ir/kernel/substitute.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { isExpensive } from '../recompute-cost.ts'
import type { Namer } from '../space.ts'

/** Vectors side by side at most. */
const MOST = 4

/** Instructions of a body at most, in additions; and of a turn from which others are put beside it. */
const LONGEST = 600
const LONG = 20

/** Returns how many turns of a loop are put side by side. */
export function turnsSideBySide(body: readonly Stmt[], size: Dim): number {
  if (!isStraight(body) || body.some(namesIndex)) return 1
  let work = 0
  const count = (expr: Expr): void => {
    if (expr.kind !== 'apply') return
    work += isExpensive(expr.op) ? LONG : expr.op === 'div' || expr.op === 'sqrt' ? 6 : 1
  }
  forEachStmt(body, (stmt) => forEachExpr(valuesOf(stmt), count))
  const { high } = dims.bounds(size)
  let turns = 1
  while (turns < MOST && work >= LONG && 2 * turns * work <= LONGEST && 16 * turns <= high) turns *= 2
  return turns
}

/** Returns the bodies of turns, each with its value of the index `variable`; what they store follows what they compute. */
export function sideBySide(
  namer: Namer,
  body: readonly Stmt[],
  variable: string,
  indices: readonly Dim[],
): readonly Stmt[] {
  const turns = indices.map((index) => substituteStmts(body, new Map([[variable, index]])))
  const [only] = turns
  return storesLast(turns.length === 1 ? (only ?? []) : turns.flatMap((turn) => withOwnNames(namer, turn)))
}

/** Returns a body whose stores follow all else, where nothing in it reads what they have stored. */
export function storesLast(body: readonly Stmt[]): readonly Stmt[] {
  if (!isStraight(body)) return body
  const isStore = ({ kind }: Stmt): boolean => kind === 'store' || kind === 'groupStore'
  const stored = new Set(
    body.flatMap((stmt) => (stmt.kind === 'store' ? [stmt.param] : stmt.kind === 'groupStore' ? [stmt.array] : [])),
  )
  let isRead = false
  forEachStmt(body, (stmt) =>
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load') isRead ||= stored.has(expr.param)
      if (expr.kind === 'groupLoad') isRead ||= stored.has(expr.array)
    }),
  )
  return isRead ? body : [...body.filter((stmt) => !isStore(stmt)), ...body.filter(isStore)]
}

function isStraight(body: readonly Stmt[]): boolean {
  return body.every(({ kind }) => kind === 'let' || kind === 'set' || kind === 'store' || kind === 'groupStore')
}

/** Whether index expressions may have what a statement names. */
function namesIndex(stmt: Stmt): boolean {
  return stmt.kind === 'let' && stmt.value.type === 'i32' && stmt.value.width === 1
}

function withOwnNames(namer: Namer, body: readonly Stmt[]): readonly Stmt[] {
  const names = new Map(body.flatMap((stmt) => (stmt.kind === 'let' ? [[stmt.name, namer.name('v')] as const] : [])))
  return mapKernel(body, { local: (name) => names.get(name) ?? name })
}
