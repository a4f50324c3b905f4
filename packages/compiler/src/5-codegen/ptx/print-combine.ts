// print-combine: what the lanes of a group combine
//
// The threads of a warp hand values to one another; the results of several warps go by way of group memory, from where
// every thread joins all of them in the same order.

import { internalError } from '../../base/invariant.ts'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { WARP } from '../../ir/kernel/matrix-unit.ts'
import type { Operand } from './assembler.ts'
import type { PtxContext } from './context.ts'
import { branch } from './control.ts'
import { type FloatOps, floatOps } from './float-ops.ts'
import { arrayPlace, loadFrom, storeTo } from './memory.ts'
import { printExpr } from './print-expression.ts'
import { printOp } from './scalar-ops.ts'

/** Prints the statement; its name is then a value that all threads have. */
export function printCombine(
  { name, array, op, value, lanes: joining }: Extract<Stmt, { readonly kind: 'combine' }>,
  context: PtxContext,
): void {
  const { asm } = context
  const { type } = value
  const f = floatOps(asm)
  const join = (a: Operand, b: Operand): Operand => printOp(op, [a, b], type, f)
  const [own = internalError('a value to combine')] = printExpr(value, context)
  const [all] = context.lanes
  const lanes = joining ?? all
  let joined = own
  for (let distance = Math.min(WARP, lanes) / 2; distance >= 1; distance /= 2)
    joined = join(joined, fromLane(f, joined, type, distance, Math.min(WARP, all)))
  if (lanes > WARP) {
    const memory = context.arrays.get(array) ?? internalError(`no group array ${array}`)
    const lane = context.symbol('l0')
    const place = { name: memory.name, type, width: 1, space: 'shared' } as const
    const isFirst = f.test('eq.s32', f.int('and.b32', lane, String(WARP - 1)), '0')
    const warp = f.int('shr.u32', lane, String(Math.log2(WARP)))
    branch(asm, isFirst, () =>
      storeTo({ ...arrayPlace(place, 0, context), ...wordAt(f, memory.name, warp) }, [joined], false, asm),
    )
    asm.emit('bar.sync', undefined, ['0'])
    const warps = lanes / WARP
    const width = Math.min(warps, 4)
    const parts = Array.from({ length: warps / width }, (_, i) =>
      loadFrom(arrayPlace(place, i * width, context), width, true, context),
    )
    joined = parts.flat().reduce(join)
  }
  context.lets.set(name, [joined])
}

/** The address of a word of group memory. */
function wordAt(f: FloatOps, name: string, index: Operand): { readonly at: () => string } {
  const address = f.int('mad.lo.s32', index, '4', f.int('mov.u32', name))
  return { at: () => `[${address}]` }
}

/** The value of the thread whose number differs in one bit. */
function fromLane(f: FloatOps, value: Operand, type: string, distance: number, width: number): Operand {
  const { asm } = f
  const word = type === 'bool' ? f.int('selp.b32', '1', '0', value) : value
  const register = type === 'f32' ? 'f32' : 'b32'
  const other = asm.register(register)
  // threads that there are not take no part
  const mask = width === WARP ? '-1' : String(2 ** width - 1)
  asm.emit('shfl.sync.bfly.b32', other, [word, String(distance), String(WARP - 1), mask])
  return type === 'bool' ? f.test('ne.s32', other, '0') : other
}
