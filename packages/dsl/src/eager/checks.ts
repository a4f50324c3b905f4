// checks: `print` and `check`, for development

import type { Tensor } from '../operations/tensor.ts'
import { EagerTensor } from './eager-tensor.ts'
import { currentScope } from './scope.ts'

/** Prints a value with a label. Left out of production builds. */
export function print(label: string, value: unknown): void {
  if (currentScope()?.mode === 'probe') return
  // eslint-disable-next-line no-console -- printing is what this function is for
  console.log(label, value)
}

/** Throws where any element of `condition` is false. Left out of production builds. */
export function check(condition: Tensor | boolean, message: string): void {
  if (currentScope()?.mode === 'probe') return
  const holds = condition instanceof EagerTensor ? condition.elements.every((element) => element !== 0) : condition
  if (holds === false) throw new Error(`check failed: ${message}`)
}
