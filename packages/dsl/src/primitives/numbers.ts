// numbers: functions of one number that JavaScript lacks, in double precision

/** Rounds to the nearest whole number, halves to the even one; keeps -0. */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x)
  const rest = x - down
  if (rest < 0.5) return down === 0 && (x < 0 || Object.is(x, -0)) ? -0 : down
  if (rest > 0.5) return down === -1 ? -0 : down + 1
  if (Number.isNaN(rest)) return x // infinities and NaN
  return down % 2 === 0 ? down : down === -1 ? -0 : down + 1
}

/** The error function, to double precision near enough: a series of positive terms, 1 from 6 on. */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size >= 6) return Math.sign(x)
  if (!(size > 0)) return x
  const square = x * x
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * square) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum
}

const word = new DataView(new ArrayBuffer(4))

/** The bits of an f32, as a signed integer. */
export function numberBits(x: number): number {
  word.setFloat32(0, x)
  return word.getInt32(0)
}

/** The f32 of these bits. */
export function bitsNumber(bits: number): number {
  word.setInt32(0, bits)
  return word.getFloat32(0)
}

/** Power as IEEE has it: 1 to anything and ±1 to an infinity are 1. */
export function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1
  return x ** y
}

/** Power of 32-bit integers, wrapping; a negative exponent gives 0 but for ±1. */
export function integerPower(x: number, y: number): number {
  if (y < 0) return x === 1 ? 1 : x === -1 ? (y % 2 === 0 ? 1 : -1) : 0
  let result = 1
  let base = x
  for (let rest = y; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, base)
    base = Math.imul(base, base)
  }
  return result
}

/** The upper 32 bits of the product of two whole numbers below 2 ** 32. */
export function highProduct(x: number, y: number): number {
  const [lowX, highX, lowY, highY] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16]
  // no sum reaches 2 ** 32
  const middle = highX * lowY + ((lowX * lowY) >>> 16)
  const cross = lowX * highY + (middle & 0xffff)
  return (highX * highY + (middle >>> 16) + (cross >>> 16)) >>> 0
}

/** Integer division rounded down; by 0 it is 0. */
export function integerFloorDiv(x: number, y: number): number {
  return y === 0 ? 0 : Math.floor(x / y)
}

/** x - y * floor(x / y); of integers by 0 it is x. */
export function integerMod(x: number, y: number): number {
  return y === 0 ? x : x - y * Math.floor(x / y)
}

/** The remainder with the sign of y, without the rounding of a quotient. */
export function floatMod(x: number, y: number): number {
  const rest = x % y
  if (rest === 0) return y < 0 ? -0 : 0
  return rest < 0 === y < 0 ? rest : rest + y
}

/** Returns the nearest f16, halves to even; Infinity beyond 65520. */
export function roundToF16(x: number): number {
  const size = Math.abs(x)
  if (!(size > 0) || size === Infinity) return x
  if (size >= 65520) return Math.sign(x) * Infinity
  const exponent = Math.max(-14, Math.floor(Math.log2(size)))
  const unit = 2 ** (exponent - 10)
  return roundHalfEven(x / unit) * unit
}

/** Returns the nearest bf16, halves to even. */
export function roundToBf16(x: number): number {
  const size = Math.abs(x)
  if (!(size > 0) || size === Infinity) return x
  const exponent = Math.max(-126, Math.floor(Math.log2(size)))
  const unit = 2 ** (exponent - 7)
  const value = roundHalfEven(x / unit) * unit
  return Math.abs(value) >= 2 ** 128 ? Math.sign(x) * Infinity : value
}
