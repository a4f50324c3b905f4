// interpret-fragments: matrices of warps, in numbers
//
// The first lane of a warp, or of four, does for all what they do together; the others see to it that they are at the same
// place. A product is taken when it is started, and once more when it has come: by then nothing may have changed.

import { internalError, invariant } from '../../base/invariant.ts'
import type { MatrixStmtKind, MatrixUnit, Stmt } from './kernel.ts'
import { type Lane, readDim } from './interpret-values.ts'
import { type GroupMatrix, type GroupProduct, roundToTf32 } from './matrix-unit.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>
type FragmentStmt = StmtOf<Exclude<MatrixStmtKind, 'copy' | 'commitCopies' | 'awaitCopies'>>

/** What the lanes of a warp, or of four, hold together. */
export interface Warp {
  readonly first: number
  readonly fragments: Map<string, Fragment>
  /** Where the first lane was, by statement: the others come after it, and before it is there again. */
  readonly places: Map<string, string>
  /** Batches that have not come. */
  readonly batches: (readonly Started[])[]
}

/** A matrix, row by row; of the right operand column by column. */
interface Fragment {
  readonly unit: MatrixUnit
  readonly data: Float64Array
}

/** A product on its way, and where its operands are. */
interface Started {
  readonly name: string
  readonly sides: readonly [PlacedMatrix, PlacedMatrix]
}

interface PlacedMatrix {
  readonly matrix: GroupMatrix
  readonly at: number
  readonly data: Float64Array
}

/** Returns the fragments of the warps that begin with a lane. */
export function createWarp(first: number): Warp {
  return { first, fragments: new Map(), places: new Map(), batches: [] }
}

/** Runs a statement over fragments for one lane. */
export function runFragment(stmt: FragmentStmt, lane: Lane): void {
  const { number, kernel } = lane
  const warp = lane.warps[warpsOf(stmt, lane)]
  const at = placesOf(stmt, lane)
  const key = `${stmt.kind} ${'name' in stmt ? stmt.name : ''}`
  if (number === warp.first) {
    warp.places.set(key, at.join())
    run(stmt, { lane, warp, at })
  } else if (warp.places.get(key) !== at.join())
    internalError(`kernel ${kernel.name}: ${key} is not at one place for all its lanes`)
}

/** How many warps run a statement together. */
function warpsOf(stmt: FragmentStmt, { warps }: Lane): MatrixUnit['warps'] {
  if ('unit' in stmt) return stmt.unit.warps
  if (stmt.kind === 'startProducts' || stmt.kind === 'awaitProducts') return 4
  return warps[1].fragments.has(stmt.name) ? 1 : 4
}

function placesOf(stmt: FragmentStmt, lane: Lane): readonly number[] {
  if (stmt.kind === 'startProducts')
    return stmt.products.flatMap(({ left, right }) => [readDim(left.index, lane), readDim(right.index, lane)])
  return stmt.kind === 'loadFragment' || stmt.kind === 'storeFragment' ? [readDim(stmt.index, lane)] : []
}

interface Turn {
  readonly lane: Lane
  readonly warp: Warp
  readonly at: readonly number[]
}

function run(stmt: FragmentStmt, turn: Turn): void {
  const { warp } = turn
  switch (stmt.kind) {
    case 'fragment': {
      const { name, unit } = stmt
      return void warp.fragments.set(name, { unit, data: new Float64Array(unit.rows * unit.columns) })
    }
    case 'loadFragment':
      return load(stmt, turn)
    case 'multiplyFragments': {
      const [sums, left, right] = [stmt.name, stmt.left, stmt.right].map((name) => fragmentOf(name, turn))
      invariant(sums !== undefined && left !== undefined && right !== undefined, 'three fragments')
      return multiply(sums, left.data, right.data)
    }
    case 'startProducts':
      return void warp.batches.push(stmt.products.map((product, i) => started(product, turn, turn.at.slice(2 * i))))
    case 'awaitProducts':
      for (const batch of warp.batches.splice(0, Math.max(0, warp.batches.length - stmt.pending)))
        for (const product of batch) finish(product, turn)
      return undefined
    case 'storeFragment':
      return store(stmt, turn)
  }
}

function load({ name, unit, side, array, stride, isAcross }: StmtOf<'loadFragment'>, turn: Turn): void {
  const matrix = { array, index: 0, stride, isAcross, panel: 0 }
  const data = readMatrix(unit, { side, matrix, at: turn.at[0] ?? 0 }, turn)
  turn.warp.fragments.set(name, { unit, data })
}

interface Read {
  readonly side: 0 | 1
  readonly matrix: GroupMatrix
  readonly at: number
}

function readMatrix(unit: MatrixUnit, { side, matrix, at }: Read, { lane }: Turn): Float64Array {
  const { array, stride, isAcross, panel } = matrix
  const count = side === 0 ? unit.rows : unit.columns
  const data = new Float64Array(count * unit.depth)
  for (let i = 0; i < count; i++)
    for (let k = 0; k < unit.depth; k++) {
      const across = Math.floor(i / stride) * panel + (i % stride)
      const element = at + (isAcross ? k * stride + across : i * stride + k)
      const value = Number(lane.memory.groupLoad(array, element, lane.number))
      data[i * unit.depth + k] = unit.elements === 'tf32' ? roundToTf32(value) : value
    }
  return data
}

function started({ name, left, right }: GroupProduct, turn: Turn, at: readonly number[]): Started {
  const { unit } = fragmentOf(name, turn)
  const placed = (side: 0 | 1, matrix: GroupMatrix): PlacedMatrix => {
    const own = { side, matrix, at: at[side] ?? 0 }
    return { ...own, data: readMatrix(unit, own, turn) }
  }
  return { name, sides: [placed(0, left), placed(1, right)] }
}

function finish({ name, sides }: Started, turn: Turn): void {
  const sums = fragmentOf(name, turn)
  sides.forEach(({ matrix, at, data }, i) => {
    const now = readMatrix(sums.unit, { side: i === 0 ? 0 : 1, matrix, at }, turn)
    if (!now.every((value, e) => Object.is(value, data[e])))
      internalError(`kernel ${turn.lane.kernel.name}: ${matrix.array} changes while ${name} is multiplied from it`)
  })
  multiply(sums, sides[0].data, sides[1].data)
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

function store({ name, array, stride, columns }: StmtOf<'storeFragment'>, turn: Turn): void {
  const { lane, warp, at } = turn
  const { unit, data } = fragmentOf(name, turn)
  if (warp.batches.some((batch) => batch.some((product) => product.name === name)))
    internalError(`kernel ${lane.kernel.name}: ${name} is stored before its products have come`)
  const { first, count } = columns ?? { first: 0, count: unit.columns }
  for (let i = 0; i < unit.rows; i++)
    for (let j = 0; j < count; j++) {
      const sum = data[i * unit.columns + first + j] ?? 0
      lane.memory.groupStore(array, (at[0] ?? 0) + i * stride + j, sum, lane.number)
    }
}

function fragmentOf(name: string, { warp, lane }: Turn): Fragment {
  return warp.fragments.get(name) ?? internalError(`kernel ${lane.kernel.name}: no fragment ${name}`)
}
