// What `run` accepts, how it refuses, and in what order it works.
import { expect, test } from 'vitest'
import { createDefinition, type Instance, type ProgramSignature } from '../src/index.ts'
import { dataOf, record, zeros, type Recording } from './recording-driver.ts'

const program: ProgramSignature = {
  dims: [
    ['B', 1, 8, 1],
    ['T', 2, 0, 2],
  ],
  inputs: [
    ['x', 'f32', ['B', 3]],
    ['state.h', 'f32', ['B', 'T']],
    ['ids.0', 'i32', ['2*T']],
    ['flag', 'bool', []],
  ],
  outputs: [
    ['y', 'f32', ['B']],
    ['state.h', 'f32', ['B', 'T']],
    ['list.0', 'f32', []],
    ['list.1', 'i32', []],
  ],
  solve: ([x = [], h = []]) => [x[0] ?? NaN, h[1] ?? NaN],
  shapes: (b = 0, t = 0) => [[b, 3], [b, t], [2 * t], [], [b], [b, t], [], []],
}

const good = (): Record<string, unknown> => ({
  x: new Float32Array(6),
  state: { h: new Float32Array(8) },
  ids: [Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
  flag: true,
})

async function open(target: ProgramSignature = program): Promise<{ net: Instance; recording: Recording }> {
  const recording = record()
  return { net: await createDefinition(dataOf(target), recording.driver).load(), recording }
}

test('solves dimensions and nests outputs', async () => {
  const { net, recording } = await open()
  const result = (await net.run(good())) as Record<string, unknown>
  expect(recording.calls[0]).toMatchObject({ dims: [2, 4], outputs: [0, 1, 2, 3] })
  expect(recording.calls[0]?.inputs[3]).toEqual(Uint8Array.of(1))
  expect(Object.keys(result)).toEqual(['y', 'state', 'list'])
  expect(result['list']).toHaveLength(2)
  expect(result['state']).toMatchObject({ h: { shape: [2, 4] } })
})

test.for<[string, Record<string, unknown>]>([
  [
    'nested arrays',
    {
      x: [
        [1, 2, 3],
        [4, 5, NaN],
      ],
    },
  ],
  ['rows of typed arrays', { x: [new Float32Array(3), new Float32Array(3)] }],
  ['data with a shape', { x: { data: new Float32Array(6), shape: [2, 3] } }],
  ['flat numbers with a shape', { x: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] } }],
  ['a tensor', { x: zeros('f32', [2, 3]) }],
  ['numbers for bool', { flag: 0 }],
  ['bytes for bool', { flag: Uint8Array.of(200) }],
  ['structures', { ids: { 0: new Int32Array(8) } }],
])('accepts %s', async ([, inputs]) => {
  const { net, recording } = await open()
  await net.run({ ...good(), ...inputs })
  expect(recording.calls[0]?.dims).toEqual([2, 4])
})

test('truth values are 0 and 1', async () => {
  const { net, recording } = await open()
  await net.run({ ...good(), flag: Uint8Array.of(200) })
  expect(recording.calls[0]?.inputs[3]).toEqual(Uint8Array.of(1))
})

