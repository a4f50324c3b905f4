// interpret-group: the arrays of one group of an interpreted launch
//
// Arrays that have places in one memory lose what they hold where another takes it.

import type { Value } from './interpret-values.ts'
import type { Watch } from './interpret-watch.ts'
import type { GroupArray, Kernel } from './kernel.ts'
import { narrow } from './narrow.ts'
import { bytesOfGroupArray } from './scalar-type.ts'

/** The group memory of one group. */
export interface GroupMemory {
  load(array: string, index: number, lane: number): Value
  store(array: string, index: number, value: Value | undefined, lane: number): void
  /** A barrier has ordered everything. */
  forget(): void
}

/** Returns group memory that holds nothing. */
export function createGroupMemory(
  kernel: Kernel,
  { fail, watch }: { readonly fail: (message: string) => never; readonly watch: Watch | undefined },
): GroupMemory {
  const declared = new Map(kernel.arrays.map((array) => [array.name, array]))
  const overlaps = overlapping(kernel.arrays)
  const empty = (length: number): (Value | undefined)[] => Array.from({ length })
  const arrays = new Map(kernel.arrays.map(({ name, length }) => [name, empty(length)]))
  const holding = new Set<string>()
  const arrayOf = (name: string, index: number): (Value | undefined)[] => {
    const array = arrays.get(name) ?? fail(`no group array ${name}`)
    if (!Number.isInteger(index) || index < 0 || index >= array.length) fail(`${name}[${index}] of ${array.length}`)
    return array
  }
  return {
    forget() {
      for (const { name } of kernel.arrays) watch?.forget(name)
    },
    load(array, index, lane) {
      const value = arrayOf(array, index)[index]
      watch?.read(array, index, lane)
      return value ?? fail(`${array}[${index}] is read before it is written`)
    },
    store(array, index, value, lane) {
      const elements = arrayOf(array, index)
      const stored = declared.get(array)?.stored
      const kept = stored === undefined || value === undefined ? value : narrow(Number(value), stored)
      for (const other of overlaps.get(array) ?? []) {
        watch?.takeOver(other, lane)
        if (holding.delete(other)) arrays.get(other)?.fill(undefined)
      }
      holding.add(array)
      watch?.write(array, index, lane, String(elements[index]) !== String(kept))
      elements[index] = kept
    },
  }
}

/** The arrays that lose what they hold where one is written. */
function overlapping(arrays: readonly GroupArray[]): ReadonlyMap<string, readonly string[]> {
  const placed = arrays.flatMap((array) =>
    array.place === undefined
      ? []
      : [{ name: array.name, start: array.place, end: array.place + bytesOfGroupArray(array) }],
  )
  return new Map(
    placed.map(({ name, start, end }) => [
      name,
      placed.filter((other) => other.name !== name && other.start < end && start < other.end).map((o) => o.name),
    ]),
  )
}
