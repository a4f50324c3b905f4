// flatten-data: nested arrays -> row-major numbers and a shape

import { refuse } from '../types/errors.ts'
import type { NestedData } from './signature.ts'

/** Row-major numbers, truth values as 0 and 1. */
export interface FlatData {
  readonly values: readonly number[]
  readonly shape: readonly number[]
  /** Whether every element is a truth value. */
  readonly truth: boolean
}

/** Returns the elements of nested arrays in order. Throws shape_ragged where rows differ in length. */
export function flattenData(data: NestedData | ArrayLike<number>): FlatData {
  const shape = shapeOf(data)
  const values: number[] = []
  let truth = true
  const visit = (item: NestedData | ArrayLike<number>, depth: number): void => {
    const length = shape[depth]
    if (typeof item === 'number' || typeof item === 'boolean') {
      if (length !== undefined) refuse('shape_ragged', { first: length, other: 0 })
      values.push(Number(item))
      if (typeof item === 'number') truth = false
      return
    }
    if (item.length !== length) refuse('shape_ragged', { first: length ?? 0, other: item.length })
    for (let i = 0; i < item.length; i++) visit(item[i] ?? 0, depth + 1)
  }
  visit(data, 0)
  return { values, shape, truth: truth && values.length > 0 }
}

function shapeOf(data: NestedData | ArrayLike<number>): readonly number[] {
  const shape: number[] = []
  let item: NestedData | ArrayLike<number> | undefined = data
  while (item !== undefined && typeof item !== 'number' && typeof item !== 'boolean') {
    shape.push(item.length)
    item = item[0]
  }
  return shape
}
