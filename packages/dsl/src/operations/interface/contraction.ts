// contraction: sums of products

import type { Dim } from '../../types/dim.ts'
import type { TensorBase } from '../../types/tensor-type.ts'
import type { Like } from './types.ts'

/** Options of attention. */
export interface AttentionOptions<T extends TensorBase> {
  /** A query sees no later key. */
  readonly causal?: boolean
  /** bool: true where a query may look; float: added to the scores. Broadcasts to [..., queries, keys]. */
  readonly mask?: T
  /** Multiplies the scores; 1 / sqrt(d) where left out. */
  readonly scale?: number
  /** Keeps scores between -softcap and softcap: softcap * tanh(scores / softcap), before the mask. */
  readonly softcap?: number
  /** Heads (the third axis from the right) of keys and values are shared by several heads of queries. */
  readonly enableGqa?: boolean
}

/** Products of matrices and tensors. */
export interface Contraction<T extends TensorBase, D extends Dim> {
  /** [..., n, k] @ [..., k, m] → [..., n, m]; leading axes broadcast, a vector is a row on the left and a column on the right. torch.matmul, np.matmul, ONNX MatMul. Throws shape_contraction. */
  matmul(x: T, y: T): T
  /** The sum of x * y of two vectors; of others as matmul. torch.dot, np.dot of vectors. */
  dot(x: T, y: T): T
  /** [n], [m] → [n, m]: x[i] * y[j]. torch.outer, np.outer. */
  outer(x: T, y: T): T
  /**
   * Einstein summation of one operand or more. Labels are letters (`'ij,jk->ik'`), or words where an operand has spaces
   * (`'b h q d, b h k d -> b h q k'`). A label that is not in the result is summed over; twice in one operand is the
   * diagonal; `...` stands for axes that broadcast. Without `->` the result has the labels that occur once, sorted.
   * torch.einsum, np.einsum, ONNX Einsum. Throws shape_equation.
   */
  einsum(equation: string, ...operands: Like<T, D>[]): T
  /** x @ weight.T + bias: [..., in], [out, in], [out] → [..., out]. torch linear. */
  linear(x: T, weight: T, bias?: T): T
  /** softmax(q @ k.T * scale + mask) @ v: [..., queries, d], [..., keys, d], [..., keys, e] → [..., queries, e]. torch scaled_dot_product_attention. */
  scaledDotProductAttention(query: T, key: T, value: T, options?: AttentionOptions<T>): T
  /** The sum of the diagonal of the last two axes. torch.trace, np.trace. */
  trace(x: T): T
}
