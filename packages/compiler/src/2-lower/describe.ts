// describe: values in words, for messages

import { OptionalDeclaration, TensorDeclaration, WeightDeclaration, dims, printType } from '@tsjit/dsl/compiler'
import { Builtin, Closure, GraphTensor, LayerValue, ModelValue, Namespace, Poison, Ratio, type Value } from './value.ts'

/** Returns what `value` is: `a tensor f32[2, 3]`, `an array of 3 values`, `undefined`. */
export function describe(value: Value): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'string') return `the string '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`
  if (value instanceof GraphTensor) return `a tensor ${printType(value)}`
  if (dims.isDimExpression(value)) return `the dimension ${dims.printDim(value)}`
  if (value instanceof Ratio) return `the quotient ${printRatio(value)}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  return describeMade(value)
}

/** Returns `T / 2` as written in a message. */
export function printRatio({ numerator, denominator }: Ratio): string {
  const top = dims.printDim(numerator)
  const bottom = dims.printDim(denominator)
  return `${/[ ]/.test(top) ? `(${top})` : top} / ${/[ *]/.test(bottom) ? `(${bottom})` : bottom}`
}

function describeMade(value: Exclude<Value, undefined | null | boolean | number | string>): string {
  if (value instanceof Closure) return value.name === '' ? 'a function' : `the function \`${value.name}\``
  if (value instanceof Builtin) return `the function \`${value.name}\``
  if (value instanceof Namespace) return `\`${value.name}\``
  if (value instanceof LayerValue) return 'a layer'
  if (value instanceof ModelValue) return 'a model'
  if (value instanceof TensorDeclaration) return `the type ${printType(value)}`
  if (value instanceof OptionalDeclaration) return 'an optional input'
  if (value instanceof WeightDeclaration) return `a ${value.role}`
  if (value instanceof Poison) return 'something'
  return 'an object'
}
