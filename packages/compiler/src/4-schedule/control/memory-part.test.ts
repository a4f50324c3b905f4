import { type Dim, dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import { partOf, placeOf } from './memory-part.ts'

const at = (name: string, below: number): Dim => dims.symbol(name, { min: 0, below })
const sum = (...parts: readonly Dim[]): Dim => parts.reduce((a, b) => dims.add(a, b), 0)
const g0 = at('g0', 4)
const l0 = at('l0', 64)
const none = new Set<string>()

/** Every index that lanes and loops can have, and the element of the copy that they read instead. */
function check(index: Dim, width: number, names: Readonly<Record<string, number>>, group: number): number {
  const part = partOf(index, width, none)
  if (part === undefined) throw new Error('no part')
  const copied = new Map<number, number>()
  for (let element = 0; element < part.elements; element++) {
    const { source, copy } = placeOf(element, part)
    const values = new Map([['g0', group]])
    expect(copied.has(dims.valueOf(copy, values))).toBe(false)
    copied.set(dims.valueOf(copy, values), dims.valueOf(source, values))
    expect(dims.valueOf(copy, values)).toBeLessThan(part.length)
  }
  const walk = (left: readonly (readonly [string, number])[], values: ReadonlyMap<string, number>): void => {
    const [first, ...rest] = left
    if (first !== undefined) {
      for (let i = 0; i < first[1]; i++) walk(rest, new Map([...values, [first[0], i]]))
      return
    }
    for (let i = 0; i < width; i++)
      expect(copied.get(dims.valueOf(part.index, values) + i)).toBe(dims.valueOf(index, values) + i)
  }
  walk(Object.entries(names), new Map([['g0', group]]))
  return part.length
}

test('rows that lanes share are read once, and begin in different banks', () => {
  const index = sum(
    dims.mul(g0, 512),
    dims.mul(dims.floorDiv(l0, 16), 128),
    dims.mul(at('k', 8), 16),
    dims.mod(l0, 16),
    7,
  )
  expect(check(index, 1, { l0: 64, k: 8 }, 3)).toBe(4 * 144)
})

test('columns of a matrix leave out what other groups read', () => {
  const index = sum(dims.mul(g0, 16), dims.mod(l0, 16), dims.mul(at('k', 5), 64))
  expect(check(index, 1, { l0: 64, k: 5 }, 2)).toBe(80)
})

test('vectors of lanes that read different rows begin in different banks', () => {
  const index = sum(dims.mul(l0, 32), dims.mul(at('k', 8), 4))
  expect(check(index, 4, { l0: 64, k: 8 }, 0)).toBe(64 * 36)
})

test('windows that overlap are read once', () => {
  const index = sum(dims.mul(l0, 2), at('k', 3))
  expect(check(index, 1, { l0: 64, k: 3 }, 0)).toBe(129)
})

test('what a turn decides has no part', () => {
  expect(partOf(sum(l0, dims.mul(at('turn', 9), 64)), 1, new Set(['turn']))).toBeUndefined()
  expect(partOf(dims.sub(l0, at('k', 3)), 1, none)).toBeUndefined()
  expect(partOf(sum(l0, dims.symbol('n', { min: 0 })), 1, none)).toBeUndefined()
})
