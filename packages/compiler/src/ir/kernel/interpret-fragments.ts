// interpret-fragments: matrices of warps, in numbers
//
// The first lane of a warp does for all what they do together; the others see to it that they are at the same place.

import { internalError, invariant } from '../../base/invariant.ts'
import type { MatrixUnit, Stmt } from './kernel.ts'
import { type Lane, readDim } from './interpret-values.ts'
import { roundToTf32 } from './matrix-unit.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>
type FragmentStmt = StmtOf<'fragment' | 'loadFragment' | 'multiplyFragments' | 'storeFragment'>

/** What the lanes of a warp hold together. */
export interface Warp {
  readonly first: number
  readonly fragments: Map<string, Fragment>
  /** Where the first lane was, by statement: the others come after it, and before it is there again. */
  readonly places: Map<string, number>
}

/** A matrix, row by row; of the right operand column by column. */
interface Fragment {
  readonly unit: MatrixUnit
  readonly data: Float64Array
}

/** Returns the fragments of a warp that begins with a lane. */
export function createWarp(first: number): Warp {
  return { first, fragments: new Map(), places: new Map() }
}

/** Runs a statement over fragments for one lane. */
export function runFragment(stmt: FragmentStmt, lane: Lane): void {
  const { warp, number, kernel } = lane
  const isFirst = number === warp.first
  const at = stmt.kind === 'loadFragment' || stmt.kind === 'storeFragment' ? readDim(stmt.index, lane) : 0
  const key = `${stmt.kind} ${stmt.name}`
  if (isFirst) warp.places.set(key, at)
  else if (warp.places.get(key) !== at)
    internalError(`kernel ${kernel.name}: ${stmt.name} is not at one place for a warp`)
  if (isFirst) run(stmt, lane, at)
}

function run(stmt: FragmentStmt, lane: Lane, at: number): void {
  const { fragments } = lane.warp
  if (stmt.kind === 'fragment') {
    const { unit } = stmt
    fragments.set(stmt.name, { unit, data: new Float64Array(unit.rows * unit.columns) })
  } else if (stmt.kind === 'loadFragment') load(stmt, lane, at)
  else if (stmt.kind === 'multiplyFragments') {
    const [sums, left, right] = [stmt.name, stmt.left, stmt.right].map((name) => fragmentOf(name, lane))
    invariant(sums !== undefined && left !== undefined && right !== undefined, 'three fragments')
    multiply(sums, left.data, right.data)
  } else store(stmt, lane, at)
}

function load({ name, unit, side, array, stride, isAcross }: StmtOf<'loadFragment'>, lane: Lane, at: number): void {
  const count = side === 0 ? unit.rows : unit.columns
  const data = new Float64Array(count * unit.depth)
  for (let i = 0; i < count; i++)
    for (let k = 0; k < unit.depth; k++) {
      const element = at + (isAcross ? k * stride + i : i * stride + k)
      const value = Number(lane.memory.groupLoad(array, element, lane.number))
      data[i * unit.depth + k] = unit.elements === 'tf32' ? roundToTf32(value) : value
    }
  lane.warp.fragments.set(name, { unit, data })
}

function multiply({ unit, data }: Fragment, left: Float64Array, right: Float64Array): void {
  const { rows, columns, depth } = unit
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = data[i * columns + j] ?? 0
      for (let k = 0; k < depth; k++) sum += (left[i * depth + k] ?? 0) * (right[j * depth + k] ?? 0)
      data[i * columns + j] = Math.fround(sum)
    }
}

function store({ name, array, stride }: StmtOf<'storeFragment'>, lane: Lane, at: number): void {
  const { unit, data } = fragmentOf(name, lane)
  for (let i = 0; i < unit.rows; i++)
    for (let j = 0; j < unit.columns; j++)
      lane.memory.groupStore(array, at + i * stride + j, data[i * unit.columns + j] ?? 0, lane.number)
}

function fragmentOf(name: string, { warp, kernel }: Lane): Fragment {
  return warp.fragments.get(name) ?? internalError(`kernel ${kernel.name}: no fragment ${name}`)
}