const wrong: readonly [string, Record<string, unknown>, string, RegExp][] = [
  ['a missing input', { x: undefined }, 'model_input_missing', /`x`, f32\[B, 3\], is missing/],
  ['a misspelt input', { x: undefined, X: [1] }, 'model_input_unexpected', /no input `X`; did you mean `x`\?/],
  ['a misspelt nested input', { state: { hh: [1] } }, 'model_input_unexpected', /`state.hh`; did you mean `state.h`/],
  [
    'a surplus input',
    { more: 1 },
    'model_input_unexpected',
    /no input `more`: it takes `x`, `state.h`, `ids.0`, `flag`/,
  ],
  ['a surplus object', { more: {} }, 'model_input_unexpected', /no input `more`/],
  ['null', { x: null }, 'model_input_dtype', /`x` must hold f32 \(numbers or Float32Array\), not null/],
  ['a string', { x: 'abc' }, 'model_input_dtype', /not 'abc'/],
  [
    'a string within',
    {
      x: [
        [1, 2, '3'],
        [4, 5, 6],
      ],
    },
    'model_input_dtype',
    /not '3' at `x\[0\]\[2\]`/,
  ],
  [
    'an element left out',
    {
      x: [
        [1, 2, undefined],
        [4, 5, 6],
      ],
    },
    'model_input_dtype',
    /undefined at `x\[0\]\[2\]`/,
  ],
  ['doubles', { x: new Float64Array(6) }, 'model_input_dtype', /not Float64Array/],
  ['bytes for floats', { x: new Uint8Array(6) }, 'model_input_dtype', /not Uint8Array/],
  ['an array buffer', { x: new ArrayBuffer(24) }, 'model_input_dtype', /not an ArrayBuffer/],
  ['a tensor of another dtype', { x: zeros('i32', [2, 3]) }, 'model_input_dtype', /a tensor of i32/],
  [
    'fractions for integers',
    { ids: [[1.5, 1, 1, 1, 1, 1, 1, 1]] },
    'model_input_dtype',
    /i32.* not 1.5 at `ids.0\[0\]`/,
  ],
  ['2 for bool', { flag: 2 }, 'model_input_dtype', /bool/],
  [
    'ragged rows',
    {
      x: [
        [1, 2, 3],
        [4, 5],
      ],
    },
    'model_input_shape',
    /`x\[1\]` has 2 elements where others have 3/,
  ],
  ['mixed depths', { x: [[1, 2, 3], 4] }, 'model_input_shape', /`x\[1\]` is no array/],
  [
    'mixed depths, other way',
    {
      x: [
        [1, 2, 3],
        [4, 5, [6]],
      ],
    },
    'model_input_shape',
    /`x\[1\]\[2\]` is an array/,
  ],
  ['too few axes', { x: [1, 2, 3] }, 'model_input_shape', /f32\[B, 3\], but has shape \[3\]: 1 axes, not 2/],
  ['a number for a matrix', { x: 1 }, 'model_input_shape', /shape \[\]/],
  ['a wrong static axis', { x: [[1, 2]] }, 'model_input_shape', /axis 1 is 2, not 3/],
  ['a wrong length', { x: new Float32Array(7) }, 'model_input_shape', /has 7 elements, not a multiple of 3/],
  [
    'a length that fixes no whole size',
    { state: { h: new Float32Array(9) } },
    'model_input_shape',
    /`state.h`.*9 elements.*B is 2 in axis 0 of `x`/,
  ],
  [
    'a shape that does not fit its data',
    { x: { data: new Float32Array(5), shape: [2, 3] } },
    'model_input_shape',
    /5 elements do not fill/,
  ],
  [
    'a shape of texts',
    { x: { data: new Float32Array(6), shape: ['2', '3'] } },
    'model_input_shape',
    /`shape` holds '2'/,
  ],
  [
    'a shape below zero',
    { x: { data: new Float32Array(6), shape: [-2, -3] } },
    'model_input_shape',
    /`shape` holds -2/,
  ],
  ['a promise', { x: Promise.resolve([[1, 2, 3]]) }, 'model_input_dtype', /not a Promise: await it first/],
  ['big integers', { x: [[1n, 2n, 3n]] }, 'model_input_dtype', /the bigint 1n at `x\[0\]\[0\]`/],
  [
    'wide integers',
    { ids: [new BigInt64Array(8)] },
    'model_input_dtype',
    /BigInt64Array: Int32Array\.from\(value, Number\) converts it/,
  ],
  ['a shape that is none', { x: { data: new Float32Array(6), shape: 6 } }, 'model_input_shape', /no array/],
  [
    'dimensions that disagree',
    {
      x: zeros('f32', [2, 3]),
      state: {
        h: [
          [1, 2],
          [1, 2],
          [1, 2],
        ],
      },
    },
    'dim_call_conflict',
    /`B` is 2 in axis 0 of `x` and 3 in axis 0 of `state.h`/,
  ],
  [
    'a derived axis that disagrees',
    { ids: [new Int32Array(6)] },
    'model_input_shape',
    /axis 0, `2\*T`, is 6, not 8 \(B = 2, T = 4\)/,
  ],
  [
    'no rows',
    { x: new Float32Array(0), state: { h: { data: [], shape: [0, 4] } } },
    'dim_out_of_bounds',
    /`B` is 0 in axis 0 of `x`.*bounds: 1 to 8 \(as dim\('B', …\) declares them\)/,
  ],
  ['too many rows', { x: new Float32Array(27), state: { h: new Float32Array(36) } }, 'dim_out_of_bounds', /`B` is 9/],
  [
    'an odd size',
    { state: { h: new Float32Array(6) }, ids: [new Int32Array(6)] },
    'dim_out_of_bounds',
    /`T` is 3.*at least 2, a multiple of 2/,
  ],
]

