// mistake: a JavaScript operator on tensors, not reported yet
//
// `x + y * 2` holds two of them. Each is handed to the operator around it, so that one diagnostic with one rewrite
// covers the whole formula.

import type { Expression } from '@babel/types'
import { WeightDeclaration } from '@tsjit/dsl/compiler'
import { GraphTensor, type Value } from './value.ts'

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

/** Returns the tensors among operands, or undefined where there are none. */
export function tensorsOf(operands: readonly (Value | Mistake)[]): readonly GraphTensor[] | undefined {
  const tensors = operands.flatMap((each) =>
    each instanceof Mistake ? each.tensors : each instanceof GraphTensor ? [each] : [],
  )
  const isTensor =
    tensors.length > 0 || operands.some((each) => each instanceof Mistake || each instanceof WeightDeclaration)
  return isTensor ? tensors : undefined
}
