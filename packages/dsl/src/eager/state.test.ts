// What a model keeps from run to run.

import { readSafetensors, writeSafetensors, type HostTensor } from '@tsjit/host'
import { describe, expect, it } from 'vitest'
import { type Tensor, add, assign, buffer, f32, i32, isTraining, layer, model, mul, param, sum } from '../index.ts'

const counter = () =>
  layer({ total: buffer(2), count: buffer({ dtype: 'i32' }) }, ({ total, count }, x: Tensor) => {
    assign(total, add(total, x))
    assign(count, add(count, 1))
    // until the run ends both read as before
    return { total, count }
  })

const counting = model({
  inputs: { x: f32(2) },
  layers: { it: counter() },
  forward: ({ x }, { it }) => it(x),
})

const weights = writeSafetensors({
  'it.total': { dtype: 'F32', shape: [2], data: Float32Array.of(10, 20) },
  'it.count': { dtype: 'I64', shape: [], data: BigInt64Array.of(5n) },
})

async function read(results: object): Promise<unknown> {
  const entries = Object.entries(results as Readonly<Record<string, HostTensor>>)
  return Object.fromEntries(await Promise.all(entries.map(async ([name, x]) => [name, await x.toArray()] as const)))
}

describe('assign', () => {
  it('takes place when the run ends, stays for the next, and is saved', async () => {
    const net = await counting.load({ weights })
    expect(await read(await net.run({ x: [1, 2] }))).toEqual({ total: [10, 20], count: 5 })
    expect(await read(await net.run({ x: [1, 2] }))).toEqual({ total: [11, 22], count: 6 })
    const file = await net.weights()
    const { tensors, bytesOf } = readSafetensors(file)
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['it.count', 'I64', []],
      ['it.total', 'F32', [2]],
    ])
    expect(tensors.map((tensor) => Array.from(bytesOf(tensor).subarray(0, 1)))).toEqual([[7], [0]])
    const again = await counting.load({ weights: file })
    expect(await read(await again.run({ x: [0, 0] }))).toEqual({ total: [12, 24], count: 7 })
    const other = await counting.load({ weights })
    expect(await read(await other.run({ x: [0, 0] }))).toEqual({ total: [10, 20], count: 5 })
  })

  it('is shared by the modes of an instance', async () => {
    const definition = model({
      inputs: { x: f32() },
      layers: { seen: buffer() },
      forward({ x }, { seen }) {
        if (isTraining()) assign(seen, add(seen, x))
        return mul(seen, 1)
      },
    })
    const net = await definition.load({ weights: { seed: 0 } })
    await net.run({ x: 3 }, { mode: 'train' })
    await net.run({ x: 4 }, { mode: 'train' })
    expect(await read(await net.run({ x: 9 }))).toEqual({ output: 7 })
  })

  it.each([
    ['a parameter', () => ({ w: param(2) }), (w: Tensor) => assign(w, add(w, 1)), /not a parameter/],
    ['a result', () => ({ w: buffer(2) }), (w: Tensor) => assign(add(w, 1), w), /no weight/],
    ['another shape', () => ({ w: buffer(2) }), (w: Tensor) => assign(w, sum(w)), /cannot combine f32\[2\] and f32/],
    ['another dtype', () => ({ w: buffer(2, { dtype: 'i32' }) }), (w: Tensor) => assign(w, mul(w, 0.5)), /i32\[2\]/],
  ])('refuses %s', async (_, layers, act, message) => {
    const definition = model({
      inputs: { x: i32() },
      layers: layers(),
      forward({ x }, { w }) {
        act(w)
        return x
      },
    })
    await expect(definition.load({ weights: { seed: 0 } })).rejects.toThrow(message)
  })
})
