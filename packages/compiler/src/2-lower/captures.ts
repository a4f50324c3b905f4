// captures: what a closure can reach that was made outside of it
//
// Whether and how often the closure of a combinator runs is decided on the device. It may read what it captures and
// change what it makes itself, but nothing else: a change could be neither undone nor repeated.

import { Closure, LayerValue, Scope, type Value, isObject } from './value.ts'

/** Returns the scopes, arrays and objects that values reach, as far as they could be changed. */
export function reachedBy(values: readonly Value[]): ReadonlySet<object> {
  const reached = new Set<object>()
  const left: (Value | Scope)[] = [...values]
  while (left.length > 0) {
    const next = left.pop()
    if (!isMutable(next) || reached.has(next)) continue
    reached.add(next)
    left.push(...partsOf(next))
  }
  return reached
}

function isMutable(value: Value | Scope): value is Scope | Closure | LayerValue | Value[] | { [name: string]: Value } {
  if (value instanceof Scope) return !value.isFrozen && value.parent !== undefined
  if (value instanceof Closure || value instanceof LayerValue) return true
  return (Array.isArray(value) || isObject(value)) && !Object.isFrozen(value)
}

function partsOf(
  value: Scope | Closure | LayerValue | Value[] | { [name: string]: Value },
): readonly (Value | Scope)[] {
  if (value instanceof Scope) return [value.parent, ...[...value.bindings.values()].map((binding) => binding.value)]
  if (value instanceof Closure) return [value.scope]
  if (value instanceof LayerValue) return [value.parts, value.forward]
  return Object.values(value)
}
