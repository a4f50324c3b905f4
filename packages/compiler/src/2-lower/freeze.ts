// freeze: makes what a module has evaluated unchangeable
//
// A function gives the same result whenever it is called, so it may change only what its own call has made.

import { Closure, LayerValue, ModelValue, type Scope, type Value, isObject } from './value.ts'

/** Makes `value`, and all that it reaches through arrays, objects and closures, unchangeable from now on. */
export function freezeDeep(value: Value): void {
  if (Array.isArray(value) || isObject(value)) {
    if (Object.isFrozen(value) && Object.values(value).length > 0) return
    Object.freeze(value)
    for (const item of Object.values(value)) freezeDeep(item)
  } else if (value instanceof Closure) freezeScope(value.scope)
  else if (value instanceof LayerValue) {
    freezeDeep(value.parts)
    freezeDeep(value.forward)
  } else if (value instanceof ModelValue) {
    for (const part of [value.inputs, value.layers, value.forward]) freezeDeep(part)
  }
}

function freezeScope(scope: Scope | undefined): void {
  if (scope === undefined || scope.isFrozen || scope.parent === undefined) return
  scope.isFrozen = true
  for (const binding of scope.bindings.values()) freezeDeep(binding.value)
  freezeScope(scope.parent)
}
