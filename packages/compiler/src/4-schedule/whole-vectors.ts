// whole-vectors: whether memory is read and written by vectors that begin where vectors may

import type { Dim } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../ir/kernel/visit.ts'
import { isMultiple } from './space.ts'

/**
 * Whether some access is of a vector, each of them begins at a multiple of four, and nothing is put together lane by lane
 * but what is known at build.
 */
export function hasWholeVectors(body: readonly Stmt[]): boolean {
  let vectors = 0
  let others = 0
  const count = (index: Dim, width: number): void => {
    if (width === 1) return
    if (isMultiple(index, 4)) vectors++
    else others++
  }
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'store' || stmt.kind === 'groupStore') count(stmt.index, stmt.value.width)
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load' || expr.kind === 'groupLoad') count(expr.index, expr.width)
      if (expr.kind === 'pack' && expr.args.some((arg) => arg.kind !== 'const')) others++
    })
  })
  return vectors > 0 && others === 0
}
