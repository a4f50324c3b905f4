// patterns: a value -> the names of a pattern
//
// Declarations, parameters and assignments take arrays and objects apart in the same way. An array must have as many
// values as the pattern has places; a missing property of an object whose properties are known is an error.

import type { ArrayPattern, LVal, Node, ObjectPattern, PatternLike } from '@babel/types'
import { assign } from './assign.ts'
import { type Evaluation, spanOf, textOf } from './evaluation.ts'
import { elementsOf } from './iterate.ts'
import { propertyName } from './property-name.ts'
import { refuse } from './report.ts'
import { refuseSyntax } from './unsupported.ts'
import { type Binding, Poison, type Scope, type Value, isObject, isPoisoned, poison } from './value.ts'

/** Binds the names of a pattern in a scope, or assigns to them where `kind` is 'assign'. */
export function bindPattern(
  evaluation: Evaluation,
  pattern: PatternLike | LVal,
  value: Value,
  kind: Binding['kind'] | 'assign',
  scope: Scope,
): void {
  switch (pattern.type) {
    case 'Identifier':
      if (kind === 'assign') assign(evaluation, pattern, value, scope)
      else initialise(evaluation, pattern.name, value, kind, scope, pattern)
      return
    case 'AssignmentPattern': {
      const given = value === undefined ? evaluation.parts.evaluate(pattern.right, scope) : value
      bindPattern(evaluation, pattern.left, given, kind, scope)
      return
    }
    case 'ArrayPattern':
      bindArray(evaluation, pattern, value, kind, scope)
      return
    case 'ObjectPattern':
      bindObject(evaluation, pattern, value, kind, scope)
      return
    case 'MemberExpression':
      assign(evaluation, pattern, value, scope)
      return
    case 'RestElement':
      bindPattern(evaluation, pattern.argument, value, kind, scope)
      return
    case 'TSParameterProperty':
    case 'VoidPattern':
      return
    default:
      bindPattern(evaluation, unwrap(pattern), value, kind, scope)
  }
}

/** Returns the names that a pattern binds, with their nodes. */
export function namesOf(pattern: Node | null): readonly { readonly name: string; readonly node: Node }[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [{ name: pattern.name, node: pattern }]
    case 'AssignmentPattern':
      return namesOf(pattern.left)
    case 'RestElement':
      return namesOf(pattern.argument)
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesOf)
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesOf(each.type === 'RestElement' ? each.argument : each.value))
    default:
      return []
  }
}

function initialise(
  evaluation: Evaluation,
  name: string,
  value: Value,
  kind: Binding['kind'],
  scope: Scope,
  node: Node,
): void {
  const binding = scope.bindings.get(name)
  if (binding === undefined) scope.define(name, kind, spanOf(evaluation, node), value)
  else {
    binding.value = value
    binding.isReady = true
  }
}

function unwrap(pattern: Extract<LVal | PatternLike, { readonly expression: unknown }>): LVal {
  // an assertion around a target (`(x as T) = …`) says nothing at run time; Babel types its inside as any expression
  return pattern.expression as LVal
}

function bindArray(
  evaluation: Evaluation,
  pattern: ArrayPattern,
  value: Value,
  kind: Binding['kind'] | 'assign',
  scope: Scope,
): void {
  const bindEach = (pick: (index: number) => Value): void => {
    for (const [index, element] of pattern.elements.entries())
      if (element !== null && element.type !== 'RestElement') bindPattern(evaluation, element, pick(index), kind, scope)
  }
  const values = value instanceof Poison ? undefined : elementsOf(evaluation, value, pattern)
  const rest = pattern.elements.at(-1)
  const bindRest = (items: Value): void => {
    if (rest?.type === 'RestElement') bindPattern(evaluation, rest.argument, items, kind, scope)
  }
  if (values === undefined) {
    bindEach(() => poison)
    bindRest(poison)
    return
  }
  const hasRest = rest?.type === 'RestElement'
  const places = pattern.elements.length - (hasRest ? 1 : 0)
  const needed = pattern.elements.filter((each) => each !== null && each.type !== 'AssignmentPattern').length
  const isShort = values.length < (hasRest ? places : needed)
  // one name takes the first of several, as do the leading sizes of a shape
  const takesFirst = hasRest || places === 1 || (Array.isArray(value) && evaluation.shapes.has(value))
  if (!isPoisoned(value, 1) && (isShort || (!takesFirst && values.length > places))) {
    const params = { names: places, values: values.length }
    refuse(evaluation, pattern, 'source_destructure_arity', params, arityHelp(evaluation, pattern, values.length))
    bindEach((index) => (index < values.length ? values[index] : poison))
  } else bindEach((index) => values[index])
  bindRest(values.slice(places))
}

function arityHelp(evaluation: Evaluation, pattern: ArrayPattern, count: number): { readonly help?: string } {
  const names = pattern.elements.map((each) => (each === null ? '' : textOf(evaluation, each)))
  if (count <= names.length || count - names.length > 4) return {}
  return { help: `give every value a name, skip one with an empty place, or write \`[${names.join(', ')}, ...rest]\`` }
}

function bindObject(
  evaluation: Evaluation,
  pattern: ObjectPattern,
  value: Value,
  kind: Binding['kind'] | 'assign',
  scope: Scope,
): void {
  if (value === undefined || value === null) {
    const message = `${String(value)} cannot be taken apart into ${textOf(evaluation, pattern)}`
    refuse(evaluation, pattern, 'source_exception', { message })
    bindObject(evaluation, pattern, poison, kind, scope)
    return
  }
  const taken = new Set<string>()
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      bindPattern(evaluation, property.argument, restOf(value, taken), kind, scope)
      continue
    }
    const name = propertyName(evaluation, property, scope)
    if (name === undefined) continue
    taken.add(name)
    const part = value instanceof Poison ? poison : evaluation.parts.read(value, name, property.key, name)
    // Babel types the value of a property by where properties may stand in general; in a pattern it is a pattern
    bindPattern(evaluation, property.value as PatternLike, part, kind, scope)
  }
  if (pattern.decorators && pattern.decorators.length > 0) refuseSyntax(evaluation, pattern)
}

function restOf(value: Value, taken: ReadonlySet<string>): Value {
  if (!isObject(value)) return value instanceof Poison ? poison : {}
  return Object.fromEntries(Object.entries(value).filter(([name]) => !taken.has(name)))
}
