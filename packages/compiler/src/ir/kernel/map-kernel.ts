// map-kernel: rewrites what statements refer to
//
// Expressions that are shared are rewritten once and stay shared.

import type { Dim } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from './kernel.ts'

/** What to replace; what is left out stays. */
export interface KernelMap {
  /** Index expressions of accesses to buffers, after `dim`. */
  readonly access?: (index: Dim, param: string) => Dim
  /** Every index expression and count, those of accesses too. An index that becomes a number becomes a constant. */
  readonly dim?: (index: Dim) => Dim
  /** Names of parameters. */
  readonly param?: (name: string) => string
  /** What is read in place of a load, as it was before all else is replaced; undefined: the load. */
  readonly load?: (load: Extract<Expr, { readonly kind: 'load' }>) => Expr | undefined
  /** Names of locals, but not where index expressions have them. */
  readonly local?: (name: string) => string
}

/** Returns statements with what they refer to replaced, in a fixed order. */
export function mapKernel(body: readonly Stmt[], map: KernelMap): readonly Stmt[] {
  const mapper = createMapper(map)
  return body.map((stmt) => mapStmt(stmt, mapper))
}

interface Mapper {
  dim(index: Dim): Dim
  access(index: Dim, param: string): Dim
  param(name: string): string
  load(load: Extract<Expr, { readonly kind: 'load' }>): Expr | undefined
  local(name: string): string
  expr(expr: Expr): Expr
}

function createMapper({ dim = same, access = same, param = same, local = same, load = none }: KernelMap): Mapper {
  const known = new Map<Expr, Expr>()
  const mapper: Mapper = {
    dim,
    access: (index, name) => access(dim(index), name),
    param,
    load,
    local,
    expr(expr) {
      const own = known.get(expr) ?? mapExpr(expr, mapper)
      known.set(expr, own)
      return own
    },
  }
  return mapper
}

function none(): undefined {
  return undefined
}

function same<T>(value: T): T {
  return value
}

function mapExpr(expr: Expr, m: Mapper): Expr {
  switch (expr.kind) {
    case 'const':
      return expr
    case 'index': {
      const value = m.dim(expr.value)
      return typeof value === 'number' ? { kind: 'const', type: 'i32', width: 1, value } : { ...expr, value }
    }
    case 'local': {
      const name = m.local(expr.name)
      return expr.element === undefined ? { ...expr, name } : { ...expr, name, element: m.dim(expr.element) }
    }
    case 'load':
      return m.load(expr) ?? { ...expr, param: m.param(expr.param), index: m.access(expr.index, expr.param) }
    case 'groupLoad':
      return { ...expr, index: m.dim(expr.index) }
    case 'apply':
    case 'pack':
      return { ...expr, args: expr.args.map((arg) => m.expr(arg)) }
    case 'multiplyAdd':
    case 'multiplyAddHalves': {
      const [a, b, c] = expr.args
      return { ...expr, args: [m.expr(a), m.expr(b), m.expr(c)] }
    }
    case 'sums': {
      const [a, b, c, d] = expr.args
      return { ...expr, args: [m.expr(a), m.expr(b), m.expr(c), m.expr(d)] }
    }
    case 'cast':
    case 'splat':
    case 'component':
      return { ...expr, arg: m.expr(expr.arg) }
  }
}

function mapStmt(stmt: Stmt, m: Mapper): Stmt {
  const block = (body: readonly Stmt[]): readonly Stmt[] => body.map((each) => mapStmt(each, m))
  switch (stmt.kind) {
    case 'let':
    case 'agree':
    case 'combine':
      return { ...stmt, name: m.local(stmt.name), value: m.expr(stmt.value) }
    case 'set': {
      const own = { ...stmt, name: m.local(stmt.name), value: m.expr(stmt.value) }
      return stmt.element === undefined ? own : { ...own, element: m.dim(stmt.element) }
    }
    case 'groupStore':
      return { ...stmt, index: m.dim(stmt.index), value: m.expr(stmt.value) }
    case 'var':
      return { ...stmt, name: m.local(stmt.name), init: m.expr(stmt.init) }
    case 'store':
      return { ...stmt, param: m.param(stmt.param), index: m.access(stmt.index, stmt.param), value: m.expr(stmt.value) }
    case 'for':
      return { ...stmt, count: m.dim(stmt.count), body: block(stmt.body) }
    case 'while':
      return { ...stmt, test: block(stmt.test), condition: m.expr(stmt.condition), body: block(stmt.body) }
    case 'if': {
      const { condition, then, otherwise } = stmt
      return { ...stmt, condition: m.expr(condition), then: block(then), otherwise: block(otherwise) }
    }
    case 'copy': {
      const { param, index, at, condition } = stmt
      const own = { ...stmt, param: m.param(param), index: m.access(index, param), at: m.dim(at) }
      return condition === undefined ? own : { ...own, condition: m.expr(condition) }
    }
    case 'fragment':
      return { ...stmt, name: m.local(stmt.name) }
    case 'loadFragment':
    case 'storeFragment':
      return { ...stmt, name: m.local(stmt.name), index: m.dim(stmt.index) }
    case 'multiplyFragments':
      return { ...stmt, name: m.local(stmt.name), left: m.local(stmt.left), right: m.local(stmt.right) }
    case 'startProducts': {
      const products = stmt.products.map(({ name, left, right }) => ({
        name: m.local(name),
        left: { ...left, index: m.dim(left.index) },
        right: { ...right, index: m.dim(right.index) },
      }))
      return { ...stmt, products }
    }
    case 'barrier':
    case 'commitCopies':
    case 'awaitCopies':
    case 'awaitProducts':
      return stmt
  }
}
