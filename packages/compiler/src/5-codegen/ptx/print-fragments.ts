// print-fragments: matrices of warps -> mma.sync, or by way of print-products wgmma
//
// A unit of 16 by 16 results is two instructions of 16 by 8, side by side, so that each operand is four registers: four
// matrices of eight rows of 16 bytes, which `ldmatrix` reads at once, each lane giving the address of a row. Words of f32 are
// read like two halves; across rows it cannot read them, and each lane reads its own.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError, invariant } from '../../base/invariant.ts'
import type { MatrixUnit, Stmt } from '../../ir/kernel/kernel.ts'
import { WARP, depthRun } from '../../ir/kernel/matrix-unit.ts'
import type { Operand } from './assembler.ts'
import type { PtxArray, PtxContext, PtxFragment, Value } from './context.ts'
import { groupPlace } from './memory.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

/** Columns of one instruction. */
const COLUMNS = 8

/** What an instruction is called, by the type of its operands; its depth is 32 bytes. */
const instructions: { readonly [E in MatrixUnit['elements']]: string } = {
  bf16: 'mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32',
  f16: 'mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32',
  tf32: 'mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32',
}

/** Declares sums: of 16 rows by 8 columns four registers of each thread of a warp. */
export function declareSums({ name, unit }: StmtOf<'fragment'>, { asm, fragments }: PtxContext): void {
  const isOfOne = unit.warps === 1 && unit.columns === 2 * COLUMNS
  const isOfFour = unit.warps === 4 && unit.columns % COLUMNS === 0 && unit.columns <= 256
  const isKnown = (isOfOne || isOfFour) && unit.rows === 16 * unit.warps && unit.depth === 2 * depthRun(unit)
  invariant(isKnown, `no unit of ${unit.rows} x ${unit.columns} x ${unit.depth}`)
  const registers = Array.from({ length: (unit.columns / COLUMNS) * 4 }, (_, i) => asm.mutable('f32', `${name}_${i}`))
  for (const register of registers) asm.emit('mov.f32', register, ['0f00000000'])
  fragments.set(name, { unit, registers })
}

/** Reads an operand. */
export function loadFragment(stmt: StmtOf<'loadFragment'>, context: PtxContext): void {
  const { name, unit, array } = stmt
  const own = context.arrays.get(array) ?? internalError(`no group array ${array}`)
  const isWords = unit.elements === 'tf32'
  const read = isWords && stmt.isAcross ? readWords(stmt, own, context) : readMatrices(stmt, own, context)
  context.fragments.set(name, { unit, registers: isWords ? read.map((word) => rounded(word, context)) : read })
}

/** Adds a product, the left half of the columns and the right one. */
export function multiplyFragments({ name, left, right }: StmtOf<'multiplyFragments'>, context: PtxContext): void {
  const { unit, registers: sums } = fragmentOf(name, context)
  const [a, b] = [fragmentOf(left, context).registers, fragmentOf(right, context).registers]
  const op = instructions[unit.elements]
  for (const half of [0, 1]) {
    const own = group(sums.slice(4 * half, 4 * half + 4))
    context.asm.emit(op, own, [group(a), group(b.slice(2 * half, 2 * half + 2)), own])
  }
  for (const register of sums) context.asm.touch(register)
}

/** Stores sums: a lane has two neighbours of every eight columns, in two rows of the 16 that its warp has. */
export function storeFragment(
  { name, array, index, stride, columns }: StmtOf<'storeFragment'>,
  context: PtxContext,
): void {
  const { asm } = context
  const own = context.arrays.get(array) ?? internalError(`no group array ${array}`)
  const { unit, registers: sums } = fragmentOf(name, context)
  const { row: rowOfWarp, pair } = placeInMatrix(context)
  const row = dims.add(dims.mul(warpOf(context, unit), 16), rowOfWarp)
  const { first: from, count } = columns ?? { first: 0, count: unit.columns }
  for (let column = 0; column < count; column += COLUMNS)
    for (const low of [0, 1]) {
      const inside = dims.add(dims.mul(dims.add(row, 8 * low), stride), dims.add(dims.mul(pair, 2), column))
      const place = groupPlace(own, dims.add(index, inside), 'f32', context)
      const first = 4 * ((from + column) / COLUMNS) + 2 * low
      asm.emit('st.shared.v2.f32', undefined, [place.at(0), group(sums.slice(first, first + 2))])
    }
  own.writes++
}

/** Four matrices: rows of the left operand, or columns of the right one, by eight; depth by runs of 16 bytes. */
function readMatrices(stmt: StmtOf<'loadFragment'>, own: PtxArray, context: PtxContext): Value {
  const { unit, side, index, stride, isAcross } = stmt
  const lane = laneOf(context)
  const run = depthRun(unit)
  // the left operand has its rows first, the right one its depth, since its halves are operands of two instructions
  const [low, high] = [dims.mod(dims.floorDiv(lane, 8), 2), dims.floorDiv(lane, 16)]
  const [outer, depth] = side === 0 ? [low, high] : [high, low]
  const inside = isAcross
    ? dims.add(dims.mul(dims.add(dims.mod(lane, 8), dims.mul(depth, run)), stride), dims.mul(outer, 8))
    : dims.add(dims.mul(dims.add(dims.mod(lane, 8), dims.mul(outer, 8)), stride), dims.mul(depth, run))
  const place = groupPlace(own, dims.add(index, inside), 'f32', context)
  const registers = Array.from({ length: 4 }, () => context.asm.register('b32'))
  const op = `ldmatrix.sync.aligned.m8n8.x4${isAcross ? '.trans' : ''}.shared.b16`
  context.asm.emit(op, group(registers), [place.at(0)])
  return registers
}

/** The words of a lane, one by one. */
function readWords(stmt: StmtOf<'loadFragment'>, own: PtxArray, context: PtxContext): Value {
  const { side, index, stride, unit } = stmt
  const { row, pair } = placeInMatrix(context)
  return [0, 1, 2, 3].map((i) => {
    const [low, high] = [i % 2, i >> 1]
    const [outer, depth] = side === 0 ? [low, high] : [high, low]
    const inside = dims.add(dims.mul(dims.add(pair, depth * depthRun(unit)), stride), dims.add(row, 8 * outer))
    const register = context.asm.register('b32')
    const place = groupPlace(own, dims.add(index, inside), 'f32', context)
    context.asm.emit('ld.shared.b32', register, [place.at(0)])
    return register
  })
}

/** Where a lane is in a matrix of eight rows of 16 bytes: its row, and which quarter of it. */
function placeInMatrix(context: PtxContext): { readonly row: Dim; readonly pair: Dim } {
  const lane = laneOf(context)
  return { row: dims.floorDiv(lane, 4), pair: dims.mod(lane, 4) }
}

/** The lane within its warp. */
function laneOf({ lanes }: PtxContext): Dim {
  return dims.mod(dims.symbol('l0', { min: 0, below: lanes[0] }), WARP)
}

/** The warp among those of a unit. */
function warpOf({ lanes }: PtxContext, { warps }: MatrixUnit): Dim {
  return dims.mod(dims.floorDiv(dims.symbol('l0', { min: 0, below: lanes[0] }), WARP), warps)
}

function rounded(word: Operand, { asm }: PtxContext): Operand {
  return asm.pure('b32', 'cvt.rna.tf32.f32', word)
}

/** Returns a fragment. */
export function fragmentOf(name: string, { fragments }: PtxContext): PtxFragment {
  return fragments.get(name) ?? internalError(`no fragment ${name}`)
}

function group(registers: Value): string {
  return `{${registers.join(', ')}}`
}
