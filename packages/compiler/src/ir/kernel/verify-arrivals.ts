// verify-arrivals: checks that what is copied is waited for before it is read
//
// Before an array into which copies go is read there has to be a wait for copies and then a barrier, after the program began, and
// in a loop that starts copies, after its turn began. How many batches may be open is for those who run the kernel to check:
// the interpreter and the emulator let a copy arrive no sooner than it is waited for.

import type { Kernel, Stmt } from './kernel.ts'
import { blocksOf, forEachExpr, forEachStmt, valuesOf } from './visit.ts'

/** How far the copies of earlier batches are known to have come. */
type Arrival = 'open' | 'own' | 'all'

/** Fails where copies are read that need not have arrived. */
export function verifyArrivals(kernel: Kernel, fail: (message: string) => never): void {
  const copied = new Set<string>()
  forEachStmt(kernel.body, (stmt) => {
    if (stmt.kind === 'copy') copied.add(stmt.array)
  })
  if (copied.size === 0) return
  const check = (array: string, arrival: Arrival): void => {
    if (!copied.has(array) || arrival === 'all') return
    fail(`${array} is read before ${arrival === 'open' ? 'its copies are waited for' : 'all lanes see its copies'}`)
  }
  const walk = (body: readonly Stmt[], before: Arrival): Arrival => {
    let arrival = before
    for (const stmt of body) {
      for (const array of readsOf(stmt)) check(array, arrival)
      if (stmt.kind === 'awaitCopies') arrival = 'own'
      if (stmt.kind === 'barrier' && arrival === 'own') arrival = 'all'
      const isTurn = (stmt.kind === 'for' || stmt.kind === 'while') && startsCopies(stmt)
      // what happens in a block need not happen
      for (const block of blocksOf(stmt)) walk(block, isTurn ? 'open' : arrival)
    }
    return arrival
  }
  walk(kernel.body, 'open')
}

function startsCopies(stmt: Stmt): boolean {
  let found = false
  forEachStmt([stmt], (inner) => {
    if (inner.kind === 'copy') found = true
  })
  return found
}

function readsOf(stmt: Stmt): readonly string[] {
  const found: string[] = stmt.kind === 'loadFragment' ? [stmt.array] : []
  if (stmt.kind === 'startProducts')
    found.push(...stmt.products.flatMap(({ left, right }) => [left.array, right.array]))
  forEachExpr(valuesOf(stmt), (expr) => {
    if (expr.kind === 'groupLoad') found.push(expr.array)
  })
  return found
}
