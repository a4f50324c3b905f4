// in-place: spares the copy of what a loop carries on
//
// The kernel that makes what is carried on may write it over what was carried here, if nobody reads the old values any
// more: no later kernel of the turn, and the kernel itself at no other element than the one it writes, and before.

import { dims } from '@tsjit/dsl/compiler'
import type { Value } from '../../ir/graph/graph.ts'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import { blocksOf, forEachExpr, valuesOf } from '../../ir/kernel/visit.ts'
import { type FormedLaunch, type FormedStep, launchesOf } from './formed-step.ts'
import type { KernelContext } from '../kernel-context.ts'

/** Which buffer holds what. */
export interface Buffers {
  /** Names the buffer of a value that has one. */
  ownerOf(value: Value): Value
  /** Lets a buffer be another one from here on. */
  unite(from: Value, into: Value): void
}

/** Lets the kernel that writes `next` write `owner` instead, where that is right, and says whether it does. */
export function writeInPlace(
  turn: readonly FormedStep[],
  { next, owner }: { readonly next: Value; readonly owner: Value },
  buffers: Buffers,
): boolean {
  const all = launchesOf(turn)
  const writers = all.filter(({ formed }) => formed.context.params.get(next)?.writes === true)
  const [writer] = writers
  // a writer inside another loop or an arm does not run exactly once
  if (writer === undefined || writers.length > 1 || !turn.includes(writer)) return false
  const later = all.slice(all.indexOf(writer) + 1)
  const readsOld = ({ formed }: FormedLaunch): boolean => oldParam(formed.context, owner, buffers) !== undefined
  if (later.some(readsOld)) return false
  const { formed } = writer
  const old = oldParam(formed.context, owner, buffers)
  const param = formed.context.params.get(next)
  if (param === undefined || param.reads) return false
  if (old !== undefined) {
    const known = formed.context.params.get(old)
    if (known === undefined || !readsBeforeWriting(formed.formed.body, known.name, param.name)) return false
    const body = mapKernel(formed.formed.body, { param: (name) => (name === param.name ? known.name : name) })
    writer.formed.formed = { ...formed.formed, body }
    known.writes = true
    formed.context.params.delete(next)
  }
  buffers.unite(next, owner)
  return true
}

/** The value under which a kernel knows the carry. */
function oldParam({ params }: KernelContext, owner: Value, { ownerOf }: Pick<Buffers, 'ownerOf'>): Value | undefined {
  return [...params.keys()].find((value) => ownerOf(value) === owner)
}

/** Whether every element of `read` that a block loads is stored to `written` in the same block, later on. */
function readsBeforeWriting(body: readonly Stmt[], read: string, written: string): boolean {
  const open = new Set<string>()
  const closed = new Set<string>()
  for (const stmt of body) {
    let isLate = false
    forEachExpr(valuesOf(stmt), (expr: Expr) => {
      if (expr.kind !== 'load' || expr.param !== read) return
      const key = `${dims.keyOf(expr.index)} ${expr.width}`
      if (closed.has(key)) isLate = true
      open.add(key)
    })
    if (isLate) return false
    if (stmt.kind === 'store' && stmt.param === written) {
      const key = `${dims.keyOf(stmt.index)} ${stmt.value.width}`
      open.delete(key)
      closed.add(key)
    }
    for (const block of blocksOf(stmt)) if (!readsBeforeWriting(block, read, written)) return false
  }
  return open.size === 0
}
