// visit: walks the kernel form
//
// The one place that knows which nodes have which children. Total tables over the kinds.

import type { Dim } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>
type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

const operands: { readonly [K in Expr['kind']]: (expr: ExprOf<K>) => readonly Expr[] } = {
  const: () => [],
  index: () => [],
  local: () => [],
  load: () => [],
  groupLoad: () => [],
  apply: ({ args }) => args,
  multiplyAdd: ({ args }) => args,
  multiplyAddHalves: ({ args }) => args,
  cast: ({ arg }) => [arg],
  splat: ({ arg }) => [arg],
  pack: ({ args }) => args,
  sums: ({ args }) => args,
  component: ({ arg }) => [arg],
}

const values: { readonly [K in Stmt['kind']]: (stmt: StmtOf<K>) => readonly Expr[] } = {
  let: ({ value }) => [value],
  var: ({ init }) => [init],
  set: ({ value }) => [value],
  for: () => [],
  if: ({ condition }) => [condition],
  store: ({ value }) => [value],
  groupStore: ({ value }) => [value],
  agree: ({ value }) => [value],
  combine: ({ value }) => [value],
  while: ({ condition }) => [condition],
  barrier: () => [],
  copy: ({ condition }) => (condition === undefined ? [] : [condition]),
  commitCopies: () => [],
  awaitCopies: () => [],
  fragment: () => [],
  loadFragment: () => [],
  multiplyFragments: () => [],
  startProducts: () => [],
  awaitProducts: () => [],
  storeFragment: () => [],
}

/** Returns the direct operands of an expression. */
export function operandsOf<K extends Expr['kind']>(expr: ExprOf<K> & { readonly kind: K }): readonly Expr[] {
  return operands[expr.kind](expr)
}

/** Returns the expressions that a statement itself evaluates, without those of nested blocks. */
export function valuesOf<K extends Stmt['kind']>(stmt: StmtOf<K> & { readonly kind: K }): readonly Expr[] {
  return values[stmt.kind](stmt)
}

/** Returns the blocks inside a statement. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  if (stmt.kind === 'for') return [stmt.body]
  if (stmt.kind === 'while') return [stmt.test, stmt.body]
  return stmt.kind === 'if' ? [stmt.then, stmt.otherwise] : []
}

/** Returns a statement with the blocks inside it replaced. */
export function mapBlocks(stmt: Stmt, map: (block: readonly Stmt[]) => readonly Stmt[]): Stmt {
  if (stmt.kind === 'for') return { ...stmt, body: map(stmt.body) }
  if (stmt.kind === 'while') return { ...stmt, test: map(stmt.test), body: map(stmt.body) }
  return stmt.kind === 'if' ? { ...stmt, then: map(stmt.then), otherwise: map(stmt.otherwise) } : stmt
}

/** Returns the index expressions that an expression itself holds. */
export function indicesOf(expr: Expr): readonly Dim[] {
  switch (expr.kind) {
    case 'index':
      return [expr.value]
    case 'local':
      return expr.element === undefined ? [] : [expr.element]
    case 'load':
    case 'groupLoad':
      return [expr.index]
    default:
      return []
  }
}

/** Returns the index expressions that a statement itself holds. */
export function indicesOfStmt(stmt: Stmt): readonly Dim[] {
  switch (stmt.kind) {
    case 'set':
      return stmt.element === undefined ? [] : [stmt.element]
    case 'for':
      return [stmt.count]
    case 'store':
    case 'groupStore':
    case 'loadFragment':
    case 'storeFragment':
      return [stmt.index]
    case 'copy':
      return [stmt.at, stmt.index]
    case 'startProducts':
      return stmt.products.flatMap(({ left, right }) => [left.index, right.index])
    default:
      return []
  }
}

/** Calls `visit` for every statement, outer ones first, in order. */
export function forEachStmt(body: readonly Stmt[], visit: (stmt: Stmt) => void): void {
  for (const stmt of body) {
    visit(stmt)
    for (const block of blocksOf(stmt)) forEachStmt(block, visit)
  }
}

/** Calls `visit` once for every expression object in `roots`, operands after what uses them. */
export function forEachExpr(
  roots: readonly Expr[],
  visit: (expr: Expr) => void,
  seen: Set<Expr> = new Set<Expr>(),
): void {
  for (const expr of roots) {
    if (seen.has(expr)) continue
    seen.add(expr)
    visit(expr)
    forEachExpr(operandsOf(expr), visit, seen)
  }
}
