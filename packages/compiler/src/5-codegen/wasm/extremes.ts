// extremes: running maxima and minima of floats in a loop -> one instruction a step instead of eight
//
// Engines spell out the instruction that keeps every NaN. Here the loop compares with the one that loses them, notes
// beside it which lanes met a NaN, and puts those in once it is done: the note has all bits set, which is a NaN.

import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import type { FunctionContext } from './printer-context.ts'
import { constant, get, op, set } from './wat.ts'

const spellings: { readonly [O in string]?: string } = { maximum: 'f32x4.pmax', minimum: 'f32x4.pmin' }

/** What a loop does besides its body. */
export interface LoopExtremes {
  readonly before: readonly string[]
  readonly after: readonly string[]
  end(): void
}

/** Finds the running maxima and minima of a loop, of which `printExtreme` then prints the steps. */
export function startExtremes(context: FunctionContext, body: readonly Stmt[]): LoopExtremes {
  const names = body.flatMap((stmt) => (isStep(stmt) && isAlone(stmt, body) ? [stmt.name] : []))
  for (const name of names) context.extremes.set(name, context.fresh('nan', 'v128'))
  const notes = names.map((name) => [name, context.extremes.get(name) ?? ''] as const)
  return {
    before: notes.map(([, note]) => set(note, constant('i32', 4, 0))),
    after: notes.map(([name, note]) => set(name, op('v128.or', get(name), get(note)))),
    end: () => names.forEach((name) => context.extremes.delete(name)),
  }
}

/** Returns a step of a running maximum or minimum, or undefined where the statement is none of this loop. */
export function printExtreme(
  stmt: Stmt,
  context: FunctionContext,
  print: (expr: Expr) => string,
): readonly string[] | undefined {
  if (!isStep(stmt)) return undefined
  const note = context.extremes.get(stmt.name)
  const [, value] = stmt.value.args
  const spelling = spellings[stmt.value.op]
  if (note === undefined || value === undefined || spelling === undefined) return undefined
  const local = context.fresh('t', 'v128')
  return [
    set(local, print(value)),
    set(stmt.name, op(spelling, get(stmt.name), get(local))),
    set(note, op('v128.or', get(note), op('f32x4.ne', get(local), get(local)))),
  ]
}

type Step = Extract<Stmt, { readonly kind: 'set' }> & { readonly value: Extract<Expr, { readonly kind: 'apply' }> }

function isStep(stmt: Stmt): stmt is Step {
  if (stmt.kind !== 'set' || stmt.value.kind !== 'apply' || spellings[stmt.value.op] === undefined) return false
  const { type, width, args } = stmt.value
  const [first] = args
  return type === 'f32' && width === 4 && first?.kind === 'local' && first.name === stmt.name
}

/** Whether nothing else of the loop names the local. */
function isAlone(step: Step, body: readonly Stmt[]): boolean {
  let isAlone = true
  const check = (exprs: readonly Expr[]): void =>
    forEachExpr(exprs, (expr) => {
      if (expr.kind === 'local' && expr.name === step.name) isAlone = false
    })
  check(step.value.args.slice(1))
  forEachStmt(body, (stmt) => {
    if (stmt === step) return
    check(valuesOf(stmt))
    if (stmt.kind === 'set' && stmt.name === step.name) isAlone = false
  })
  return isAlone
}
