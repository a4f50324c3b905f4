// substitute: kernel statements with symbols of their index expressions replaced
//
// Conditions that become known are decided: what would never run may be out of range.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'

/** Returns statements in which every index expression has its symbols replaced. */
export function substituteStmts(body: readonly Stmt[], replacements: ReadonlyMap<string, Dim>): readonly Stmt[] {
  const index = (dim: Dim): Dim => dims.substitute(dim, replacements)
  const expression = createRewriter(index)
  const stmts = (list: readonly Stmt[]): readonly Stmt[] => list.flatMap(decided)
  const decided = (stmt: Stmt): readonly Stmt[] => {
    if (stmt.kind !== 'if') return [statement(stmt)]
    const truth = truthOf(expression(stmt.condition))
    return truth === undefined ? [statement(stmt)] : stmts(truth ? stmt.then : stmt.otherwise)
  }
  const statement = (stmt: Stmt): Stmt => {
    switch (stmt.kind) {
      case 'let':
        return { ...stmt, value: expression(stmt.value) }
      case 'var':
        return { ...stmt, init: expression(stmt.init) }
      case 'set': {
        const { element } = stmt
        return { ...stmt, value: expression(stmt.value), ...(element === undefined ? {} : { element: index(element) }) }
      }
      case 'for':
        return { ...stmt, count: index(stmt.count), body: stmts(stmt.body) }
      case 'if': {
        const { condition, then, otherwise } = stmt
        return { ...stmt, condition: expression(condition), then: stmts(then), otherwise: stmts(otherwise) }
      }
      case 'store':
      case 'groupStore':
        return { ...stmt, index: index(stmt.index), value: expression(stmt.value) }
      case 'agree':
        return { ...stmt, value: expression(stmt.value) }
      case 'while':
        return { ...stmt, test: stmts(stmt.test), condition: expression(stmt.condition), body: stmts(stmt.body) }
      case 'barrier':
        return stmt
    }
  }
  return stmts(body)
}

/** Returns a function that rewrites expressions; those that are shared are rewritten once. */
function createRewriter(index: (dim: Dim) => Dim): (expr: Expr) => Expr {
  const known = new Map<Expr, Expr>()
  const expression = (expr: Expr): Expr => {
    const own = known.get(expr) ?? rewrite(expr)
    known.set(expr, own)
    return own
  }
  const rewrite = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'const':
        return expr
      case 'index':
        return indexValue(index(expr.value))
      case 'local':
        return expr.element === undefined ? expr : { ...expr, element: index(expr.element) }
      case 'load':
      case 'groupLoad':
        return { ...expr, index: index(expr.index) }
      case 'apply':
      case 'pack':
        return { ...expr, args: expr.args.map(expression) }
      case 'multiplyAdd': {
        const [a, b, c] = expr.args
        return { ...expr, args: [expression(a), expression(b), expression(c)] }
      }
      case 'sums': {
        const [a, b, c, d] = expr.args
        return { ...expr, args: [expression(a), expression(b), expression(c), expression(d)] }
      }
      case 'cast':
      case 'splat':
      case 'component':
        return { ...expr, arg: expression(expr.arg) }
    }
  }
  return expression
}

function indexValue(value: Dim): Expr {
  return typeof value === 'number'
    ? { kind: 'const', type: 'i32', width: 1, value }
    : { kind: 'index', type: 'i32', width: 1, value }
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
