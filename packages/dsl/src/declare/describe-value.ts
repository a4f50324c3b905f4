// describe-value: value -> words for messages of declarations

import { isDimExpression } from '../types/dim.ts'
import { TensorBase } from '../types/tensor-type.ts'

/** Returns a value as messages name it: `a number`, `an array`, `a function`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (value instanceof TensorBase) return 'a tensor'
  if (isDimExpression(value)) return 'a dimension'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'number':
      return `the number ${value}`
    case 'string':
      return `the string '${value}'`
    case 'boolean':
      return String(value)
    case 'function':
      return 'a function'
    default:
      return 'an object'
  }
}
