// count-writes: how often memory has been written so far, which keeps the reads of printed kernels on their side of a write

import type { Stmt } from '../ir/kernel/kernel.ts'
import { forEachStmt } from '../ir/kernel/visit.ts'

interface Counted {
  /** How many writes came before the place that is being printed. */
  writes: number
}

/** What a kernel may write, by name. */
export interface Writable<Variable extends Counted> {
  readonly params: ReadonlyMap<string, Counted & { readonly isWritten: boolean }>
  readonly arrays: ReadonlyMap<string, Counted>
  readonly vars: ReadonlyMap<string, Variable>
}

/** Counts what statements write, those of blocks inside included. `onSet` hears of each variable that is set. */
export function countWrites<Variable extends Counted>(
  body: readonly Stmt[],
  context: Writable<Variable>,
  onSet?: (variable: Variable) => void,
): void {
  forEachStmt(body, (stmt) => {
    if (isShared(stmt)) crossBarrier(context)
    else if (stmt.kind === 'store') count(context.params.get(stmt.param))
    else if (stmt.kind === 'groupStore' || stmt.kind === 'copy' || stmt.kind === 'storeFragment')
      count(context.arrays.get(stmt.array))
    else if (stmt.kind === 'set') {
      const variable = context.vars.get(stmt.name)
      count(variable)
      if (variable !== undefined) onSet?.(variable)
    }
  })
}

/** Whether others may have written when a statement is done. */
function isShared({ kind }: Stmt): boolean {
  return kind === 'barrier' || kind === 'agree' || kind === 'awaitCopies'
}

/** Counts a barrier: others may have written whatever is shared. */
export function crossBarrier<Variable extends Counted>({ params, arrays }: Writable<Variable>): void {
  for (const array of arrays.values()) array.writes++
  for (const param of params.values()) if (param.isWritten) param.writes++
}

function count(written: Counted | undefined): void {
  if (written !== undefined) written.writes++
}
