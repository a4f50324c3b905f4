// compare: results against what a suite expects, with the tolerance of the case
//
// Shapes and dtypes are equal in every case; NaN equals NaN.

import type { CaseTensor, Tolerance } from './case.ts'
import { dtypeOf, elementsOf } from './dtypes.ts'

/** A result as numbers. */
export interface Got {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** Returns what is wrong with a result, or undefined. */
export function difference(expected: CaseTensor, got: Got, tolerance: Tolerance): string | undefined {
  const dtype = dtypeOf(expected.dtype)
  if (got.dtype !== dtype) return `${expected.name} is ${got.dtype}, expected ${dtype}`
  if (got.shape.join() !== expected.shape.join())
    return `${expected.name} has the shape [${got.shape}], expected [${expected.shape}]`
  const isNear = nearness(expected.dtype, tolerance)
  const wanted = elementsOf(expected)
  let wrong = -1
  let count = 0
  for (const [i, want] of wanted.entries()) {
    if (isNear(got.data[i] ?? Number.NaN, want)) continue
    if (count++ === 0) wrong = i
  }
  if (count === 0) return undefined
  return `${expected.name}[${wrong}] is ${got.data[wrong]}, expected ${wanted[wrong]} (${count} of ${wanted.length} elements differ)`
}

type Near = (got: number, want: number) => boolean

function nearness(dtype: string, { rtol = 0, atol = 0, ulp }: Tolerance): Near {
  const isFloat = dtype.includes('float')
  if (ulp !== undefined) {
    const order = dtype === 'float16' ? halfOrder : floatOrder
    const distance = isFloat
      ? (a: number, b: number) => Math.abs(order(a) - order(b))
      : (a: number, b: number) => Math.abs(a - b)
    return (got, want) =>
      Number.isNaN(want) || Number.isNaN(got) ? Number.isNaN(want) && Number.isNaN(got) : distance(got, want) <= ulp
  }
  return (got, want) => {
    if (Object.is(got, want) || got === want) return true
    if (!Number.isFinite(got) || !Number.isFinite(want)) return false
    return isFloat ? Math.abs(got - want) <= atol + rtol * Math.abs(want) : Math.abs(got - want) <= atol
  }
}

const float = new Float32Array(1)
const word = new Int32Array(float.buffer)

/** The place of a number among all floats; +0 and -0 are one. */
function floatOrder(value: number): number {
  float[0] = value
  const bits = word[0] ?? 0
  return bits < 0 ? -(bits & 0x7fffffff) : bits
}

/** The place among all floats of half width, of a number that is one. */
function halfOrder(value: number): number {
  const size = Math.abs(value)
  const place = size === Infinity ? 0x7c00 : size < 2 ** -14 ? Math.round(size * 2 ** 24) : normalPlace(size)
  return value < 0 ? -place : place
}

function normalPlace(size: number): number {
  const exponent = Math.floor(Math.log2(size))
  return (exponent + 15) * 1024 + Math.round((size / 2 ** exponent - 1) * 1024)
}
