// arrange: the statements of a part -> the same in an order in which little waits
//
// Reading memory takes hundreds of cycles, and a loop ends before anything after it begins. So what can be read before a
// loop is, and loops that do not need one another's results are one.

import { dims } from '@tsjit/dsl/compiler'
import type { Expr, Stmt } from '../../ir/kernel/kernel.ts'
import { mapKernel } from '../../ir/kernel/map-kernel.ts'
import { forEachExpr, forEachStmt, indicesOf, indicesOfStmt, mapBlocks, valuesOf } from '../../ir/kernel/visit.ts'

type Loop = Extract<Stmt, { readonly kind: 'for' }>

/** Turns of a joined loop up to which it is written out. */
const UNROLLED = 4

/** Returns the statements of a part, without barriers, in a better order. */
export function arrange(body: readonly Stmt[]): readonly Stmt[] {
  const stmts = body.map((stmt) => mapBlocks(stmt, arrange))
  const effects = stmts.map(effectsOf)
  const levels: number[] = []
  for (const [i, own] of effects.entries()) {
    let level = 0
    for (let j = 0; j < i; j++) {
      const earlier = effects[j]
      if (earlier === undefined || !depends(own, earlier)) continue
      level = Math.max(level, (levels[j] ?? 0) + (stmts[j]?.kind === 'for' ? 1 : 0))
    }
    levels.push(level)
  }
  return [...new Set(levels)]
    .sort((a, b) => a - b)
    .flatMap((level) => {
      const here = stmts.filter((_, i) => levels[i] === level)
      const loops = here.filter((stmt): stmt is Loop => stmt.kind === 'for')
      return [...here.filter(({ kind }) => kind !== 'for'), ...joinLoops(loops)]
    })
}

/** Makes loops of as many turns one. */
function joinLoops(loops: readonly Loop[]): readonly Stmt[] {
  const byCount = new Map<string, Loop[]>()
  for (const loop of loops) {
    const key = dims.keyOf(loop.count)
    byCount.set(key, [...(byCount.get(key) ?? []), loop])
  }
  return [...byCount.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const index = dims.symbol(first.name, { min: 0, below: first.count })
    const bodies = others.map(({ name, body }) => {
      const names = new Map([[name, index]])
      return mapKernel(body, { dim: (dim) => dims.substitute(dim, names) })
    })
    const unroll = typeof first.count === 'number' && first.count <= UNROLLED
    return [{ ...first, unroll, body: [...first.body, ...bodies.flat()] }]
  })
}

/** Names of locals, buffers and arrays that a statement reads, and that it writes, with all that is inside of it. */
interface Effects {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

function depends(later: Effects, earlier: Effects): boolean {
  const meets = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((name) => b.has(name))
  return meets(later.reads, earlier.writes) || meets(later.writes, earlier.writes) || meets(later.writes, earlier.reads)
}

function effectsOf(stmt: Stmt): Effects {
  const reads = new Set<string>()
  const writes = new Set<string>()
  const seen = new Set<Expr>()
  forEachStmt([stmt], (each) => {
    const name = writtenBy(each)
    if (name !== undefined) writes.add(name)
    const roots = each.kind === 'if' || each.kind === 'while' ? [each.condition, ...valuesOf(each)] : valuesOf(each)
    for (const index of indicesOfStmt(each)) for (const symbol of dims.symbolsOf(index)) reads.add(symbol.name)
    forEachExpr(
      roots,
      (expr) => {
        if (expr.kind === 'local') reads.add(expr.name)
        if (expr.kind === 'load') reads.add(expr.param)
        if (expr.kind === 'groupLoad') reads.add(expr.array)
        for (const index of indicesOf(expr)) for (const symbol of dims.symbolsOf(index)) reads.add(symbol.name)
      },
      seen,
    )
  })
  return { reads, writes }
}

function writtenBy(stmt: Stmt): string | undefined {
  if (stmt.kind === 'store') return stmt.param
  if (stmt.kind === 'groupStore') return stmt.array
  return 'name' in stmt ? stmt.name : undefined
}
