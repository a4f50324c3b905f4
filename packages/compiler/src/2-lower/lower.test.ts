// From text to graph: the walkthrough and the examples.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

const classify = `// classify.tsjit
import { model, dim, f32, relu, softmax } from '@tsjit/dsl'
import { linear } from '@tsjit/nn'

const B = dim('B', { max: 256 })

export const classify = model({
  inputs: { x: f32(B, 784) },
  layers: { fc1: linear(784, 128), fc2: linear(128, 10) },
  forward: ({ x }, { fc1, fc2 }) => ({ probs: softmax(fc2(relu(fc1(x)))) }),
})
`

test('the model of the walkthrough', async () => {
  const { text, messages } = await lowerText(classify)
  expect(messages).toEqual([])
  expect(text).toMatchInlineSnapshot(`
    "graph classify  B: 1..256
      %x          f32[B,784]    input
      %fc1.weight f32[128,784]  param
      %fc1.bias   f32[128]      param
      %fc2.weight f32[10,128]   param
      %fc2.bias   f32[10]       param
      %1          f32[B,128]    contract %x %fc1.weight   b0 k, j k -> b0 j
      %2          f32[1,128]    reshape %fc1.bias
      %3          f32[B,128]    expand %2
      %4          f32[B,128]    add %1 %3
      %5          f32[1,1]      reshape 0
      %6          f32[B,128]    expand %5
      %7          f32[B,128]    maximum %4 %6
      %8          f32[B,10]     contract %7 %fc2.weight   b0 k, j k -> b0 j
      %9          f32[1,10]     reshape %fc2.bias
      %10         f32[B,10]     expand %9
      %11         f32[B,10]     add %8 %10
      %12         f32[B]        reduce max %11 [1]
      %13         f32[B,1]      reshape %12
      %14         f32[B,10]     expand %13
      %15         f32[B,10]     sub %11 %14
      %16         f32[B,10]     exp %15
      %17         f32[B]        reduce sum %16 [1]
      %18         f32[B,1]      reshape %17
      %19         f32[B,10]     expand %18
      %20         f32[B,10]     div %16 %19
      output probs %20"
  `)
})

test.each(['digits', 'adder', 'wave', 'spade'])('the example %s', async (name) => {
  const file = fileURLToPath(new URL(`../../../../examples/${name}/${name}.tsjit`, import.meta.url))
  const { messages, module } = await lowerText(readFileSync(file, 'utf8'), {}, {}, file)
  expect(messages).toEqual([])
  expect(module?.graphs).toHaveLength(1)
})

test('64 steps of an LSTM are lowered in a fraction of a second', async () => {
  const text = `import { f32, model } from '@tsjit/dsl'
import { lstm } from '@tsjit/nn'
export const m = model({ inputs: { x: f32(2, 64, 1) }, layers: { net: lstm(1, 48) }, forward: ({ x }, { net }) => net(x)[0] })`
  const times: number[] = []
  for (let i = 0; i < 3; i += 1) {
    const start = performance.now()
    expect((await lowerText(text)).messages).toEqual([])
    times.push(performance.now() - start)
  }
  // around 100 ms on an idle machine
  expect(Math.min(...times)).toBeLessThan(1000)
})
