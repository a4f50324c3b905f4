// Distributions by their moments, and which draws are equal.

import type { HostTensor } from '@tsjit/host'
import { describe, expect, it } from 'vitest'
import { type Tensor, add, cond, dropout, f32, model, random, scan, stack, tj } from '../index.ts'

type Results = Readonly<Record<string, HostTensor>>

const COUNT = 20_000

async function draw(
  make: () => Readonly<Record<string, Tensor>>,
  options: { readonly seed?: number } = {},
): Promise<Readonly<Record<string, number[]>>> {
  const net = await model({ inputs: {}, forward: make }).load()
  return numbers(await net.run({}, options))
}

async function numbers(results: object): Promise<Readonly<Record<string, number[]>>> {
  const entries = Object.entries(results as Results).map(async ([name, tensor]): Promise<[string, number[]]> => [
    name,
    [...(await tensor.data())],
  ])
  return Object.fromEntries(await Promise.all(entries))
}

function moments(x: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  const square = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length
  return { mean, deviation: Math.sqrt(square) }
}

describe('random', () => {
  it('draws uniform numbers in their range', async () => {
    const { x = [], y = [] } = await draw(() => ({
      x: random.uniform([COUNT]),
      y: random.uniform([COUNT], { low: -2, high: 4 }),
    }))
    expect(x.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(Math.abs(moments(x).mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT))
    expect(moments(x).deviation).toBeCloseTo(Math.sqrt(1 / 12), 2)
    expect(y.every((value) => value >= -2 && value < 4)).toBe(true)
    expect(moments(y).mean).toBeCloseTo(1, 1)
  })

  it('draws normal numbers', async () => {
    const { x = [], y = [] } = await draw(() => ({
      x: random.normal([COUNT]),
      y: random.normal([COUNT], { mean: 3, deviation: 0.5 }),
    }))
    const { mean, deviation } = moments(x)
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(COUNT))
    expect(Math.abs(deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * COUNT))
    const beyond = x.filter((value) => Math.abs(value) > 1.959964).length / COUNT
    expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / COUNT))
    // the largest distance of the empirical distribution (Kolmogorov-Smirnov), at one in a million
    const sorted = x.toSorted((a, b) => a - b)
    const below = (value: number): number => 0.5 * (1 + erf(value / Math.SQRT2))
    const distance = Math.max(...sorted.map((value, i) => Math.abs(below(value) - (i + 0.5) / COUNT)))
    expect(distance * Math.sqrt(COUNT)).toBeLessThan(2.7)
    expect(moments(y)).toEqual({ mean: expect.closeTo(3, 1), deviation: expect.closeTo(0.5, 1) })
  })

  it('draws truth values, classes and whole numbers', async () => {
    const {
      b = [],
      c = [],
      n = [],
    } = await draw(() => ({
      b: random.bernoulli(0.3, { shape: [COUNT] }),
      c: random.categorical(
        stack(
          Array.from({ length: 4 }, (_, i) =>
            random
              .uniform([COUNT])
              .mul(0)
              .add([3, 0, 1, 4][i] ?? 0),
          ),
          1,
        ),
      ),
      n: random.randint(-3, 5, [COUNT]),
    }))
    expect(Math.abs(moments(b).mean - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / COUNT))
    const share = (values: readonly number[], value: number): number =>
      values.filter((each) => each === value).length / COUNT
    expect([0, 1, 2, 3].map((i) => share(c, i))).toEqual([
      expect.closeTo(0.375, 1),
      0,
      expect.closeTo(0.125, 1),
      expect.closeTo(0.5, 1),
    ])
    for (let i = -3; i < 5; i++) expect(share(n, i)).toBeCloseTo(1 / 8, 1)
    expect(n.every((value) => value >= -3 && value < 5)).toBe(true)
  })

  it('draws by the seed: the same numbers for the same, others for every call and every run', async () => {
    const make = (): Readonly<Record<string, Tensor>> => ({ a: random.normal([4]), b: random.normal([4]) })
    const first = await draw(make, { seed: 7 })
    expect(await draw(make, { seed: 7 })).toEqual(first)
    expect(first['a']).not.toEqual(first['b'])
    expect(await draw(make, { seed: 7 + 2 ** 32 })).not.toEqual(first)
    const net = await model({ inputs: {}, forward: make }).load()
    const runs = [await numbers(await net.run({})), await numbers(await net.run({}))]
    expect(runs[0]).not.toEqual(runs[1])
    expect(runs).toEqual([await draw(make, { seed: 0 }), await draw(make, { seed: 1 })])
  })

  it('leaves out elements in training only', async () => {
    const net = model({ inputs: { x: f32(COUNT) }, forward: ({ x }) => ({ y: dropout(x, 0.25), z: dropout(x, 1) }) })
    const instance = await net.load()
    const x = Float32Array.from({ length: COUNT }, (_, i) => i + 1)
    const { y: same } = await numbers(await instance.run({ x }))
    expect(same).toEqual([...x])
    const { y = [], z = [] } = await numbers(await instance.run({ x }, { mode: 'train' }))
    const kept = y.filter((value) => value !== 0).length / COUNT
    expect(Math.abs(kept - 0.75)).toBeLessThan(5 * Math.sqrt(0.1875 / COUNT))
    expect(y.every((value, i) => value === 0 || Math.abs(value - (i + 1) / 0.75) <= 1e-7 * value)).toBe(true)
    expect(new Set(z)).toEqual(new Set([0]))
  })

  it('draws the same after a branch, whichever arm ran, and other numbers in each arm and turn', async () => {
    const net = await model({
      inputs: { x: f32() },
      forward: ({ x }) => ({
        arm: cond(
          tj`${x} > 0`,
          () => random.uniform([2]),
          () => add(random.uniform([2]), random.uniform([2]).mul(0)),
        ),
        after: random.uniform([2]),
        turns: scan(0, undefined, (carry) => [carry, random.uniform([])], { length: 5 })[1],
      }),
    }).load()
    const [first, second] = await Promise.all([1, -1].map(async (x) => numbers(await net.run({ x }, { seed: 3 }))))
    expect(first?.['after']).toEqual(second?.['after'])
    expect(first?.['turns']).toEqual(second?.['turns'])
    expect(first?.['arm']).not.toEqual(second?.['arm'])
    const all = [first?.['arm'], second?.['arm'], first?.['after'], first?.['turns']].flat()
    expect(new Set(all).size).toBe(11)
  })

  it('draws orders', async () => {
    const { x = [] } = await draw(() => ({ x: random.permutation(1000) }))
    expect(x.toSorted((a, b) => a - b)).toEqual(x.map((_, i) => i))
    // how far places move on the average, and a place that stays
    expect(x.reduce((sum, value, i) => sum + Math.abs(value - i), 0) / 1000).toBeCloseTo(333, -2)
    expect(x.filter((value, i) => value === i).length).toBeLessThan(10)
  })

  it('says that nothing is drawn outside of a run', () => {
    expect(() => random.normal([2])).toThrow(/random works while a model runs/)
  })
})

/** Abramowitz and Stegun 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const terms = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  const value = 1 - terms.reduce((sum, each) => (sum + each) * t, 0) * Math.exp(-x * x)
  return Math.sign(x) * value
}
