// map-kernel: rewrites what statements refer to

import type { Dim } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'

/** What to replace; what is left out stays. */
export interface KernelMap {
  /** Index expressions of accesses to buffers. */
  readonly access?: (index: Dim, param: string) => Dim
  /** Every index expression and count, those of accesses too. */
  readonly dim?: (index: Dim) => Dim
  /** Names of parameters. */
  readonly param?: (name: string) => string
}

/** Returns statements with what they refer to replaced, in a fixed order. */
export function mapKernel(body: readonly Stmt[], map: KernelMap): readonly Stmt[] {
  const dim = map.dim ?? same
  const access = map.access ?? same
  const param = map.param ?? same
  const at = (index: Dim, name: string): Dim => access(dim(index), name)
  const all = (args: readonly Expr[]): readonly Expr[] => args.map(mapExpr)
  const mapExpr = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'load':
        return { ...expr, param: param(expr.param), index: at(expr.index, expr.param) }
      case 'groupLoad':
        return { ...expr, index: dim(expr.index) }
      case 'index':
        return { ...expr, value: dim(expr.value) }
      case 'local':
        return expr.element === undefined ? expr : { ...expr, element: dim(expr.element) }
      case 'apply':
      case 'pack':
        return { ...expr, args: all(expr.args) }
      case 'multiplyAdd': {
        const [a, b, c] = expr.args
        return { ...expr, args: [mapExpr(a), mapExpr(b), mapExpr(c)] }
      }
      case 'sums': {
        const [a, b, c, d] = expr.args
        return { ...expr, args: [mapExpr(a), mapExpr(b), mapExpr(c), mapExpr(d)] }
      }
      case 'cast':
      case 'splat':
      case 'component':
        return { ...expr, arg: mapExpr(expr.arg) }
      case 'const':
        return expr
    }
  }
  const mapStmt = (stmt: Stmt): Stmt => {
    switch (stmt.kind) {
      case 'let':
        return { ...stmt, value: mapExpr(stmt.value) }
      case 'set': {
        const value = mapExpr(stmt.value)
        return stmt.element === undefined ? { ...stmt, value } : { ...stmt, element: dim(stmt.element), value }
      }
      case 'groupStore':
        return { ...stmt, index: dim(stmt.index), value: mapExpr(stmt.value) }
      case 'var':
        return { ...stmt, init: mapExpr(stmt.init) }
      case 'store':
        return { ...stmt, param: param(stmt.param), index: at(stmt.index, stmt.param), value: mapExpr(stmt.value) }
      case 'for':
        return { ...stmt, count: dim(stmt.count), body: stmt.body.map(mapStmt) }
      case 'if':
        return {
          ...stmt,
          condition: mapExpr(stmt.condition),
          then: stmt.then.map(mapStmt),
          otherwise: stmt.otherwise.map(mapStmt),
        }
      case 'agree':
        return { ...stmt, value: mapExpr(stmt.value) }
      case 'while':
        return {
          ...stmt,
          test: stmt.test.map(mapStmt),
          condition: mapExpr(stmt.condition),
          body: stmt.body.map(mapStmt),
        }
      case 'barrier':
        return stmt
    }
  }
  return body.map(mapStmt)
}

function same<T>(value: T): T {
  return value
}
