// variables: mutable locals, in registers where every element that is accessed is known

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Stmt } from '../../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import { type PtxContext, registerOf } from './context.ts'
import { arrayPlace, storeTo } from './memory.ts'
import { printExpr } from './print-expression.ts'

type VarStmt = Extract<Stmt, { readonly kind: 'var' }>

/** Declares a variable and gives it its first value. */
export function declareVar({ name, type, width, length, init }: VarStmt, context: PtxContext): void {
  const { asm } = context
  const value = printExpr(init, context)
  const count = length ?? 1
  const memory = context.computed.has(name) ? context.declareLocal(name, 4 * width * count) : undefined
  const register = registerOf[type]
  const label = (element: number, i: number): string =>
    `${name}${length === undefined ? '' : `_${element}`}${width === 1 ? '' : `_${'xyzw'.charAt(i)}`}`
  const registers =
    memory === undefined
      ? Array.from({ length: count }, (_, element) =>
          Array.from({ length: width }, (_, i) => asm.mutable(register, label(element, i))),
        )
      : []
  context.vars.set(name, { type, width, registers, memory, writes: 0 })
  for (const element of registers)
    element.forEach((own, i) => asm.emit(`mov.${register}`, own, [value[i] ?? value[0] ?? '']))
  if (memory === undefined) return
  for (let element = 0; element < count; element++)
    storeTo(arrayPlace({ name: memory, type, width, space: 'local' }, element, context), value, true, asm)
}

/** Returns the variables that are arrays of which elements are computed: loops that are written out give numbers. */
export function computedArrays(body: readonly Stmt[]): ReadonlySet<string> {
  const unrolled = new Set<string>()
  const found = new Set<string>()
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'for' && stmt.unroll) unrolled.add(stmt.name)
  })
  const check = (name: string, element: Dim | undefined): void => {
    if (element !== undefined && dims.symbolsOf(element).some((symbol) => !unrolled.has(symbol.name))) found.add(name)
  }
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'set') check(stmt.name, stmt.element)
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'local') check(expr.name, expr.element)
    })
  })
  return found
}
