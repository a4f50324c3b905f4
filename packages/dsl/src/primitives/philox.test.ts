// The known answers of Random123 (kat_vectors, philox4x32 10), counter and key in its order.

import { describe, expect, it } from 'vitest'
import { TensorBase } from '../types/tensor-type.ts'
import type { Builder } from './builder.ts'
import { computePrimitive } from './compute.ts'
import type { Computed } from './elements.ts'
import { philox } from './philox.ts'

class Words extends TensorBase implements Computed {
  readonly dtype: Computed['dtype']
  readonly shape: readonly number[]
  readonly data: Computed['data']

  constructor({ dtype, shape, data }: Computed) {
    super()
    this.dtype = dtype
    this.shape = shape
    this.data = data
  }
}

const emit: Builder['emit'] = (kind, inputs, params) =>
  new Words(
    computePrimitive(
      kind,
      inputs.filter((x) => x instanceof Words),
      params,
    ),
  )

function word(...values: readonly number[]): TensorBase {
  const shape = values.length === 1 ? [] : [values.length]
  return new Words({ dtype: 'u32', shape, data: Uint32Array.from(values) })
}

function read(x: TensorBase): readonly number[] {
  return x instanceof Words ? [...x.data] : []
}

describe('philox', () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('of %j under %j', (counter, key, expected) => {
    const [a, b, c, d] = counter
    const words = philox(emit, [word(a), word(b), word(c), word(d)], [word(key[0]), word(key[1])])
    expect(words.flatMap(read)).toEqual(expected)
  })

  it('multiplies to 64 bits', () => {
    const left = [0, 1, 0xffffffff, 0xffffffff, 0x10000, 0x12345678]
    const right = [5, 0xffffffff, 0xffffffff, 0x10001, 0x10000, 0x9abcdef0]
    const expected = left.map((x, i) => Number((BigInt(x) * BigInt(right[i] ?? 0)) >> 32n))
    expect(read(emit('mulHigh', [word(...left), word(...right)], {}))).toEqual(expected)
  })
})
