// no-matrices: what printers do with statements that their target has not: scheduling makes none for them

import { internalError } from '../base/invariant.ts'
import type { MatrixStmtKind } from '../ir/kernel/kernel.ts'

const refuse = ({ kind }: { readonly kind: MatrixStmtKind }): never => internalError(`${kind} is for matrix units`)

/** Rows for the table of a printer without matrix units. */
export const noMatrices: { readonly [K in MatrixStmtKind]: typeof refuse } = {
  copy: refuse,
  commitCopies: refuse,
  awaitCopies: refuse,
  fragment: refuse,
  loadFragment: refuse,
  multiplyFragments: refuse,
  startProducts: refuse,
  awaitProducts: refuse,
  storeFragment: refuse,
}
