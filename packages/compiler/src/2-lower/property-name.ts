// property-name: the name of a property in an object or a pattern

import type { ObjectMethod, ObjectProperty } from '@babel/types'
import { describe } from './describe.ts'
import type { Evaluation } from './evaluation.ts'
import { refuse } from './report.ts'
import { refuseSyntax } from './unsupported.ts'
import { Poison, type Scope, type Value } from './value.ts'

/** Returns the name, or undefined where it has none that is known while compiling (which has been reported). */
export function propertyName(
  evaluation: Evaluation,
  { key, computed }: ObjectProperty | ObjectMethod,
  scope: Scope,
): string | undefined {
  if (computed && key.type !== 'PrivateName') return nameOf(evaluation, evaluation.parts.evaluate(key, scope), key)
  if (key.type === 'Identifier') return key.name
  if (key.type === 'StringLiteral') return key.value
  if (key.type === 'NumericLiteral') return String(key.value)
  refuseSyntax(evaluation, key)
  return undefined
}

/** Returns a value as the name of a property, or undefined after reporting one that cannot be. */
export function nameOf(evaluation: Evaluation, value: Value, node: ObjectProperty['key']): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Poison) return undefined
  refuse(evaluation, node, 'source_not_static', { what: `the name of a property, ${describe(value)},` })
  return undefined
}
