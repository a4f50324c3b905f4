// philox: random bits from a counter, in terms of primitives
//
// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11), with the
// constants of their Random123. 32-bit integers wrap on every target, so every target gives the same bits.

import type { DType } from '../types/dtype.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Builder } from './builder.ts'

/** Four words of 32 bits: u32 tensors of one shape. */
export type Words = readonly [TensorBase, TensorBase, TensorBase, TensorBase]

/** Two words of 32 bits: u32 scalars. */
export type Key = readonly [TensorBase, TensorBase]

type Emit = Builder['emit']

const ROUNDS = 10
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const
const WEYL = [0x9e3779b9, 0xbb67ae85] as const

/** Returns the four random words of every counter under a key. */
export function philox(emit: Emit, counter: Words, key: Key): Words {
  const { shape } = counter[0]
  const keyOf = (word: 0 | 1, round: number): TensorBase => {
    const step = constant(emit, Math.imul(WEYL[word], round) >>> 0)
    return spread(emit, round === 0 ? key[word] : emit('add', [key[word], step], {}), shape)
  }
  let [a, b, c, d] = counter
  for (let round = 0; round < ROUNDS; round++) {
    const [highA, lowA] = product(emit, a, MULTIPLIERS[0])
    const [highC, lowC] = product(emit, c, MULTIPLIERS[1])
    a = xor(emit, xor(emit, highC, b), keyOf(0, round))
    c = xor(emit, xor(emit, highA, d), keyOf(1, round))
    b = lowC
    d = lowA
  }
  return [a, b, c, d]
}

function product(emit: Emit, x: TensorBase, by: number): readonly [high: TensorBase, low: TensorBase] {
  const factor = like(emit, x, by)
  return [emit('mulHigh', [x, factor], {}), emit('mul', [x, factor], {})]
}

function xor(emit: Emit, x: TensorBase, y: TensorBase): TensorBase {
  return emit('xor', [x, y], {})
}

/** Returns a number in the shape of x. */
function like(emit: Emit, x: TensorBase, value: number): TensorBase {
  return spread(emit, constant(emit, value), x.shape)
}

function constant(emit: Emit, value: number, dtype: DType = 'u32'): TensorBase {
  return emit('constant', [], { value, dtype })
}

/** Returns a scalar in a shape. */
export function spread(emit: Emit, scalar: TensorBase, shape: TensorBase['shape']): TensorBase {
  if (shape.length === 0) return scalar
  const flat = emit('reshape', [scalar], { shape: shape.map(() => 1) })
  return emit('expand', [flat], { shape })
}
