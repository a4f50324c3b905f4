// verify-barriers: checks that all lanes of a group reach every barrier, and all groups those of the grid
//
// A value is uniform where it is the same for all lanes (of all groups, in a kernel with barriers of the grid): it mentions no
// lane, no mutable local that lanes set differently, no memory. A barrier may stand only under uniform conditions and in loops with uniform counts.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Expr, Kernel, Stmt } from './kernel.ts'
import { isCooperative } from './cooperative.ts'
import { blocksOf, forEachExpr, indicesOf } from './visit.ts'

/** Fails where a barrier stands in control flow that differs between lanes. */
export function verifyBarriers(kernel: Kernel, fail: (message: string) => never): void {
  const varying = new Set(['l0', 'l1', 'l2', ...(isCooperative(kernel) ? ['g0', 'g1', 'g2'] : [])])
  // a pass over loops may find more; the set only grows, so this ends
  for (let size = -1; size !== varying.size;) {
    size = varying.size
    collect(kernel.body, { varying, isVarying: false })
  }
  check(kernel.body, { varying, isVarying: false }, fail)
}

const meeting: ReadonlySet<Stmt['kind']> = new Set<Stmt['kind']>(['barrier', 'agree', 'combine'])
const ofWarps: ReadonlySet<Stmt['kind']> = new Set<Stmt['kind']>([
  'loadFragment',
  'multiplyFragments',
  'startProducts',
  'awaitProducts',
  'storeFragment',
])

interface Flow {
  /** Symbols and locals that differ between lanes. */
  readonly varying: Set<string>
  /** Whether only some lanes get here. */
  readonly isVarying: boolean
}

function collect(body: readonly Stmt[], flow: Flow): void {
  for (const stmt of body) {
    const inside = { ...flow, isVarying: flow.isVarying || controlVaries(stmt, flow) }
    if (stmt.kind === 'let' && exprVaries(stmt.value, flow)) flow.varying.add(stmt.name)
    if (stmt.kind === 'var' && exprVaries(stmt.init, flow)) flow.varying.add(stmt.name)
    if (stmt.kind === 'set') {
      const at = stmt.element
      const isDifferent = exprVaries(stmt.value, flow) || (at !== undefined && dimVaries(at, flow))
      if (flow.isVarying || isDifferent) flow.varying.add(stmt.name)
    }
    if (stmt.kind === 'for' && dimVaries(stmt.count, flow)) flow.varying.add(stmt.name)
    for (const block of blocksOf(stmt)) collect(block, inside)
  }
}

function check(body: readonly Stmt[], flow: Flow, fail: (message: string) => never): void {
  for (const stmt of body) {
    if (flow.isVarying && meeting.has(stmt.kind)) fail('a barrier stands where not all lanes arrive')
    if (flow.isVarying && ofWarps.has(stmt.kind)) fail('a fragment is used where not all lanes arrive')
    const isVarying = flow.isVarying || controlVaries(stmt, flow)
    for (const block of blocksOf(stmt)) check(block, { ...flow, isVarying }, fail)
  }
}

function controlVaries(stmt: Stmt, flow: Flow): boolean {
  if (stmt.kind === 'if' || stmt.kind === 'while') return exprVaries(stmt.condition, flow)
  return stmt.kind === 'for' && dimVaries(stmt.count, flow)
}

function exprVaries(expr: Expr, flow: Flow): boolean {
  let found = false
  forEachExpr([expr], (e) => {
    // a buffer may be bound for writing, and targets then take every load as different
    if (e.kind === 'groupLoad' || e.kind === 'load') found = true
    if (e.kind === 'local' && flow.varying.has(e.name)) found = true
    if (indicesOf(e).some((d) => dimVaries(d, flow))) found = true
  })
  return found
}

function dimVaries(index: Dim, { varying }: Flow): boolean {
  return dims.symbolsOf(index).some(({ name }) => varying.has(name))
}
