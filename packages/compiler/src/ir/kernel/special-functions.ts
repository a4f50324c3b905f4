// special-functions: what JavaScript's Math lacks
//
// In double precision; used to interpret kernels and to fold constants.

/** Returns the nearest integer, halves to even, keeping the sign of zero. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x)
  const rest = x - low
  if (rest === 0 || !Number.isFinite(x)) return x
  const up = rest > 0.5 || (rest === 0.5 && low % 2 !== 0)
  const whole = up ? low + 1 : low
  return whole === 0 && x < 0 ? -0 : whole
}

/** Returns the error function, by its series of positive terms; 1 beyond 6. */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (Number.isNaN(x) || size === 0) return x
  if (size > 6) return Math.sign(x)
  let term = size
  let sum = size
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * size * size) / (2 * n + 1)
    sum += term
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum
}

/** Returns `x` rounded to half precision, halves to even; too large values become infinite. */
export function roundToHalf(x: number): number {
  const size = Math.abs(x)
  if (!Number.isFinite(x) || size === 0) return x
  if (size >= 65520) return Math.sign(x) * Infinity
  const exponent = Math.max(-14, Math.floor(Math.log2(size)))
  const step = 2 ** (exponent - 10)
  return roundHalfEven(x / step) * step
}

/** Returns `x` rounded to bfloat16, halves to even. */
export function roundToBrain(x: number): number {
  if (!Number.isFinite(x)) return x
  const words = new DataView(new ArrayBuffer(4))
  words.setFloat32(0, x)
  const bits = words.getUint32(0)
  words.setUint32(0, (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000)
  return words.getFloat32(0)
}
