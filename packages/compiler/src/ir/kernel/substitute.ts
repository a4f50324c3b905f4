// substitute: kernel statements with symbols of their index expressions replaced
//
// Conditions that become known are decided: what would never run may be out of range.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'
import { mapKernel } from './map-kernel.ts'

/** Returns statements in which every index expression has its symbols replaced. */
export function substituteStmts(body: readonly Stmt[], replacements: ReadonlyMap<string, Dim>): readonly Stmt[] {
  return decide(mapKernel(body, { dim: (dim) => dims.substitute(dim, replacements) }))
}

function decide(body: readonly Stmt[]): readonly Stmt[] {
  return body.flatMap((stmt): readonly Stmt[] => {
    if (stmt.kind === 'for') return [{ ...stmt, body: decide(stmt.body) }]
    if (stmt.kind === 'while') return [{ ...stmt, test: decide(stmt.test), body: decide(stmt.body) }]
    if (stmt.kind !== 'if') return [stmt]
    const truth = truthOf(stmt.condition)
    if (truth !== undefined) return decide(truth ? stmt.then : stmt.otherwise)
    return [{ ...stmt, then: decide(stmt.then), otherwise: decide(stmt.otherwise) }]
  })
}

/** Whether a condition holds, where that is known: comparisons of indices, and what is made of them. */
function truthOf(expr: Expr): boolean | undefined {
  if (expr.kind === 'const') return expr.value !== 0
  if (expr.kind !== 'apply' || expr.width !== 1) return undefined
  const [a, b] = expr.args
  if (a === undefined || b === undefined) return undefined
  if (expr.op === 'and') {
    const [left, right] = [truthOf(a), truthOf(b)]
    return left === false || right === false ? false : left === true ? right : undefined
  }
  if (a.kind !== 'const' || b.kind !== 'const') return undefined
  if (expr.op === 'lt') return a.value < b.value
  return expr.op === 'ge' ? a.value >= b.value : undefined
}
