// verify-matrices: checks of copies into group memory, and of fragments
//
// A fragment is one matrix for the 32 lanes of a warp, so that its indices may depend on the warp, not on the lane.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { GroupArray, MatrixUnit, Stmt } from './kernel.ts'
import { type GroupProduct, WARP, depthRun, holdsElements, lanesOf } from './matrix-unit.ts'
import { elementBytes } from './scalar-type.ts'
import { type TypeScope, verifyExpr, verifyRange } from './verify-types.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

/** Bytes of one asynchronous copy. */
const COPY_BYTES = 16

/** Fails where a copy is not of 16 bytes that lie alike on both sides. */
export function verifyCopy({ array: name, at, param: from, index, condition }: StmtOf<'copy'>, scope: TypeScope): void {
  const { params, fail } = scope
  const array = arrayOf(name, scope)
  const param = params.get(from) ?? fail(`${from} is copied, and is no parameter`)
  if (param.access === 'write') fail(`${from} is copied, and is only written`)
  if (param.dtype !== (array.stored ?? 'f32') || array.type !== 'f32' || array.width !== 1)
    fail(`${name} does not keep elements as ${from} does`)
  const count = COPY_BYTES / elementBytes(array)
  for (const [dim, of] of [[at, name] as const, [index, from] as const]) {
    verifySymbols(dim, scope)
    if (dims.compare(dims.mod(dim, count), '==', 0) === 'no') fail(`a copy of ${of} does not begin at 16 bytes`)
  }
  verifyRange(at, array.length, name, fail)
  if (condition === undefined) return
  verifyExpr(condition, scope)
  if (condition.type !== 'bool' || condition.width !== 1) fail('a condition is not a scalar bool')
}

/** Fails where a fragment does not fit what it is made of. */
export function verifyFragment(
  stmt: StmtOf<'fragment' | 'loadFragment' | 'multiplyFragments' | 'storeFragment'>,
  scope: TypeScope,
): void {
  const { fragments, fail, kernel } = scope
  const lanes = 'unit' in stmt ? lanesOf(stmt.unit) : WARP
  if (kernel.lanes[0] % lanes !== 0) fail(`${stmt.name} is of ${lanes} lanes, and rows of lanes are no multiple`)
  if (stmt.kind === 'fragment') fragments.set(stmt.name, { unit: stmt.unit })
  else if (stmt.kind === 'loadFragment') {
    verifyLoad(stmt, scope)
    fragments.set(stmt.name, { unit: stmt.unit, side: stmt.side })
  } else if (stmt.kind === 'multiplyFragments') verifyProduct(stmt, scope)
  else {
    const array = arrayOf(stmt.array, scope)
    const { unit } = sumsOf(stmt.name, scope)
    const { first, count } = stmt.columns ?? { first: 0, count: unit.columns }
    if (!(first >= 0 && first % 8 === 0 && count > 0 && count % 8 === 0 && first + count <= unit.columns))
      fail(`${stmt.name} has no columns ${first} to ${first + count}`)
    if (array.type !== 'f32' || array.width !== 1 || array.stored !== undefined || array.rows !== undefined)
      fail(`${stmt.array} is no plain array of f32`)
    verifyExtent(stmt, [unit.rows, count], array, scope)
    verifyPlace(stmt, unit, scope)
  }
}

function verifyLoad(stmt: StmtOf<'loadFragment'>, scope: TypeScope): void {
  const { unit, side, isAcross } = stmt
  const array = arrayOf(stmt.array, scope)
  if (!holdsElements(array, unit)) scope.fail(`${stmt.array} does not hold elements of ${unit.elements}`)
  const count = side === 0 ? unit.rows : unit.columns
  if (unit.warps !== 1) scope.fail(`${stmt.name} is loaded, and ${unit.warps} warps read group memory`)
  verifyExtent(stmt, isAcross ? [unit.depth, count] : [count, unit.depth], array, scope)
  verifyPlace(stmt, unit, scope)
  if (dims.compare(dims.mod(stmt.index, depthRun(unit)), '==', 0) === 'no')
    scope.fail(`${stmt.name} is read across runs of 16 bytes`)
}

function verifyProduct({ name, left, right }: StmtOf<'multiplyFragments'>, scope: TypeScope): void {
  const { unit } = sumsOf(name, scope)
  ;[left, right].forEach((operand, side) => {
    const found = scope.fragments.get(operand)
    if (found?.side !== side || !isSameUnit(found.unit, unit)) scope.fail(`${operand} is no operand ${side} of ${name}`)
  })
}

