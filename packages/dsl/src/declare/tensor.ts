// tensor: `f32(B, 784)` -> the declared type of an input
//
// Data only. `optional(…)` wraps any structure of declarations.

import { isDimExpression } from '../types/dim.ts'
import type { DType } from '../types/dtype.ts'
import { refuse } from '../types/errors.ts'
import type { Shape, TensorType } from '../types/tensor-type.ts'
import { describeValue } from './describe-value.ts'

/** The dtype and shape of an input. A class, so that it is told from a plain object of inputs. */
export class TensorDeclaration implements TensorType {
  readonly dtype: DType
  readonly shape: Shape

  constructor(dtype: DType, shape: Shape) {
    this.dtype = dtype
    this.shape = shape
  }
}

/** Inputs that may be absent at a call, all of `inner` together. */
export class OptionalDeclaration {
  readonly inner: unknown

  constructor(inner: unknown) {
    this.inner = inner
  }
}

/** Returns the declaration of a tensor. Throws OperationError (source_bad_argument) for what is not a size. */
export function declareTensor(dtype: DType, sizes: readonly unknown[]): TensorDeclaration {
  return new TensorDeclaration(
    dtype,
    sizes.map((size) => declaredSize(dtype, size)),
  )
}

/** Returns the declaration of inputs that may be absent. */
export function declareOptional(inner: unknown): OptionalDeclaration {
  return new OptionalDeclaration(inner)
}

function declaredSize(callee: string, size: unknown): Shape[number] {
  if (isDimExpression(size)) return size
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  const expected = 'a whole number from 0, or a dimension'
  return refuse('source_bad_argument', { argument: 'size', callee, expected, got: describeValue(size) })
}
