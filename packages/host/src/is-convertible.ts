// is-convertible: which dtypes of a file fit which of a model
import type { DType } from './contract.ts'

/** Whether elements of the file's dtype may become elements of the model's; a value may still fail to fit. */
export function isConvertible(from: string, to: DType): boolean {
  if (from === to.toUpperCase()) return true
  const isFloat = to === 'f32' || to === 'f16' || to === 'bf16'
  return isFloat ? /^B?F(16|32|64)$/.test(from) : to === 'bool' ? from === 'U8' : /^[IU](8|16|32|64)$/.test(from)
}
