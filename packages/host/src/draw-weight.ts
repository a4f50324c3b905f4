// draw-weight: a weight's initial distribution and a seed -> its elements
//
// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), keyed by the seed and the name of
// the weight, so that a weight's numbers depend neither on the target nor on the other weights.
import type { TypedArray } from './contract.ts'
import type { WeightData } from './program-data.ts'
import type { arrayOf } from './dtype.ts'
import { encoderOf } from './half.ts'

/** Hands over every weight as `{ seed }` draws it. */
export async function drawWeights(
  weights: readonly WeightData[],
  seed: number,
  arrays: typeof arrayOf,
  put: (index: number, data: TypedArray) => Promise<void>,
): Promise<void> {
  for (const [index, weight] of weights.entries()) {
    const [, dtype, shape] = weight
    const size = shape.reduce((product, each) => product * each, 1)
    await put(index, drawWeight(new arrays[dtype](size), weight, seed))
  }
}

/** Fills the array with a weight's elements as `{ seed }` draws them. */
export function drawWeight(data: TypedArray, [name, dtype, , init]: WeightData, seed: number): TypedArray {
  // `load` says what is wrong with its options.
  if (!Number.isSafeInteger(seed)) throw new TypeError('internal: no seed')
  const encode = encoderOf(dtype) ?? ((value: number): number => value)
  if (typeof init === 'number') return data.fill(encode(init))
  const [kind, first, second] = init
  const key = hash(name)
  for (let i = 0; i < data.length; i++) {
    const [a, b] = philox([i, 0, 0, 0], [seed >>> 0, key])
    // 24 bits, as f32 has: uniform in [0, 1), and the other in (0, 1] for the logarithm.
    const uniform = (a >>> 8) / 2 ** 24
    const open = ((b >>> 8) + 1) / 2 ** 24
    data[i] = encode(
      kind === 'uniform'
        ? first + (second - first) * uniform
        : first + second * Math.sqrt(-2 * Math.log(open)) * Math.cos(2 * Math.PI * uniform),
    )
  }
  return data
}

type Words = readonly [number, number, number, number]

/** Returns four random words for a counter and a key. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter
  let [k, l] = key
  for (let round = 0; round < 10; round++) {
    const [highA, lowA] = multiply(0xd2511f53, a)
    const [highC, lowC] = multiply(0xcd9e8d57, c)
    ;[a, b, c, d] = [(highC ^ b ^ k) >>> 0, lowC, (highA ^ d ^ l) >>> 0, lowA]
    k = (k + 0x9e3779b9) >>> 0
    l = (l + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

// The 64-bit product of two words, high and low.
function multiply(x: number, y: number): readonly [number, number] {
  const low = (x & 0xffff) * (y & 0xffff)
  const left = (x >>> 16) * (y & 0xffff)
  const right = (x & 0xffff) * (y >>> 16)
  const middle = (low >>> 16) + (left & 0xffff) + (right & 0xffff)
  return [(x >>> 16) * (y >>> 16) + (left >>> 16) + (right >>> 16) + (middle >>> 16), Math.imul(x, y) >>> 0]
}

// FNV-1a.
function hash(name: string): number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) state = Math.imul(state ^ byte, 0x01000193) >>> 0
  return state
}
