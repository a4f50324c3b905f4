// numbers: inputs that are the same in every run, and how far results are from what they should be

/** Numbers in ±scale. */
export function numbers(count: number, seed: number, scale = 1): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: count }, () => (next() * 2 - 1) * scale)
}

/** Whole numbers of 32 bits. */
export function bits(count: number, seed: number): Uint32Array {
  const next = random(seed)
  return Uint32Array.from({ length: count }, () => Math.floor(next() * 2 ** 32))
}

/** The largest difference. */
export function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let error = 0
  for (let i = 0; i < expected.length; i++) error = Math.max(error, Math.abs(actual[i]! - expected[i]!))
  return Number.isNaN(error) || actual.length !== expected.length ? Infinity : error
}

function random(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
