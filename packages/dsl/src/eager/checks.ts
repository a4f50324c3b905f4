// checks: `print` and `check`, for development

import { TsjitError } from '@tsjit/host'
import type { Tensor } from '../operations/tensor.ts'
import { EagerTensor } from './eager-tensor.ts'
import { currentScope } from './scope.ts'

/**
 * Prints a value with a label: a tensor, or a structure of some. Left out of production builds. A compiled program prints
 * when it has run, and only what is computed outside the closures of combinators.
 */
export function print(label: string, value: unknown): void {
  const { mode, isSilent } = currentScope() ?? {}
  if (mode === 'probe' || isSilent) return
  // eslint-disable-next-line no-console -- printing is what this function is for
  console.log(label, value instanceof EagerTensor ? allLanes(value) : value)
}

/**
 * Rejects the run where any element of `condition` is false, with `message`. Left out of production builds. Of several
 * that fail in a compiled program the first is reported, with its place. Throws model_check_failed.
 */
export function check(condition: Tensor | boolean, message: string): void {
  if (currentScope()?.mode === 'probe') return
  const holds =
    condition instanceof EagerTensor ? allLanes(condition).elements.every((element) => element !== 0) : condition
  if (holds === false) throw new TsjitError('model_check_failed', message)
}

/** Returns a tensor with the axes of all maps around in front: one lane has no elements of its own. */
function allLanes(x: EagerTensor): EagerTensor {
  const all = currentScope()?.lanes?.all(x) ?? x
  return all instanceof EagerTensor ? all : x
}
