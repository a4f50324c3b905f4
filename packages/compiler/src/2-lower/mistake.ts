// mistake: a JavaScript operator on tensors, not reported yet
//
// `x + y * 2` holds two of them. Each is handed to the operator around it, so that one diagnostic with one rewrite
// covers the whole formula.

import type { Expression } from '@babel/types'
import type { GraphTensor } from './value.ts'

/** An operator that was given tensors. */
export class Mistake {
  readonly node: Expression
  readonly operator: string
  readonly tensors: readonly GraphTensor[]

  constructor(node: Expression, operator: string, tensors: readonly GraphTensor[]) {
    this.node = node
    this.operator = operator
    this.tensors = tensors
  }
}
