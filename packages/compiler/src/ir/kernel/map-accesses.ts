// map-accesses: rewrites where a kernel reads and writes its buffers

import type { Dim } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'

/** Returns statements with the index of every buffer access replaced, in a fixed order. */
export function mapAccesses(body: readonly Stmt[], map: (index: Dim) => Dim): readonly Stmt[] {
  return body.map((stmt) => mapStmt(stmt, map))
}

function mapStmt(stmt: Stmt, map: (index: Dim) => Dim): Stmt {
  switch (stmt.kind) {
    case 'let':
    case 'set':
    case 'groupStore':
      return { ...stmt, value: mapExpr(stmt.value, map) }
    case 'var':
      return { ...stmt, init: mapExpr(stmt.init, map) }
    case 'store':
      return { ...stmt, index: map(stmt.index), value: mapExpr(stmt.value, map) }
    case 'for':
      return { ...stmt, body: mapAccesses(stmt.body, map) }
    case 'if':
      return {
        ...stmt,
        condition: mapExpr(stmt.condition, map),
        then: mapAccesses(stmt.then, map),
        otherwise: mapAccesses(stmt.otherwise, map),
      }
    case 'barrier':
      return stmt
  }
}

function mapExpr(expr: Expr, map: (index: Dim) => Dim): Expr {
  const all = (args: readonly Expr[]): readonly Expr[] => args.map((arg) => mapExpr(arg, map))
  switch (expr.kind) {
    case 'load':
      return { ...expr, index: map(expr.index) }
    case 'apply':
    case 'pack':
      return { ...expr, args: all(expr.args) }
    case 'multiplyAdd': {
      const [a, b, c] = expr.args
      return { ...expr, args: [mapExpr(a, map), mapExpr(b, map), mapExpr(c, map)] }
    }
    case 'sums': {
      const [a, b, c, d] = expr.args
      return { ...expr, args: [mapExpr(a, map), mapExpr(b, map), mapExpr(c, map), mapExpr(d, map)] }
    }
    case 'cast':
    case 'splat':
    case 'component':
      return { ...expr, arg: mapExpr(expr.arg, map) }
    case 'const':
    case 'index':
    case 'local':
    case 'groupLoad':
      return expr
  }
}
