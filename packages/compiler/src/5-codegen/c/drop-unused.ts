// drop-unused: locals that nobody reads, with what computes them
//
// C compilers leave them out too, and say so.

import { dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, indicesOf, indicesOfStmt, valuesOf } from '../../ir/kernel/visit.ts'

/** Returns statements without the locals that nobody reads, and without blocks in which nothing is left. */
export function dropUnused(body: readonly Stmt[]): readonly Stmt[] {
  const read = namesRead(body)
  const kept = drop(body, read)
  return countOf(kept) === countOf(body) ? body : dropUnused(kept)
}

/** Returns the names that expressions and indices read. What a local is made of does not make it read. */
export function namesRead(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (expr: Expr, own?: string): void => {
    if (expr.kind === 'local' && expr.name !== own) names.add(expr.name)
    for (const index of indicesOf(expr)) for (const { name } of dims.symbolsOf(index)) names.add(name)
  }
  forEachStmt(body, (stmt) => {
    for (const index of indicesOfStmt(stmt)) for (const { name } of dims.symbolsOf(index)) names.add(name)
    const own = stmt.kind === 'set' ? stmt.name : undefined
    forEachExpr(valuesOf(stmt), (expr) => visit(expr, own))
  })
  return names
}

function drop(body: readonly Stmt[], read: ReadonlySet<string>): readonly Stmt[] {
  return body.flatMap((stmt): readonly Stmt[] => {
    switch (stmt.kind) {
      case 'let':
      case 'var':
      case 'set':
        return read.has(stmt.name) ? [stmt] : []
      case 'for': {
        const inner = drop(stmt.body, read)
        return inner.length === 0 ? [] : [{ ...stmt, body: inner }]
      }
      case 'if': {
        const [then, otherwise] = [drop(stmt.then, read), drop(stmt.otherwise, read)]
        return then.length + otherwise.length === 0 ? [] : [{ ...stmt, then, otherwise }]
      }
      case 'while':
        return [{ ...stmt, test: drop(stmt.test, read), body: drop(stmt.body, read) }]
      default:
        return [stmt]
    }
  })
}

function countOf(body: readonly Stmt[]): number {
  let count = 0
  forEachStmt(body, () => count++)
  return count
}
