// structure: nested arrays and plain objects <-> their leaves, in order
//
// What a combinator carries or returns is any structure of tensors, numbers, truth values and dimensions; undefined and
// null stand for nothing. Paths name components as the user reaches them: `carry.h[0]`.

import { settle } from '../operations/coerce.ts'
import { type Dim, isDimExpression, printDim } from '../types/dim.ts'
import { type ErrorPlace, refuse } from '../types/errors.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'

/** What a structure holds. */
export type Leaf = TensorBase | Dim | boolean

/** The keys and indices that lead to a component. */
export type Path = readonly (string | number)[]

/** A leaf and where it is. */
export interface PlacedLeaf {
  readonly path: Path
  readonly value: Leaf
}

/** A structure as errors speak of it. */
export interface Subject {
  /** The combinator. */
  readonly op: string
  /** What it is called: `carry`. */
  readonly name: string
  /** Where it is. */
  readonly place: Pick<ErrorPlace, 'argument' | 'returned'>
}

/** Returns where a component of a structure is. */
export function placeAt({ place }: Subject, path: Path): Subject['place'] {
  const { argument, returned } = place
  const [first, ...rest] = argument
  return returned === undefined
    ? { argument: [first, ...rest, ...path] }
    : { argument, returned: [...returned, ...path] }
}

/** Returns the leaves of a structure, in order. Throws flow_bad_value. */
export function flatten(subject: Subject, value: unknown, path: Path = []): readonly PlacedLeaf[] {
  // a dimension whose value is known (an eager run) is a number
  const settled = settle(value)
  if (isLeaf(settled)) return [{ path, value: settled }]
  const parts = partsOf(value)
  if (parts !== undefined) return parts.flatMap(([key, part]) => flatten(subject, part, [...path, key]))
  const { op, name, place } = subject
  const got = describe(value)
  const places = [{ message: `this is ${got}`, ...placeAt(subject, path), value }]
  return refuse('flow_bad_value', { op, path: printPath(name, path), got }, { argument: place.argument[0], places })
}

/** Returns the structure of `like` with other leaves, taken in order. */
export function unflatten<T>(like: unknown, leaves: readonly T[]): unknown {
  const left = leaves.values()
  const build = (value: unknown): unknown => {
    if (isLeaf(value)) return left.next().value
    if (Array.isArray(value)) return value.map(build)
    const parts = partsOf(value)
    return parts === undefined || isNothing(value) ? value : Object.fromEntries(parts.map(([k, v]) => [k, build(v)]))
  }
  return build(like)
}

/** Where two structures differ. */
export interface Difference {
  readonly path: Path
  readonly left: string
  readonly right: string
}

/** Returns the first place where two structures differ in their arrays and objects, whatever the leaves are. */
export function findDifference(left: unknown, right: unknown, path: Path = []): Difference | undefined {
  if (isLeaf(left) && isLeaf(right)) return undefined
  const [a, b] = [partsOf(left), partsOf(right)]
  const isSame =
    a !== undefined &&
    b !== undefined &&
    Array.isArray(left) === Array.isArray(right) &&
    a.length === b.length &&
    isNothing(left) === isNothing(right) &&
    a.every(([key]) => b.some(([other]) => other === key))
  if (!isSame) return { path, left: describe(left), right: describe(right) }
  for (const [key, part] of a) {
    const found = findDifference(part, b.find(([other]) => other === key)?.[1], [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns `value` with the keys of its objects in the order of those of `like`, which has the same structure. */
export function ordered(value: unknown, like: unknown): unknown {
  if (isLeaf(value) || isNothing(value)) return value
  if (Array.isArray(value)) return value.map((item, i) => ordered(item, (like as readonly unknown[])[i]))
  const from = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(like as object).map(([key, part]) => [key, ordered(from[key], part)]))
}

/** Returns `carry.h[0]`. */
export function printPath(what: string, path: Path): string {
  const step = (key: string | number): string => {
    if (typeof key === 'number') return `[${key}]`
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `['${key}']`
  }
  return what + path.map(step).join('')
}

/** Returns a value in words, as messages print it. */
export function describe(value: unknown): string {
  if (value instanceof TensorBase) return printType(value)
  if (isNothing(value)) return 'nothing'
  if (isDimExpression(value)) return `the dimension ${printDim(value)}`
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `[${value.map(briefly).join(', ')}]`
  const parts = partsOf(value)
  if (parts === undefined) return 'an object'
  return parts.length === 0 ? '{}' : `{ ${parts.map(([key, part]) => `${key}: ${briefly(part)}`).join(', ')} }`
}

function briefly(value: unknown): string {
  if (Array.isArray(value)) return `[…${value.length}]`
  return partsOf(value) !== undefined && !isNothing(value) ? '{ … }' : describe(value)
}

/** Returns whether `value` is a leaf of a structure. */
export function isLeaf(value: unknown): value is Leaf {
  return (
    value instanceof TensorBase || typeof value === 'number' || typeof value === 'boolean' || isDimExpression(value)
  )
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** Returns the parts of an array or plain object; undefined for what is neither. Nothing has no parts. */
function partsOf(value: unknown): readonly (readonly [key: string | number, part: unknown])[] | undefined {
  if (isNothing(value)) return []
  if (Array.isArray(value)) return value.map((part, i) => [i, part] as const)
  if (typeof value !== 'object' || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined
}
