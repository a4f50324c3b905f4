// verify: kernel -> nothing, or an internal error
//
// Run after scheduling in tests, and before code generation. Checks types and widths, names and scopes, that parameters
// are used as declared, that element and array indices are in range where that can be decided, and that barriers stand
// in uniform control flow.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Expr, Kernel, KernelParam, Stmt } from './kernel.ts'
import { scalarTypeOf } from './scalar-type.ts'
import { forEachStmt } from './visit.ts'
import { verifyArrivals } from './verify-arrivals.ts'
import { verifyArray } from './verify-arrays.ts'
import { verifyBarriers } from './verify-barriers.ts'
import { verifyCopy, verifyFragment, verifyProductOfArrays } from './verify-matrices.ts'
import { type TypeScope, isAcrossVectors, verifyExpr } from './verify-types.ts'

/** Throws `internal: kernel …` where a kernel breaks a rule of the form. */
export function verifyKernel(kernel: Kernel): void {
  const fail = (message: string): never => internalError(`kernel ${kernel.name}: ${message}`)
  verifyNames(kernel, fail)
  const scope = createScope(kernel, fail)
  for (const array of kernel.arrays) verifyArray(array, fail)
  verifyBlock(kernel.body, scope)
  verifyBarriers(kernel, fail)
  verifyArrivals(kernel, fail)
}

type Fail = (message: string) => never

function verifyNames(kernel: Kernel, fail: Fail): void {
  if (!/^[A-Za-z_]\w*$/.test(kernel.name)) fail('its name is no identifier')
  const seen = new Set(reservedSymbols(kernel))
  const add = (name: string): void => {
    if (seen.has(name)) fail(`${name} is declared twice`)
    seen.add(name)
  }
  for (const name of kernel.dims) add(name)
  for (const { name } of kernel.params) add(name)
  for (const { name } of kernel.arrays) add(name)
  forEachStmt(kernel.body, (stmt) => {
    if (declaring.has(stmt.kind) && 'name' in stmt) add(stmt.name)
  })
  if (!kernel.lanes.every((n) => Number.isInteger(n) && n > 0)) fail('lanes are not positive integers')
}

const declaring: ReadonlySet<Stmt['kind']> = new Set<Stmt['kind']>([
  'let',
  'var',
  'for',
  'agree',
  'combine',
  'while',
  'fragment',
  'loadFragment',
])

function reservedSymbols(kernel: Kernel): readonly string[] {
  const scalars = Array.from({ length: kernel.scalars }, (_, i) => `s${i}`)
  return ['g0', 'g1', 'g2', 'l0', 'l1', 'l2', ...scalars]
}

function createScope(kernel: Kernel, fail: Fail): TypeScope {
  return {
    kernel,
    params: new Map(kernel.params.map((p) => [p.name, p])),
    arrays: new Map(kernel.arrays.map((a) => [a.name, a])),
    locals: new Map(),
    fragments: new Map(),
    values: new Map(),
    symbols: new Set([...reservedSymbols(kernel), ...kernel.dims]),
    fail,
  }
}

/** Checks a block with what is declared around it; what it declares ends with it. */
function verifyBlock(body: readonly Stmt[], outer: TypeScope): void {
  const scope = {
    ...outer,
    locals: new Map(outer.locals),
    fragments: new Map(outer.fragments),
    symbols: new Set(outer.symbols),
  }
  for (const stmt of body) verifyStmt(stmt, scope)
}

function verifyStmt(stmt: Stmt, scope: TypeScope): void {
  switch (stmt.kind) {
    case 'let':
      return verifyLet(stmt, scope)
    case 'var':
      return verifyVar(stmt, scope)
    case 'set':
      return verifySet(stmt, scope)
    case 'for': {
      verifyDim(stmt.count, scope)
      if (stmt.unroll && typeof stmt.count !== 'number') scope.fail(`unroll ${stmt.name} needs a count known at build`)
      return verifyBlock(stmt.body, { ...scope, symbols: new Set([...scope.symbols, stmt.name]) })
    }
    case 'if':
      verifyExpr(stmt.condition, scope)
      if (stmt.condition.type !== 'bool' || stmt.condition.width !== 1) scope.fail('a condition is not a scalar bool')
      verifyBlock(stmt.then, scope)
      return verifyBlock(stmt.otherwise, scope)
    case 'store':
      return verifyStore(stmt, scope)
    case 'groupStore':
      return verifyGroupStore(stmt, scope)
    case 'agree':
      return verifyAgree(stmt, scope)
    case 'combine':
      return verifyCombine(stmt, scope)
    case 'while':
      return verifyWhile(stmt, scope)
    case 'copy':
      return verifyCopy(stmt, scope)
    case 'awaitCopies':
    case 'awaitProducts':
      if (!(Number.isInteger(stmt.pending) && stmt.pending >= 0)) scope.fail(`${stmt.pending} batches are no number`)
      return undefined
    case 'startProducts':
      for (const product of stmt.products) verifyProductOfArrays(product, scope)
      return undefined
    case 'fragment':
    case 'loadFragment':
    case 'multiplyFragments':
    case 'storeFragment':
      return verifyFragment(stmt, scope)
    case 'barrier':
    case 'commitCopies':
      return undefined
  }
}

