// What programs take and give beside what the app sees: seeds, state, checks, prints, and two modes in one instance.
import { afterEach, expect, test, vi } from 'vitest'
import {
  CONTRACT_VERSION,
  createDefinition,
  type DefinitionData,
  type HiddenData,
  type HostTensor,
  type ProgramSignature,
  manyPrograms,
  readSafetensors,
} from '../src/index.ts'
import { record, zeros } from './recording-driver.ts'

function programOf(hidden?: HiddenData, name = 'y'): ProgramSignature {
  return {
    dims: [],
    inputs: [['x', 'f32', [2]]],
    outputs: [[name, 'f32', [2]]],
    solve: () => [],
    shapes: () => [
      [2],
      ...(hidden?.seed ? [[2]] : []),
      [2],
      ...(hidden?.checks ? [[]] : []),
      ...(hidden?.prints ?? []).map(() => [2]),
      ...(hidden?.updates ?? []).map(() => [2]),
    ],
    ...(hidden && { hidden }),
  }
}

function dataOf(hidden?: HiddenData, train?: ProgramSignature): DefinitionData<ProgramSignature> {
  return {
    contract: CONTRACT_VERSION,
    name: 'net',
    weights: [
      ['w', 'f32', [2], 1, 'param'],
      ['n', 'i32', [2], 0, 'buffer'],
    ],
    constants: [],
    programs: { eval: programOf(hidden), ...(train && { train }) },
    many: manyPrograms,
  }
}

const weights = { seed: 1 }
const x = Float32Array.of(1, 2)

test('the seed of a run is one more input: that of the call, or the number of the run', async () => {
  const { driver, calls } = record()
  const net = await createDefinition(dataOf({ seed: 1 }), driver).load({ weights })
  for (const seed of [undefined, 7, undefined, 2 ** 33 + 5, -1])
    await net.run({ x }, seed === undefined ? {} : { seed })
  expect(calls.map(({ inputs }) => inputs.slice(1))).toEqual(
    [
      [0, 0],
      [7, 0],
      [1, 0],
      [5, 2],
      [2 ** 32 - 1, 2 ** 32 - 1],
    ].map((words) => [Uint32Array.from(words)]),
  )
  await expect(net.run({ x }, { seed: 0.5 })).rejects.toMatchObject({ code: 'option_invalid' })
  await expect(net.run({ x, '@seed': x })).rejects.toMatchObject({ code: 'model_input_unexpected' })
})

test('new values of weights are no outputs of the app, and weights can be saved', async () => {
  const { driver, calls } = record({ canFork: true })
  const net = await createDefinition(dataOf({ updates: [1] }), driver).load({ weights })
  expect(Object.keys(await net.run({ x }))).toEqual(['y'])
  expect(calls[0]?.outputs).toEqual([0])
  const { tensors } = readSafetensors(await net.weights())
  expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ['n', 'I64', [2]],
    ['w', 'F32', [2]],
  ])
})

test('where programs share no memory, new values are handed on', async () => {
  const recording = record()
  const data = dataOf(undefined, programOf({ updates: [1] }, 'z'))
  const net = await createDefinition(data, recording.driver).load({ weights: { seed: 1 } })
  recording.weights[1] = Int32Array.of(5, 5)
  expect(Object.keys(await net.run({ x }, { mode: 'train' }))).toEqual(['z'])
  // the driver's outputs are zeros
  expect(recording.calls.map(({ outputs }) => outputs)).toEqual([[0, 1]])
  expect(recording.weights[1]).toEqual(new Int32Array(2))
  recording.weights[1] = Int32Array.of(5, 5)
  await net.run({ x }, { mode: 'eval' })
  expect(recording.weights[1]).toEqual(new Int32Array(2))
})

test('the modes of an instance share its weights, and each is opened when it is asked for', async () => {
  const { driver, events } = record({ canFork: true })
  const net = await createDefinition(dataOf(undefined, programOf({ seed: 1 }, 'z')), driver).load({ weights })
  expect(Object.keys(await net.run({ x }))).toEqual(['y'])
  expect(events).toEqual(['open'])
  expect(Object.keys(await net.run({ x }, { mode: 'train' }))).toEqual(['z'])
  expect(Object.keys(await net.run({ x }, { mode: 'eval' }))).toEqual(['y'])
  expect(events).toEqual(['open', 'fork'])
  const single = await createDefinition(dataOf(), record().driver).load({ weights })
  expect(Object.keys(await single.run({ x }, { mode: 'eval' }))).toEqual(['y'])
  await expect(single.run({ x }, { mode: 'train' })).rejects.toMatchObject({ code: 'target_unavailable' })
})

test('state is not lost silently with the device', async () => {
  const recording = record()
  const net = await createDefinition(dataOf({ updates: [1] }), recording.driver).load({ weights })
  recording.lose()
  await expect(net.run({ x })).rejects.toMatchObject({ code: 'target_device_lost' })
})

afterEach(() => vi.restoreAllMocks())

test('checks reject a run with the place of the first, and prints are printed', async () => {
  const { driver, calls } = record()
  const checks = [
    ['x is small', 'net.tsjit:3:5'],
    ['x is large', 'net.tsjit:4:5'],
  ] as const
  let found = 0
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const reporting = {
    ...driver,
    open: async (...request: Parameters<typeof driver.open>) => {
      const session = await driver.open(...request)
      const run: typeof session.run = async (call) => {
        const results: HostTensor[] = [...(await session.run(call))]
        results[1] = { ...zeros('i32', []), data: async () => Int32Array.of(found) }
        return results
      }
      return { ...session, run }
    },
  }
  const hidden = { checks, prints: [['y', 'f32', [2]]] } as const
  const net = await createDefinition(dataOf(hidden), reporting).load({ weights })
  expect(Object.keys(await net.run({ x }))).toEqual(['y'])
  expect(calls[0]?.outputs).toEqual([0, 1, 2])
  expect(log).toHaveBeenCalledExactlyOnceWith('y', 'f32[2] [0,0]')
  found = 2
  await expect(net.run({ x })).rejects.toMatchObject({
    code: 'model_check_failed',
    message: expect.stringContaining('x is large (at net.tsjit:4:5)'),
  })
})
