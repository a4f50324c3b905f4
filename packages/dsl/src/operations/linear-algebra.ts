// linear-algebra: numbers of square matrices

import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { type Bound, type Family, operation } from './definition.ts'
import { castTo, reshaped, toFloat } from './operands.ts'

/** Square matrices, as the last two axes. */
export interface LinearAlgebra<T extends TensorBase> {
  /** The determinant [..., n, n] → [...], by elimination with pivots. torch.linalg.det, np.linalg.det, ONNX Det. The size must be known. */
  det(x: T): T
}

/** Takes the largest element of the first column as pivot, eliminates, and goes on with what is left. */
function det(t: Bound, x: TensorBase, n: number): TensorBase {
  const batch = x.shape.slice(0, -2)
  let rest = reshaped(t, castTo(t, x, 'f32'), [...batch, n, n])
  let value = t.ones(batch)
  for (let size = n; size > 0; size--) {
    const column = t.slice(rest, { axes: -1, stop: 1 }) // [..., size, 1]
    const place = t.argmax(t.abs(column), -2, { keepDims: true }) // [..., 1, 1]
    const rows = reshaped(t, t.emit('iota', [], { length: size }), [size, 1])
    const pivotRow = t.sum(t.where(t.eq(rows, place), rest, 0), -2, { keepDims: true })
    const pivot = t.slice(pivotRow, { axes: -1, stop: 1 })
    value = t.mul(value, reshaped(t, t.where(t.gt(place, 0), t.neg(pivot), pivot), batch))
    if (size === 1) break
    // the first row takes the place of the pivot's
    const first = t.slice(rest, { axes: -2, stop: 1 })
    const swapped = t.slice(t.where(t.eq(rows, place), first, rest), { axes: -2, start: 1 })
    const factor = t.div(t.slice(swapped, { axes: -1, stop: 1 }), t.where(t.eq(pivot, 0), 1, pivot))
    rest = t.slice(t.sub(swapped, t.mul(factor, pivotRow)), { axes: -1, start: 1 })
  }
  return castTo(t, value, x.dtype)
}

/** The meaning of linear algebra. */
export const linearAlgebra: Family<LinearAlgebra<TensorBase>> = {
  det: operation({
    params: [{ name: 'x', kind: 'tensor' }],
    define: (t, { x }) => {
      const n = x.shape.length < 2 ? undefined : sizeAt(x.shape, -1)
      if (typeof n !== 'number' || n !== sizeAt(x.shape, -2))
        return refuse('shape_rank_mismatch', {
          op: 'det',
          expected: 'square matrices [..., n, n] of known size',
          got: shownType(x),
        })
      return det(t, toFloat(t, x), n)
    },
  }),
}
