// print-products: products of matrices in shared memory -> wgmma
//
// Four warps multiply 64 rows by up to 256 columns at once, while their threads go on. A matrix is described by 64 bits: where
// it begins, how far its parts are from one another, and how runs of 16 bytes are exchanged: as shared-address does it. The
// layouts are those of the PTX manual, "Asynchronous warpgroup level matrix shared memory layout".

import { internalError } from '../../base/invariant.ts'
import type { MatrixUnit, Stmt } from '../../ir/kernel/kernel.ts'
import type { GroupMatrix } from '../../ir/kernel/matrix-unit.ts'
import { elementBytes } from '../../ir/kernel/scalar-type.ts'
import type { Operand } from './assembler.ts'
import type { PtxContext } from './context.ts'
import { fragmentOf } from './print-fragments.ts'
import { plainAddress } from './shared-address.ts'

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>

/** The bits that say how runs are exchanged, by the bytes of a row. */
const exchanges: Readonly<Record<number, number>> = { 128: 1, 64: 2, 32: 3 }

/** Rows (of the depth, where a matrix lies across) from one of which to the next pattern it is always as far. */
const ROWS = 8

/** Starts products: what the threads have written to shared memory they have fenced at the last barrier. */
export function startProducts({ products }: StmtOf<'startProducts'>, context: PtxContext): void {
  const { asm } = context
  const isAdded = asm.pure('pred', 'setp.eq.s32', '0', '0')
  const described = products.map(({ name, left, right }) => {
    const { unit, registers } = fragmentOf(name, context)
    const operands = [left, right].map((matrix) => describe(matrix, unit, context))
    const across = [left, right].map(({ isAcross }) => (isAcross ? '1' : '0'))
    const op = `wgmma.mma_async.sync.aligned.m${unit.rows}n${unit.columns}k${unit.depth}.f32.${unit.elements}.${unit.elements}`
    return { op, registers, args: [...operands, isAdded, '1', '1', ...across] }
  })
  asm.emit('wgmma.fence.sync.aligned', undefined, [])
  for (const { op, registers, args } of described) {
    asm.emit(op, `{${registers.join(', ')}}`, args)
    for (const register of registers) asm.touch(register)
  }
  asm.emit('wgmma.commit_group.sync.aligned', undefined, [])
}

/** Waits for products. */
export function awaitProducts({ pending }: StmtOf<'awaitProducts'>, { asm }: PtxContext): void {
  asm.emit('wgmma.wait_group.sync.aligned', undefined, [String(pending)])
}

/** Makes what this thread has written to shared memory visible to products, where there are any. */
export function fenceProducts({ asm, fragments }: PtxContext): void {
  if ([...fragments.values()].some(({ unit }) => unit.warps > 1))
    asm.emit('fence.proxy.async.shared::cta', undefined, [])
}

/** Returns a register that describes a matrix. */
function describe(
  { array, index, stride, isAcross, panel }: GroupMatrix,
  unit: MatrixUnit,
  context: PtxContext,
): Operand {
  const { asm } = context
  const own = context.arrays.get(array) ?? internalError(`no group array ${array}`)
  const bytes = elementBytes(own.array)
  const row = stride * bytes
  const exchange = exchanges[row] ?? internalError(`${unit.elements} in rows of ${row} bytes`)
  const { address, offset } = plainAddress(own, index, context)
  // in units of 16 bytes: where, and from one panel to the next; from eight rows to the next
  const panels = isAcross ? (panel * bytes) / 16 : 1
  const first = asm.pure('b32', 'add.s32', asm.pure('b32', 'shr.u32', address, '4'), String(panels * 2 ** 16))
  const low = offset === 0 ? first : asm.pure('b32', 'add.s32', first, String(offset / 16))
  const high = ((ROWS * row) / 16 + exchange * 2 ** 30) | 0
  return asm.pure('b64', 'mov.b64', `{${low}, ${high}}`)
}
