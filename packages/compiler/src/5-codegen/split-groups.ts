// split-groups: the statements of a kernel -> those that are alike for every group, and the others
//
// Where one thread runs many groups with one scratch memory, what a group leaves there is there for the next: tables of
// offsets are filled once a launch, not once a group.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Kernel, Stmt } from '../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, indicesOf, indicesOfStmt, valuesOf } from '../ir/kernel/visit.ts'

/** The body of a kernel in two parts. */
export interface SplitBody {
  /** Statements that leave the same in group memory whichever group it is. */
  readonly once: readonly Stmt[]
  /** What each group runs after them. */
  readonly each: readonly Stmt[]
}

/** Splits a body where the first statement stands that depends on its group, or does more than fill an array. */
export function splitGroups({ body, dims: sizes, scalars }: Kernel): SplitBody {
  const outside = new Set([...sizes, ...Array.from({ length: scalars }, (_, i) => `s${i}`)])
  const end = body.findIndex((stmt, at) => !isAlike(stmt, body.slice(at + 1), outside))
  const count = end === -1 ? body.length : end
  return { once: body.slice(0, count), each: body.slice(count) }
}

/** Whether a loop only fills arrays, which nothing after it changes, with numbers that any group would. */
function isAlike(loop: Stmt, after: readonly Stmt[], outside: ReadonlySet<string>): boolean {
  if (loop.kind !== 'for') return false
  const known = new Set(outside)
  const filled = new Set<string>()
  let isFill = true
  const seeIndex = (index: Dim): void => {
    if (!dims.symbolsOf(index).every(({ name }) => known.has(name))) isFill = false
  }
  forEachStmt([loop], (stmt) => {
    if (stmt.kind === 'for') known.add(stmt.name)
    else if (stmt.kind === 'groupStore') filled.add(stmt.array)
    else isFill = false
    indicesOfStmt(stmt).forEach(seeIndex)
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load' || expr.kind === 'groupLoad' || expr.kind === 'local') isFill = false
      indicesOf(expr).forEach(seeIndex)
    })
  })
  forEachStmt(after, (stmt) => {
    if ('array' in stmt && stmt.kind !== 'loadFragment' && filled.has(stmt.array)) isFill = false
  })
  return isFill
}
