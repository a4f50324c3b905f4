// order-transients: placements overlap nothing, and waste little
import { dims } from '@tsjit/dsl/compiler'
import { place } from '@tsjit/host'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Transient } from '../ir/plan/plan.ts'
import { orderTransients } from './order-transients.ts'

const lifetimes = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat(30), fc.nat(6)), {
  minLength: 1,
  maxLength: 40,
})

function placed(
  transients: readonly Omit<Transient, 'dtype'>[],
  sizes: ReadonlyMap<string, number>,
): readonly number[] {
  return place(transients.flatMap((t) => [dims.valueOf(t.bytes, sizes), t.first, t.last]))
}

test('no two buffers that are alive together overlap, whatever their order', () => {
  fc.assert(
    fc.property(lifetimes, (all) => {
      const transients = all.map(([bytes, first, length]) => ({ bytes, first, last: first + length }))
      const offsets = placed(transients, new Map())
      transients.forEach((a, i) => {
        const [start = 0, size = 0] = offsets.slice(2 * i, 2 * i + 2)
        expect(start % 256).toBe(0)
        expect(size).toBeGreaterThanOrEqual(a.bytes)
        transients.slice(0, i).forEach((b, j) => {
          const [other = 0, length = 0] = offsets.slice(2 * j, 2 * j + 2)
          const together = a.first <= b.last && b.first <= a.last
          expect(together && start < other + length && other < start + size).toBe(false)
        })
      })
      expect(offsets.at(-1)).toBe(Math.max(...transients.map((_, i) => offsets[2 * i]! + offsets[2 * i + 1]!)))
    }),
  )
})

test('an order names every buffer once, and is never worse than the order of launches', () => {
  fc.assert(
    fc.property(lifetimes, (all) => {
      const b = dims.symbol('B', { min: 1, below: 9 })
      const transients = all.map(([bytes, first, length], i) => ({
        bytes: i % 3 === 0 ? dims.mul(4 * bytes, b) : 4 * bytes,
        first,
        last: first + length,
      }))
      const order = orderTransients(transients, [{ name: 'B', min: 1, max: 8, multipleOf: 1, dim: b }])
      expect([...order].sort((x, y) => x - y)).toEqual(transients.map((_, i) => i))
      const worst = (list: readonly Omit<Transient, 'dtype'>[]): number =>
        Math.max(...[1, 8].map((size) => placed(list, new Map([['B', size]])).at(-1)! / bound(transients, size)))
      expect(worst(order.map((i) => transients[i]!))).toBeLessThanOrEqual(worst(transients) + 1e-9)
    }),
    { numRuns: 20 },
  )
})

function bound(transients: readonly Omit<Transient, 'dtype'>[], size: number): number {
  const bytes = (t: Omit<Transient, 'dtype'>): number =>
    Math.ceil(dims.valueOf(t.bytes, new Map([['B', size]])) / 256) * 256
  return Math.max(
    ...transients.map(({ first }) =>
      transients.reduce((sum, t) => sum + (t.first <= first && first <= t.last ? bytes(t) : 0), 0),
    ),
  )
}

test('a chain of equal buffers takes two', () => {
  const transients = Array.from({ length: 10 }, (_, i) => ({ bytes: 1024, first: i, last: i + 1 }))
  const order = orderTransients(transients, [])
  expect(
    placed(
      order.map((i) => transients[i]!),
      new Map(),
    ).at(-1),
  ).toBe(2048)
})
