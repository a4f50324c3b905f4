// Inputs that a call may leave out, and models without any.
import { expect, test } from 'vitest'
import { f32, model, optional, param, tensor } from '../index.ts'

test('optional inputs that are left out', async () => {
  const masked = model({
    inputs: { x: f32(2), mask: optional(f32(2)), more: optional({ a: f32(2), b: optional(f32(2)) }) },
    layers: { w: param(2, { init: 3 }) },
    forward: ({ x, mask, more }, { w }) => {
      const sum = more === undefined ? x : x.add(more.b ?? more.a)
      return mask === undefined ? sum.mul(w) : sum.mul(mask)
    },
  })
  const net = await masked.load({ weights: { seed: 1 } })
  const run = async (...call: Parameters<typeof net.run>): Promise<unknown> => (await net.run(...call)).output.toArray()
  expect(await run({ x: [1, 2] })).toEqual([3, 6])
  expect(await run({ x: [1, 2], mask: [0, 1], more: { a: [1, 1] } })).toEqual([0, 3])
  expect(await run({ x: [1, 2], more: { a: [1, 1], b: [2, 2] } })).toEqual([9, 12])
  await expect(run({ x: [1, 2], more: { b: [2, 2] } } as never)).rejects.toMatchObject({
    code: 'model_input_missing',
  })
  const five = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, optional(f32(1))]))
  expect(() => model({ inputs: { x: f32(1), ...five }, forward: ({ x }) => x })).toThrow(
    '5 inputs are optional, and each combination is a program: 4 may be',
  )
})

test('a model without inputs', async () => {
  const constant = model({ inputs: {}, forward: () => tensor([1, 2]) })
  const net = await constant.load()
  expect(await (await net.run()).output.toArray()).toEqual([1, 2])
  expect(await (await net.run({})).output.toArray()).toEqual([1, 2])
})
