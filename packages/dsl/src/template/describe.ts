// describe: value -> words for messages

import { isDimExpression, printDim } from '../types/dim.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'

/** Returns a value as messages name it: `f32[2, 3]`, `2`, `None`, `an array`. */
export function describe(value: unknown): string {
  if (value instanceof TensorBase) return printType(value)
  if (isDimExpression(value)) return printDim(value)
  if (Array.isArray(value)) return 'an array'
  if (value === null || value === undefined) return 'None'
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False'
    case 'string':
      return `the string '${value}'`
    case 'number':
      return String(value)
    case 'function':
      return 'a function'
    default:
      return 'an object'
  }
}
