// static-data: a value -> the plain data that an app may import

import { type Value, isObject } from './value.ts'

/** Data without functions, tensors or dimensions. */
export type StaticData =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly StaticData[]
  | { readonly [name: string]: StaticData }

/** Returns the data of a value, or undefined where some part of it is no data. */
export function dataOf(value: Value): { readonly data: StaticData } | undefined {
  if (value === undefined || value === null) return { data: value }
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return { data: value }
  if (Array.isArray(value)) {
    const parts = value.map(dataOf)
    return parts.some((part) => part === undefined) ? undefined : { data: parts.map((part) => part?.data) }
  }
  if (!isObject(value)) return undefined
  const entries = Object.entries(value).map(([name, part]) => [name, dataOf(part)] as const)
  if (entries.some(([, part]) => part === undefined)) return undefined
  return { data: Object.fromEntries(entries.map(([name, part]) => [name, part?.data])) }
}
