// verify-arrays: checks of what arrays in group memory are declared as

import type { GroupArray } from './kernel.ts'
import { elementBytes } from './scalar-type.ts'

/** Fails where an array cannot be kept as it wants to. */
export function verifyArray(array: GroupArray, fail: (message: string) => never): void {
  const { name, type, width, stored, rows, place } = array
  if (stored !== undefined && (type !== 'f32' || width !== 1)) fail(`${name} keeps other than f32 as ${stored}`)
  const bytes = (rows?.length ?? 0) * elementBytes(array)
  const isRow = width === 1 && type !== 'bool' && bytes >= 32 && bytes <= 1024 && Number.isInteger(Math.log2(bytes))
  if (rows !== undefined && !isRow) fail(`${name} has rows of ${bytes} bytes`)
  if (place !== undefined && !(Number.isInteger(place / 128) && place >= 0)) fail(`${name} begins at byte ${place}`)
}
