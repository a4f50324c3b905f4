// Inputs that a call may leave out: which program runs, and what it shares with the others.
import { expect, test } from 'vitest'
import { createDefinition, manyPrograms, type Instance, type ProgramSignature } from '../src/index.ts'
import { dataOf, record, type Recording } from './recording-driver.ts'

const x: ProgramSignature['inputs'][number] = ['x', 'f32', [2]]
const mask: ProgramSignature['inputs'][number] = ['mask', 'f32', [3]]
const state: ProgramSignature['inputs'] = [
  ['state.h', 'f32', [4]],
  ['state.c', 'f32', [5]],
]

function program(inputs: ProgramSignature['inputs']): ProgramSignature {
  const shapes = inputs.map(([, , axes]) => axes.map(Number))
  return { dims: [], inputs, outputs: [['y', 'f32', []]], solve: () => [], shapes: () => [...shapes, []] }
}

const f = (size: number): Float32Array => new Float32Array(size)

async function open(canFork: boolean = true): Promise<{ net: Instance; recording: Recording }> {
  const recording = record({ canFork })
  const without = { eval: [program([x, ...state]), program([x, mask]), program([x])] }
  const data = { ...dataOf(program([x, mask, ...state]), [['w', 'f32', [1], 7, 'param']]), without, many: manyPrograms }
  return { net: await createDefinition(data, recording.driver).load({ weights: { seed: 1 } }), recording }
}

test('each combination runs its own program, opened at its first call', async () => {
  const { net, recording } = await open()
  expect(recording.events).toEqual(['open'])
  await net.run({ x: f(2), mask: f(3), state: { h: f(4), c: f(5) } })
  expect(recording.events).toEqual(['open'])
  for (const _ of [1, 2]) await net.run({ x: f(2), mask: undefined })
  await net.run({ x: f(2), state: { h: f(4), c: f(5) } })
  expect(recording.events).toEqual(['open', 'fork', 'fork'])
  expect(recording.calls.map(({ inputs }) => inputs.map((input) => (input as Float32Array).length))).toEqual([
    [2, 3, 4, 5],
    [2],
    [2],
    [2, 4, 5],
  ])
  expect(net.info.weightBytes).toBe(4)
  net.dispose()
  expect(recording.events.filter((event) => event === 'dispose')).toHaveLength(3)
  await expect(net.run({ x: f(2) })).rejects.toMatchObject({ code: 'model_disposed' })
  await expect(net.run({ x: f(2), mask: f(3) })).rejects.toMatchObject({ code: 'model_disposed' })
})

test('a target that cannot lend weights gets them again', async () => {
  const { net, recording } = await open(false)
  recording.weights.length = 0
  await net.run({ x: f(2) })
  expect(recording.events).toEqual(['open', 'open'])
  expect(recording.weights).toEqual([Float32Array.of(7)])
})

test('after a lost device weights are read anew, once', async () => {
  const { net, recording } = await open()
  await net.run({ x: f(2) })
  recording.lose()
  recording.weights.length = 0
  await net.run({ x: f(2) })
  await net.run({ x: f(2), mask: f(3) })
  expect(recording.weights).toEqual([Float32Array.of(7)])
  expect(recording.events).toEqual(['open', 'fork', 'dispose', 'open', 'fork'])
})

test('calls that wait for a program run in order, on the data of their call', async () => {
  const { net, recording } = await open()
  const first = f(2).fill(1)
  const runs = [net.run({ x: first }), net.run({ x: first.fill(2), mask: f(3) }), net.run({ x: first.fill(3) })]
  first.fill(9)
  await Promise.all(runs)
  expect(recording.calls.map(({ inputs }) => (inputs[0] as Float32Array)[0])).toEqual([1, 2, 3])
  expect(recording.events).toEqual(['open', 'fork', 'fork'])
})

test.for<[string, Record<string, unknown>, string, RegExp]>([
  ['nothing', {}, 'model_input_missing', /`x`, f32\[2\], is missing\n/],
  ['half a structure', { x: f(2), state: { h: f(4) } }, 'model_input_missing', /`state.c`, f32\[5\], is missing\n/],
  ['a misspelt name', { x: f(2), masc: f(3) }, 'model_input_unexpected', /no input `masc`; did you mean `mask`\?\n/],
  ['a strange name', { x: f(2), z: 1 }, 'model_input_unexpected', /`z`: it takes `x`, `mask`, `state.h`, `state.c`\n/],
  ['a wrong size', { x: f(2), mask: f(4) }, 'model_input_shape', /`mask` must be f32\[3\].*has 4 elements/],
  ['null for one', { x: f(2), mask: null }, 'model_input_dtype', /`mask` must hold f32.*not null/],
])('refuses %s', async ([, inputs, code, message]) => {
  const { net, recording } = await open()
  await expect(net.run(inputs)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  expect(recording.calls).toEqual([])
})
