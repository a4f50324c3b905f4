// affine-tests: what an app sees of the affine program, the same on every runtime

import type { Definition, HostTensor, Instance, Target } from '@tsjit/host'
import { expect, test } from 'vitest'
import { affineOf } from './affine.ts'
import { weightsFile } from './weights-file.ts'

export const w: readonly number[] = [2, -1, 0.5]
export const b: readonly number[] = [1, 2, 3]
/** The file with `w` and `b`. */
export const weights: Uint8Array<ArrayBuffer> = weightsFile({ w, b })

/** What a call gives. */
export interface Outputs {
  readonly hidden: HostTensor
  readonly stats: readonly HostTensor[]
}

/** Calls the model. */
export async function run(net: Instance, x: unknown, outputs?: readonly string[]): Promise<Outputs> {
  return (await net.run({ x }, outputs && { outputs })) as unknown as Outputs
}

/** Returns numbers that repeat. */
export function numbers(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + seed) * 3))
}

/** Expects of outputs that they belong to x. */
export async function check({ hidden, stats }: Outputs, x: readonly number[]): Promise<void> {
  const expected = affineOf(x, w, b)
  expect([...(await hidden.data())]).toEqual(expected.hidden)
  const sums = [...((await stats[0]?.data()) ?? [])]
  expect(sums.length).toBe(expected.sums.length)
  for (const [i, sum] of sums.entries()) expect(sum).toBeCloseTo(expected.sums[i] ?? NaN, 4)
}

/** Declares the tests; `define` makes a model of the program, a new one at each call. */
export function testAffine(target: Target, define: () => Definition): void {
  test('computes, at any size, growing and shrinking', async () => {
    const net = await define().load({ weights })
    for (const rows of [2, 5, 400, 1, 400, 3, 4096, 2, 7, 8, 9, 10, 11, 12, 13, 2]) {
      const x = numbers(rows * 3, rows)
      const result = await run(net, Float32Array.from(x))
      expect(result.hidden.shape).toEqual([rows, 3])
      await check(result, x)
    }
    net.dispose()
  })

  test('takes nested arrays and gives them back', async () => {
    const net = await define().load({ weights })
    const { hidden } = await run(net, [
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(await hidden.toArray()).toEqual([
      [3, 1, 3.5],
      [5, 0, 4],
    ])
    net.dispose()
  })

  test('results outlive later runs, read or not, and the instance', async () => {
    const net = await define().load({ weights })
    const inputs = [1, 2, 3, 4, 5].map((seed) => numbers(12, seed))
    const results: Outputs[] = []
    for (const x of inputs) results.push(await run(net, Float32Array.from(x)))
    for (const rows of [1, 2, 3, 100, 5, 6, 7, 8, 9, 10, 11]) await run(net, new Float32Array(rows * 3))
    net.dispose()
    for (const [i, x] of inputs.entries()) await check(results[i]!, x)
    for (const [i, x] of inputs.entries()) await check(results[i]!, x)
  })

  test('the same where the app reads results, and reads some of them late', async () => {
    const net = await define().load({ weights })
    for (let i = 0; i < 4; i++) await check(await run(net, Float32Array.from(numbers(12))), numbers(12))
    const inputs = [1, 2, 3, 4, 5].map((seed) => numbers(12, seed))
    const results: Outputs[] = []
    for (const x of inputs) results.push(await run(net, Float32Array.from(x)))
    for (const [i, x] of inputs.entries()) await check(results[i]!, x)
    net.dispose()
  })

  test('data may be changed by the app without changing the tensor', async () => {
    const net = await define().load({ weights })
    const { hidden } = await run(net, [[1, 1, 1]])
    const first = await hidden.data()
    first.fill(9)
    expect([...(await hidden.data())]).toEqual([3, 1, 3.5])
    const fed = await run(net, hidden)
    expect([...(await fed.hidden.data())]).toEqual(affineOf([3, 1, 3.5], w, b).hidden)
    net.dispose()
  })

  test.for([
    ['is still there', false],
    ['is disposed by then', true],
  ] as const)('a result feeds another program; the one it is from %s', async ([, isDisposed]) => {
    const one = await define().load({ weights })
    const two = await define().load({ weights: weightsFile({ w: [1, 1, 1], b: [0, 0, 0] }) })
    const x = numbers(9)
    const { hidden } = await run(one, Float32Array.from(x))
    if (isDisposed) one.dispose()
    const again = await run(two, hidden)
    expect([...(await again.hidden.data())]).toEqual(affineOf(x, w, b).hidden)
    one.dispose()
    two.dispose()
  })

  test('calls in flight do not disturb one another, even when the app reuses its array', async () => {
    const net = await define().load({ weights })
    for (let round = 0; round < 2; round++) {
      const x = new Float32Array(6)
      const seeds = [1, 2, 3, 4, 5, 6]
      const pending = seeds.map((seed) => {
        x.set(numbers(6, seed))
        return run(net, x)
      })
      x.fill(NaN)
      for (const [i, seed] of seeds.entries()) await check(await pending[i]!, numbers(6, seed))
    }
    net.dispose()
  })

  test('zero rows give empty results', async () => {
    const net = await define().load({ weights })
    const { hidden, stats } = await run(net, new Float32Array(0))
    expect([hidden.shape, [...(await hidden.data())], [...((await stats[0]?.data()) ?? [1])]]).toEqual([[0, 3], [], []])
    await check(await run(net, Float32Array.from(numbers(3))), numbers(3))
    net.dispose()
  })

  test('outputs may be picked', async () => {
    const net = await define().load({ weights })
    const result = await run(net, [[1, 1, 1]], ['stats'])
    expect(Object.keys(result)).toEqual(['stats'])
    expect(await result.stats[0]?.toArray()).toEqual([17.5])
    net.dispose()
  })

  test('a seed draws the same weights every time, and they can be saved', async () => {
    const draw = async (seed: number): Promise<readonly (readonly number[])[]> => {
      const net = await define().load({ weights: { seed } })
      const saved = await net.weights()
      const data = [...(await (await run(net, [[1, 2, 3]])).hidden.data())]
      net.dispose()
      return [data, [...saved]]
    }
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  test('info tells device, kernels and bytes, before and after a run', async () => {
    const net = await define().load({ weights })
    expect(net.info).toMatchObject({ target, kernels: 2, dispatches: 2, weightBytes: 24, arenaBytes: 12 })
    expect(net.info.device).toMatch(/\w/)
    await run(net, new Float32Array(300))
    expect(net.info.arenaBytes).toBe(1200)
    net.dispose()
  })

  test('a disposed instance and a disposed tensor say so', async () => {
    const net = await define().load({ weights })
    const { hidden } = await run(net, [[1, 1, 1]])
    const kept = (await run(net, [[1, 1, 1]])).hidden
    hidden.dispose()
    hidden.dispose()
    await expect(hidden.data()).rejects.toMatchObject({ code: 'model_disposed' })
    await expect(run(net, hidden)).rejects.toMatchObject({ code: 'model_disposed' })
    net.dispose()
    net.dispose()
    await expect(run(net, [[1, 1, 1]])).rejects.toMatchObject({ code: 'model_disposed' })
    expect([...(await kept.data())]).toEqual([3, 1, 3.5])
    await net[Symbol.asyncDispose]()
  })

  test('a definition costs nothing until load', () => {
    expect(define().name).toBe('affine')
  })
}
