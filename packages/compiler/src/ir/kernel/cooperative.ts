// cooperative: whether the groups of a launch wait for one another

import type { Kernel } from './kernel.ts'
import { forEachStmt } from './visit.ts'

/** Whether a kernel has a barrier of the grid: all groups of a launch must then run at once. */
export function isCooperative({ body }: Pick<Kernel, 'body'>): boolean {
  let found = false
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'barrier' && stmt.memory === 'grid') found = true
  })
  return found
}