function verifyLet({ name, value }: Extract<Stmt, { kind: 'let' }>, scope: TypeScope): void {
  verifyExpr(value, scope)
  scope.locals.set(name, { type: value.type, width: value.width, length: undefined, isMutable: false })
  if (value.type === 'i32' && value.width === 1) scope.symbols.add(name)
  if (value.kind === 'index') scope.values.set(name, value.value)
}

function verifyVar({ name, type, width, length, init }: Extract<Stmt, { kind: 'var' }>, scope: TypeScope): void {
  verifyExpr(init, scope)
  if (init.type !== type || init.width !== width) scope.fail(`${name} starts with a value of another type`)
  if (length !== undefined && !(Number.isInteger(length) && length > 0)) scope.fail(`${name} has ${length} elements`)
  scope.locals.set(name, { type, width, length, isMutable: true })
}

function verifyAgree({ name, array: place, value }: Extract<Stmt, { kind: 'agree' }>, scope: TypeScope): void {
  verifyExpr(value, scope)
  if (value.type !== 'i32' || value.width !== 1) scope.fail(`${name} is agreed upon, and is no i32`)
  const array = scope.arrays.get(place)
  if (array?.type !== 'i32' || array.length !== 1 || array.width !== 1) scope.fail(`${place} is no place for one i32`)
  scope.locals.set(name, { type: 'i32', width: 1, length: undefined, isMutable: false })
  scope.symbols.add(name)
}

function verifyCombine(
  { name, array: place, op, value, lanes: joining }: Extract<Stmt, { kind: 'combine' }>,
  scope: TypeScope,
): void {
  const { type } = value
  verifyExpr({ kind: 'apply', type, width: 1, op, args: [value, value] }, scope)
  const [lanes, ...others] = scope.kernel.lanes
  if (others.some((count) => count > 1) || !Number.isInteger(Math.log2(lanes)))
    scope.fail(`${name} is of lanes that are no row of a power of two`)
  if (joining !== undefined && !(joining <= Math.min(lanes, 32) && Number.isInteger(Math.log2(joining))))
    scope.fail(`${name} is of ${joining} neighbouring lanes`)
  const array = scope.arrays.get(place)
  if (array?.type !== type || array.width !== 1 || array.length < lanes)
    scope.fail(`${place} has no place for one ${type} of each lane`)
  scope.locals.set(name, { type, width: 1, length: undefined, isMutable: false })
  if (type === 'i32') scope.symbols.add(name)
}

function verifyWhile({ name, test, condition, body }: Extract<Stmt, { kind: 'while' }>, outer: TypeScope): void {
  const scope = { ...outer, locals: new Map(outer.locals), symbols: new Set([...outer.symbols, name]) }
  for (const stmt of test) verifyStmt(stmt, scope)
  verifyExpr(condition, scope)
  if (condition.type !== 'bool' || condition.width !== 1) scope.fail('a condition is not a scalar bool')
  verifyBlock(body, scope)
}

function verifySet({ name, element, value }: Extract<Stmt, { kind: 'set' }>, scope: TypeScope): void {
  const variable = scope.locals.get(name)
  if (variable === undefined || !variable.isMutable) return scope.fail(`${name} is set, and is no variable in scope`)
  verifyExpr(
    { kind: 'local', type: value.type, width: value.width, name, ...(element === undefined ? {} : { element }) },
    scope,
  )
  return verifyExpr(value, scope)
}

function verifyStore({ param: name, index, value }: Extract<Stmt, { kind: 'store' }>, scope: TypeScope): void {
  verifyExpr(value, scope)
  verifyDim(index, scope)
  const param: KernelParam = scope.params.get(name) ?? scope.fail(`${name} is stored to, and is no parameter`)
  if (param.access === 'read') scope.fail(`${name} is stored to, and is only read`)
  if (scalarTypeOf(param.dtype) !== value.type) scope.fail(`${name} holds ${param.dtype}, and ${value.type} is stored`)
  if (isAcrossVectors(scope, index, value.width)) scope.fail(`${name} is stored to across vectors`)
}

function verifyGroupStore(
  { array: name, index, value }: Extract<Stmt, { kind: 'groupStore' }>,
  scope: TypeScope,
): void {
  verifyExpr(value, scope)
  const read: Expr = { kind: 'groupLoad', type: value.type, width: value.width, array: name, index }
  verifyExpr(read, scope)
}

function verifyDim(index: Dim, { symbols, fail }: TypeScope): void {
  for (const { name } of dims.symbolsOf(index)) if (!symbols.has(name)) fail(`${name} is no symbol in scope`)
}
