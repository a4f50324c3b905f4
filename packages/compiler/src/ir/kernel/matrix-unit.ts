// matrix-unit: what small matrices are multiplied from

import type { Dim } from '@tsjit/dsl/compiler'
import type { GroupArray, MatrixUnit } from './kernel.ts'

/**
 * A matrix in group memory: rows (columns) of `depth` elements, the next one `stride` elements on. `isAcross`: runs of
 * `stride` rows (columns), the next run being the next of the depth, and the next `stride` rows `panel` elements on.
 */
export interface GroupMatrix {
  readonly array: string
  readonly index: Dim
  readonly stride: number
  readonly isAcross: boolean
  readonly panel: number
}

/** A product that is added to sums. */
export interface GroupProduct {
  readonly name: string
  readonly left: GroupMatrix
  readonly right: GroupMatrix
}

/** Lanes that run together: they hand values to one another, and hold fragments together. */
export const WARP = 32

/** Returns the lanes that hold a unit's sums together. */
export function lanesOf({ warps }: MatrixUnit): number {
  return WARP * warps
}

/** Returns the elements of 16 bytes. */
export function depthRun({ elements }: MatrixUnit): number {
  return elements === 'tf32' ? 4 : 8
}

/** Returns how an array keeps the operands of a unit. */
export function storedFor({ elements }: MatrixUnit): GroupArray['stored'] {
  return elements === 'tf32' ? undefined : elements
}

/** Whether an array holds operands of a unit. */
export function holdsElements({ type, width, stored }: GroupArray, unit: MatrixUnit): boolean {
  return type === 'f32' && width === 1 && stored === storedFor(unit)
}

/** Returns the nearest number with 10 bits of mantissa, halves away from 0: what tf32 keeps of an f32. */
export function roundToTf32(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  const [word = 0] = bits
  // infinities and NaN stay
  if ((word & 0x7f80_0000) === 0x7f80_0000) return value
  bits[0] = (word + 0x1000) & 0xffff_e000
  return new Float32Array(bits.buffer)[0] ?? value
}
