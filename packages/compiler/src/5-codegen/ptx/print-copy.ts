// print-copy: asynchronous copies into shared memory
//
// `.cg`: by way of the second cache only. Bytes that are not read are zeros.

import { internalError } from '../../base/invariant.ts'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import type { PtxContext } from './context.ts'
import { groupPlace, paramPlace } from './memory.ts'
import { printExpr } from './print-expression.ts'

/** Prints the start of a copy of 16 bytes. */
export function printCopy(stmt: Extract<Stmt, { readonly kind: 'copy' }>, context: PtxContext): void {
  const { array, at, param, index, condition } = stmt
  const { asm } = context
  const own = context.arrays.get(array) ?? internalError(`no group array ${array}`)
  const [test] = condition === undefined ? [] : printExpr(condition, context)
  const to = groupPlace(own, at, 'f32', context).at(0)
  const from = paramPlace(param, index, context).at(0)
  const bytes = test === undefined ? [] : [asm.pure('b32', 'selp.b32', '16', '0', test)]
  asm.emit('cp.async.cg.shared.global', undefined, [to, from, '16', ...bytes])
  own.writes++
}
