import { describe, expect, it } from 'vitest'
import { type Tensor, add, dim, f32, f16, forLoop, host, i32, model, mul, vmap } from '../index.ts'

const N = dim('N')
const run = async (forward: (x: Tensor) => Tensor): Promise<unknown> => {
  const net = await model({ inputs: { x: f32(N) }, forward: ({ x }) => forward(x) }).load()
  return (await net.run({ x: [1, 2, 3] })).output.toArray()
}

describe('host', () => {
  it('calls a function with arrays, and takes what its signature says', async () => {
    const seen: unknown[] = []
    const f = host(
      (a) => {
        seen.push(a.dtype, a.shape, Array.from(a.data))
        return { twice: a.data.map((v) => 2 * v), count: a.data.length }
      },
      { twice: f32(N), count: i32() },
    )
    const got = await run((x) => {
      const { twice, count } = f(x)
      return mul(twice, count)
    })
    expect(got).toEqual([6, 12, 18])
    // nothing runs where types alone are followed
    expect(seen).toEqual(['f32', [3], [1, 2, 3]])
  })

  it('takes numbers, and elements of half width as numbers or bits', async () => {
    const f = host((a, k) => Array.from(a.data, (v) => v * (k.data[0] ?? 0)), f16(N))
    expect(await run((x) => f(x, 0.5))).toEqual([0.5, 1, 1.5])
    expect(await run((x) => host((a) => a.data, f16(N))(f(x, 1)))).toEqual([1, 2, 3])
  })

  const wrong: readonly (readonly [string, (x: Float32Array) => unknown, RegExp])[] = [
    ['a wrong size', (x) => x.slice(1), /must return f32\[3\], not a Float32Array of 2/],
    ['another dtype', (x) => Array.from(x, String), /f32\[3\], not an array of 3/],
    ['doubles', (x) => Float64Array.from(x), /not a Float64Array of 3/],
    ['a promise', (x) => Promise.resolve(x), /not a promise: it runs at once/],
    ['nothing', () => undefined, /not undefined/],
    ['rows', (x) => [[...x]], /not an array of 1/],
  ]
  it.each(wrong)('refuses %s', async (_, fn, message) => {
    const failed = run((x) => host((a) => fn(a.data as Float32Array) as number[], f32(N))(x))
    await expect(failed).rejects.toMatchObject({
      code: 'model_host_result',
      message: expect.stringMatching(message),
    })
  })

  it('stands outside of combinators', async () => {
    const f = host((a) => a.data, f32())
    const inLoop = run((x) => forLoop(2, x, (c) => add(c, f(1))))
    await expect(inLoop).rejects.toMatchObject({ code: 'flow_host_inside' })
    await expect(run((x) => vmap((e: Tensor) => f(e))(x))).rejects.toMatchObject({ code: 'flow_host_inside' })
    expect(() => f(1)).toThrow(expect.objectContaining({ code: 'model_not_running' }))
  })
})
