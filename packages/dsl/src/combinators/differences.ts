// differences: in what two types differ, and what to do about it, in words

import { compare, printDim } from '../types/dim.ts'
import { isSameShape } from '../types/shape.ts'
import type { TensorType } from '../types/tensor-type.ts'

/** Returns what helps where a carry enters a turn as one type and leaves it as another. */
export function carryHelp(path: string, before: TensorType, after: TensorType): string | undefined {
  if (isSameShape(before.shape, after.shape))
    return `return \`cast(…, '${before.dtype}')\` as ${path}, or start with ${after.dtype}`
  const axes = differingAxes(before, after)
  if (axes === undefined) return undefined
  return `${axes}: start with the size that the body returns, or allocate the largest size and keep a count`
}

/** Returns what helps where branches give two types. */
export function branchHelp(left: TensorType, right: TensorType): string | undefined {
  if (isSameShape(left.shape, right.shape)) return `\`cast\` one of them, to ${left.dtype} or ${right.dtype}`
  const axes = differingAxes(left, right)
  return axes === undefined ? undefined : `${axes}: make the two equal, with \`expand\`, \`pad\` or a slice`
}

/** Returns `axis 1 is 128 and 64`, of types with as many axes. */
function differingAxes(left: TensorType, right: TensorType): string | undefined {
  if (left.shape.length !== right.shape.length) return undefined
  const axes = left.shape.flatMap((size, axis) => {
    const other = right.shape[axis] ?? 1
    return compare(size, '==', other) === 'yes' ? [] : [`axis ${axis} is ${printDim(size)} and ${printDim(other)}`]
  })
  return axes.join(', ')
}
