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

/** Bits of the nearest half number, ties to even. */
export function floatToHalf(v: number): number {
  if (Number.isNaN(v)) return 0x7fff
  const sign = v < 0 || Object.is(v, -0) ? 0x8000 : 0
  const size = Math.abs(v)
  const exponent = size === 0 ? -14 : Math.max(Math.floor(Math.log2(size)), -14)
  const scaled = size / 2 ** (exponent - 10)
  const low = Math.floor(scaled)
  const rounded = scaled - low > 0.5 || (scaled - low === 0.5 && low % 2 === 1) ? low + 1 : low
  const all = (exponent + 14) * 1024 + rounded
  return sign | Math.min(all, 0x7c00)
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