test.for(wrong)('refuses %s', async ([, inputs, code, message]) => {
  const { net, recording } = await open()
  const error: unknown = await net.run({ ...good(), ...inputs }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code, url: `https://tsjit.dev/e/${code}`, message: expect.stringMatching(message) })
  expect(recording.calls).toEqual([])
  await net.run(good())
})

test('everything that is wrong with a call is listed at once', async () => {
  const { net } = await open()
  const inputs = { X: new Float32Array(6), state: { h: 'h' }, ids: [[1.5]], flag: true }
  const error: unknown = await net.run(inputs, { outputs: ['yy'] }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    code: 'model_input_unexpected',
    message: expect.stringMatching(
      /^4 things are wrong with this call:\n {2}the model has no input `X`; did you mean `x`\?\n/,
    ),
    problems: [
      { code: 'model_input_unexpected' },
      { code: 'model_output_unknown' },
      { code: 'model_input_dtype', message: expect.stringMatching(/`state.h`/) },
      { code: 'model_input_dtype', message: expect.stringMatching(/1.5 at `ids.0\[0\]`/) },
    ],
  })
})

test.for<[string, unknown, string, RegExp]>([
  ['null', null, 'option_invalid', /the options of `run` must be an object, not null/],
  ['text', 'abc', 'option_invalid', /must be an object, not 'abc'/],
  ['a misspelt name', { outptus: ['y'] }, 'option_unknown', /`run` has no option `outptus`; did you mean `outputs`\?/],
  ['a strange name', { verbose: true }, 'option_unknown', /`verbose`: its options are signal, seed, outputs/],
  ['a name of every object', { constructor: 1 }, 'option_unknown', /`constructor`/],
  ['outputs as text', { outputs: 'y' }, 'option_invalid', /an array of names, not 'y'/],
  ['outputs by number', { outputs: [1] }, 'option_invalid', /an array of names, not \[1\]/],
  ['a controller', { signal: new AbortController() }, 'option_invalid', /controller\.signal\), not an AbortController/],
])('refuses options that are %s', async ([, options, code, message]) => {
  const { net, recording } = await open()
  await expect(net.run(good(), options as never)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
  expect(recording.calls).toEqual([])
})

test('an option that is undefined or null is not given', async () => {
  const { net, recording } = await open()
  await net.run(good(), { signal: undefined, outputs: null, seed: null } as never)
  expect(recording.calls).toHaveLength(1)
})

test('an open size that nothing fixes is explained', async () => {
  const open2 = await open({
    ...program,
    inputs: [['a', 'f32', ['B', 'T']]],
    solve: ([a = []]) => [a[0] ?? 0, a[1] ?? 0],
    shapes: (b = 0, t = 0) => [[b, t], [b], [b, t], [], []],
  })
  await expect(open2.net.run({ a: new Float32Array(8) })).rejects.toThrow(
    /8 elements do not say what B and T are: pass \{ data, shape \}/,
  )
  await open2.net.run({ a: { data: new Float32Array(8), shape: [2, 4] } })
  expect(open2.recording.calls[0]?.dims).toEqual([2, 4])
})

test('a dimension on both axes is found from the length', async () => {
  const { net, recording } = await open({
    dims: [['N', 1, 0, 1]],
    inputs: [['a', 'f32', ['N', 'N']]],
    outputs: [],
    solve: ([a = []]) => [a[0] ?? 0],
    shapes: (n = 0) => [[n, n]],
  })
  await net.run({ a: new Float32Array(49) })
  expect(recording.calls[0]?.dims).toEqual([7])
  await expect(net.run({ a: new Float32Array(50) })).rejects.toMatchObject({ code: 'model_input_shape' })
})

test('a derived axis alone gives the dimension, if a whole one', async () => {
  const { net, recording } = await open({
    dims: [['T', 1, 0, 1]],
    inputs: [['a', 'f32', ['2*T']]],
    outputs: [],
    solve: ([a = []]) => [(a[0] ?? 0) / 2],
    shapes: (t = 0) => [[2 * t]],
  })
  await net.run({ a: new Float32Array(6) })
  expect(recording.calls[0]?.dims).toEqual([3])
  await expect(net.run({ a: new Float32Array(5) })).rejects.toThrow(/axis 0, `2\*T`, is 5, which no whole size gives/)
})

test('inputs that are no object', async () => {
  const { net } = await open()
  for (const inputs of [null, 3, 'x', new Float32Array(3)]) {
    await expect(net.run(inputs as never)).rejects.toThrow(/inputs are an object|no input|is missing/)
  }
})

test('a model without inputs runs without any', async () => {
  const { net, recording } = await open({
    ...program,
    dims: [],
    inputs: [],
    solve: () => [],
    shapes: () => program.shapes(2, 4).slice(4),
  })
  await net.run()
  await net.run({})
  expect(recording.calls).toHaveLength(2)
  await expect(net.run({ x: 1 })).rejects.toThrow(/no input `x`: it takes none/)
  await expect(net.run(3 as never)).rejects.toThrow(/inputs are an object/)
})

test('picks outputs by path and by prefix', async () => {
  const { net, recording } = await open()
  expect(Object.keys(await net.run(good(), { outputs: ['list'] }))).toEqual(['list'])
  expect(recording.calls[0]?.outputs).toEqual([2, 3])
  await expect(net.run(good(), { outputs: ['lists'] })).rejects.toThrow(/no output `lists`/)
  await expect(net.run(good(), { outputs: ['stat'] })).rejects.toMatchObject({ code: 'model_output_unknown' })
})

test('calls run in order, one at a time, on the data of their call', async () => {
  const { net, recording } = await open()
  const x = new Float32Array(6)
  const runs = [1, 2, 3].map((value) => net.run({ ...good(), x: x.fill(value) }))
  x.fill(9)
  await Promise.all(runs)
  expect(recording.calls.map(({ inputs }) => (inputs[0] as Float32Array)[0])).toEqual([1, 2, 3])
})

test('an aborted call does not run, and the next one does', async () => {
  const { net, recording } = await open()
  await expect(net.run(good(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  const controller = new AbortController()
  const first = net.run(good())
  const second = net.run(good(), { signal: controller.signal })
  controller.abort(new Error('stop'))
  const third = net.run(good())
  await expect(second).rejects.toThrow('stop')
  await Promise.all([first, third])
  expect(recording.calls.length).toBe(2)
})

test('a lost device is opened again for the next call', async () => {
  const { net, recording } = await open()
  await net.run(good())
  recording.lose()
  await Promise.all([net.run(good()), net.run(good())])
  expect(recording.events).toEqual(['open', 'dispose', 'open'])
  net.dispose()
  expect(recording.events.at(-1)).toBe('dispose')
})

test('dispose ends waiting calls, asyncDispose lets them finish', async () => {
  const one = await open()
  const first = one.net.run(good())
  const second = one.net.run(good())
  one.net[Symbol.dispose]()
  await first
  await expect(second).rejects.toMatchObject({ code: 'model_disposed' })
  const two = await open()
  const both = Promise.all([two.net.run(good()), two.net.run(good())])
  await two.net[Symbol.asyncDispose]()
  await both
  expect(two.recording.events).toEqual(['open', 'dispose'])
})

test('disposing while a device is reopened closes it too', async () => {
  const { net, recording } = await open()
  recording.lose()
  const run = net.run(good())
  net.dispose()
  await expect(run).rejects.toMatchObject({ code: 'model_disposed' })
  expect(recording.events.filter((event) => event === 'open').length).toBe(
    recording.events.filter((event) => event === 'dispose').length,
  )
})

test('tensors of another device pass through the host', async () => {
  const { net, recording } = await open()
  const { isMine: _, ...foreign } = zeros('f32', [2, 3])
  await net.run({ ...good(), x: foreign })
  expect(recording.calls[0]?.inputs[0]).toBeInstanceOf(Float32Array)
  await net.run({ ...good(), x: zeros('f32', [2, 3]) })
  expect(recording.calls[1]?.inputs[0]).toHaveProperty('isMine')
})
