// assign: writes to variables, elements and properties
//
// A function may change what its own call has made. What a module or a finished call has made is frozen, and what a
// loop goes over may not change its length.

import type { Expression, Identifier, MemberExpression, Node } from '@babel/types'
import { describe } from './describe.ts'
import { type Evaluation, textOf } from './evaluation.ts'
import { refuse } from './report.ts'
import { refuseSyntax } from './unsupported.ts'
import { unknownName } from './unknown-name.ts'
import { type ObjectValue, Poison, type Scope, type Value, isObject } from './value.ts'

/** Assigns to a variable, an element or a property. */
export function assign(
  evaluation: Evaluation,
  target: Identifier | MemberExpression,
  value: Value,
  scope: Scope,
): void {
  if (target.type === 'Identifier') assignName(evaluation, target, value, scope)
  else assignMember(evaluation, target, value, scope)
}

/** Returns whether an array or object may be changed here; reports why not. `text` is how the source names it. */
export function mayChange(evaluation: Evaluation, target: object, node: Node, text: string): boolean {
  if (evaluation.iterated.has(target)) {
    refuse(evaluation, node, 'source_mutates_iterated', { name: text })
    return false
  }
  if (isCaptured(evaluation, target)) {
    refuse(evaluation, node, 'flow_assigns_outer', { name: text })
    return false
  }
  if (!Object.isFrozen(target)) return true
  refuse(evaluation, node, 'source_mutates_outer', { name: text })
  return false
}

/** Returns whether a scope, array or object was made outside the combinator's closure that runs. */
function isCaptured({ captured }: Evaluation, target: object): boolean {
  return captured.some((reached) => reached.has(target))
}

function assignName(evaluation: Evaluation, target: Identifier, value: Value, scope: Scope): void {
  const owner = scope.ownerOf(target.name)
  const binding = owner?.bindings.get(target.name)
  if (owner === undefined || binding === undefined) {
    unknownName(evaluation, target, scope)
    return
  }
  if (!binding.isReady) {
    refuse(evaluation, target, 'source_used_before_definition', { name: target.name })
    return
  }
  if (binding.kind !== 'let' && binding.kind !== 'parameter') {
    const related = [{ message: 'it is declared here', span: binding.span }]
    refuse(evaluation, target, 'source_reassigned_const', { name: target.name }, { related })
    return
  }
  if (isCaptured(evaluation, owner)) {
    const related = [{ message: 'it is declared here', span: binding.span }]
    refuse(evaluation, target, 'flow_assigns_outer', { name: target.name }, { related })
    return
  }
  if (owner.isFrozen) {
    const related = [{ message: 'it is declared here', span: binding.span }]
    refuse(evaluation, target, 'source_mutates_outer', { name: target.name }, { related })
    return
  }
  binding.value = value
}

function assignMember(evaluation: Evaluation, target: MemberExpression, value: Value, scope: Scope): void {
  // `super.x` is the only object that is no expression
  if (target.object.type === 'Super') {
    refuseSyntax(evaluation, target.object)
    return
  }
  const object = evaluation.parts.evaluate(target.object, scope)
  const key = keyOf(evaluation, target, scope)
  if (object instanceof Poison || key === undefined) return
  const text = textOf(evaluation, target.object)
  if (Array.isArray(object)) assignElement(evaluation, object, key, value, target, text)
  else if (isObject(object)) {
    if (mayChange(evaluation, object, target, text)) setOwn(object, String(key), value)
  } else {
    const what = `an assignment to a part of ${describe(object)}`
    const instead = 'a new value: operations return their result and change nothing'
    refuse(evaluation, target, 'source_unsupported_syntax', { what, instead })
  }
}

function assignElement(
  evaluation: Evaluation,
  array: Value[],
  key: string | number,
  value: Value,
  target: MemberExpression,
  text: string,
): void {
  if (!mayChange(evaluation, array, target, text)) return
  const index = Number(key)
  if (key === 'length' && Number.isSafeInteger(value)) array.length = Number(value)
  else if (Number.isSafeInteger(index) && index >= 0 && index <= array.length) array[index] = value
  else {
    const message = `there is no place ${String(key)} in an array of ${array.length}`
    refuse(evaluation, target, 'source_exception', { message })
  }
}

function keyOf(evaluation: Evaluation, target: MemberExpression, scope: Scope): string | number | undefined {
  const { property } = target
  if (property.type === 'PrivateName') {
    refuseSyntax(evaluation, property)
    return undefined
  }
  if (!target.computed) return property.type === 'Identifier' ? property.name : undefined
  return staticKey(evaluation, evaluation.parts.evaluate(property, scope), property)
}

/** Returns a value as a key of a member access, or undefined after reporting one that is not static. */
export function staticKey(evaluation: Evaluation, key: Value, node: Expression): string | number | undefined {
  if (typeof key === 'string' || typeof key === 'number') return key
  if (key instanceof Poison) return undefined
  refuse(evaluation, node, 'source_not_static', { what: `this index, ${describe(key)},` })
  return undefined
}

/** Sets an own property, also one of a name that JavaScript treats in its own way. */
export function setOwn(object: ObjectValue, name: string, value: Value): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
