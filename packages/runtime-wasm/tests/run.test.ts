// Calls of compiled models in WebAssembly: what they return, and when they are refused.
import { fileURLToPath } from 'node:url'
import { CONTRACT_VERSION, type Definition, type HostTensor, type Instance } from '@tsjit/host'
import { program } from '@tsjit/runtime-wasm'
import { beforeAll, expect, test } from 'vitest'
import { importCompiled } from '../../../tests/support/import-compiled.ts'

const file = fileURLToPath(new URL('models/small.tsjit', import.meta.url))
let models: Readonly<Record<string, Definition>>

beforeAll(async () => {
  models = await importCompiled(file, 'wasm')
})

async function run(net: Instance, inputs: Readonly<Record<string, unknown>>, output: string): Promise<unknown> {
  return ((await net.run(inputs))[output] as HostTensor).toArray()
}

test('runs, again and again, and keeps what it returned', async () => {
  const net = await models['scaled']!.load()
  const first = (await net.run({ x: Float32Array.of(1, 2, 3) }))['double'] as HostTensor
  for (const n of [4, 5, 6]) expect(await run(net, { x: Float32Array.of(n, 0, 1) }, 'double')).toEqual([[2 * n, 0, 2]])
  expect(await run(net, { x: Float32Array.of(1, 2, 3) }, 'sums')).toEqual([6])
  expect(await first.toArray()).toEqual([[2, 4, 6]])
  first.dispose()
  await expect(first.data()).rejects.toMatchObject({ code: 'model_disposed' })
  net.dispose()
  await expect(net.run({ x: Float32Array.of(1, 2, 3) })).rejects.toMatchObject({ code: 'model_disposed' })
})

test('sizes may change from call to call, and memory grows with them', async () => {
  const net = await models['scaled']!.load()
  for (const rows of [1, 5000, 2, 5000]) {
    const x = Float32Array.from({ length: 3 * rows }, (_, i) => i % 7)
    const { double } = (await net.run({ x })) as Record<string, HostTensor>
    expect(double!.shape).toEqual([rows, 3])
    expect(await double!.data()).toEqual(x.map((v) => 2 * v))
  }
})

test('a flat array of the same length is read as in the call before, where that was flat', async () => {
  const net = await models['plane']!.load()
  expect(await run(net, { x: { data: Float32Array.of(0, 0, 0, 0, 0, 0), shape: [2, 3] } }, 'y')).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ])
  // two open dimensions: a flat array does not say which is which
  await expect(net.run({ x: new Float32Array(6) })).rejects.toMatchObject({ code: 'model_input_shape' })
})

test('wrong calls are refused after right ones', async () => {
  const net = await models['scaled']!.load()
  const x = Float32Array.of(1, 2, 3)
  await net.run({ x })
  await net.run({ x })
  await expect(net.run({ x, z: x })).rejects.toMatchObject({ code: 'model_input_unexpected' })
  await expect(net.run({})).rejects.toMatchObject({ code: 'model_input_missing' })
  await expect(net.run({ x: Int32Array.of(1, 2, 3) })).rejects.toMatchObject({ code: 'model_input_dtype' })
  await expect(net.run({ x: Float32Array.of(1, 2) })).rejects.toMatchObject({ code: 'model_input_shape' })
  expect(await run(net, { x }, 'double')).toEqual([[2, 4, 6]])
})

test('results are inputs, of this model and of others', async () => {
  const net = await models['scaled']!.load()
  const { double } = await net.run({ x: [[1, 2, 3]] })
  expect(await run(net, { x: double }, 'double')).toEqual([[4, 8, 12]])
})

test('nested inputs and outputs, integers and booleans', async () => {
  const net = await models['nested']!.load()
  for (let i = 0; i < 3; i++) {
    const { out } = (await net.run({ a: [i, 2], state: { h: [1, 2], on: [true, false] } })) as {
      readonly out: readonly HostTensor[]
    }
    expect(await out[0]!.toArray()).toEqual([i + 1, 3])
    expect(await out[1]!.toArray()).toEqual([1, -2])
  }
})

test('weights from a seed; two instances have memories of their own', async () => {
  const [a, b] = await Promise.all([1, 2].map((seed) => models['policy']!.load({ weights: { seed } })))
  const x = Float32Array.of(1, 2, 3, 4)
  const [ya, yb] = [await run(a!, { x }, 'y'), await run(b!, { x }, 'y')]
  expect(ya).not.toEqual(yb)
  expect(await run(a!, { x }, 'y')).toEqual(ya)
  expect(a!.info).toMatchObject({ target: 'wasm', kernels: 2, dispatches: 2, weightBytes: 4 * (4 * 16 + 16 + 32 + 2) })
})

test('a model without inputs runs without an argument', async () => {
  const net = await models['still']!.load({ weights: { seed: 1 } })
  const run = net.run as (inputs?: object) => Promise<Readonly<Record<string, HostTensor>>>
  const first = await (await run.call(net))['y']!.toArray()
  expect(await (await run.call(net, {}))['y']!.toArray()).toBe(first)
})

test('more memory than WebAssembly has is refused with its size', async () => {
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)
  const own = { dims: [], inputs: [], outputs: [], solve: () => [], shapes: () => [], arena: () => [] }
  const large = program({
    contract: CONTRACT_VERSION,
    name: 'large',
    weights: [],
    constants: [],
    programs: { eval: { ...own, run: 'p0', scratch: 2 ** 33, counts: [1, 1] } },
    module: [empty, empty],
  })
  await expect(large.load()).rejects.toMatchObject({
    code: 'target_limit_exceeded',
    message: expect.stringContaining('bytes'),
  })
})