function sumsOf(name: string, { fragments, fail }: TypeScope): { readonly unit: MatrixUnit } {
  const found = fragments.get(name)
  if (found === undefined || found.side !== undefined) return fail(`${name} is no fragment of sums`)
  return found
}

function isSameUnit(a: MatrixUnit, b: MatrixUnit): boolean {
  return a.elements === b.elements && a.rows === b.rows && a.columns === b.columns && a.depth === b.depth
}

/** Fails where a product of matrices in group memory is none that its unit can take. */
export function verifyProductOfArrays({ name, left, right }: GroupProduct, scope: TypeScope): void {
  const { unit } = sumsOf(name, scope)
  if (unit.warps !== 4 || unit.elements === 'tf32')
    scope.fail(`${name} is of a unit that takes no matrices in group memory`)
  for (const [side, matrix] of [left, right].entries()) {
    const { index, stride, isAcross, panel } = matrix
    const array = arrayOf(matrix.array, scope)
    const own = { name: matrix.array, index, stride }
    if (!holdsElements(array, unit)) scope.fail(`${matrix.array} does not hold elements of ${unit.elements}`)
    const count = side === 0 ? unit.rows : unit.columns
    const [runs, length] = isAcross ? [unit.depth, Math.min(stride, count)] : [count, unit.depth]
    verifyExtent(own, [runs, length], array, scope)
    const bytes = stride * elementBytes(array)
    const isExchanged = array.rows?.read === 'runs' && array.rows.length === stride
    if (!isExchanged || !ROW_BYTES.includes(bytes) || (array.place ?? 0) % EXCHANGED_BYTES !== 0)
      scope.fail(`${matrix.array} does not lie as ${name} takes it, in rows of ${bytes} bytes`)
    const [least, most] = isAcross ? [0, 0] : [0, stride - unit.depth]
    const within = dims.mod(index, 8 * stride)
    if (dims.compare(within, '<=', most) === 'no' || dims.compare(within, '>=', least) === 'no')
      scope.fail(`${matrix.array} is multiplied from within eight rows`)
    if (!isAcross) verifyPlace(own, unit, scope)
    else if (count % stride !== 0 || stride % 8 !== 0)
      scope.fail(`${matrix.array} lies across, ${stride} apart, which ${name} does not take`)
    else {
      const last = dims.add(index, (count / stride - 1) * panel + unit.depth * stride - 1)
      verifyRange(last, array.length, array.name, scope.fail)
      verifyPlace(own, unit, scope)
    }
  }
}

/** What rows of a matrix in group memory may take, and where a pattern of exchanged runs may begin. */
const ROW_BYTES: readonly number[] = [32, 64, 128]
const EXCHANGED_BYTES = 1024

/** All of a matrix lies in the array. */
function verifyExtent(
  { name, index, stride }: { readonly name: string; readonly index: Dim; readonly stride: number },
  [runs, length]: readonly [number, number],
  array: GroupArray,
  scope: TypeScope,
): void {
  verifySymbols(index, scope)
  if (!(Number.isInteger(stride) && stride >= length)) scope.fail(`${name} has runs of ${length}, ${stride} apart`)
  verifyRange(index, array.length, array.name, scope.fail)
  verifyRange(dims.add(index, (runs - 1) * stride + length - 1), array.length, array.name, scope.fail)
}

/** Where a matrix begins is the same for all lanes that hold it together. */
function verifyPlace(
  { name, index }: { readonly name: string; readonly index: Dim },
  unit: MatrixUnit,
  scope: TypeScope,
): void {
  const lane = dims.symbol('lane of a warp', { min: 0, below: lanesOf(unit) })
  const warp = dims.add(dims.mul(dims.symbol('warp', { min: 0 }), lanesOf(unit)), lane)
  const known = dims.substitute(expanded(index, scope), new Map([['l0', warp]]))
  if (dims.symbolsOf(known).some((symbol) => symbol.name === 'lane of a warp'))
    scope.fail(`${name} is at another place for each lane`)
}

/** An index with the `let`s that are index expressions put in. */
function expanded(index: Dim, { values }: TypeScope): Dim {
  let known = index
  for (let i = 0; i <= values.size; i++) {
    const next = dims.substitute(known, values)
    if (dims.isSame(next, known)) return known
    known = next
  }
  return known
}

function arrayOf(name: string, { arrays, fail }: TypeScope): GroupArray {
  return arrays.get(name) ?? fail(`${name} is no group array`)
}

function verifySymbols(index: Dim, { symbols, fail }: TypeScope): void {
  for (const { name } of dims.symbolsOf(index)) if (!symbols.has(name)) fail(`${name} is no symbol in scope`)
}
