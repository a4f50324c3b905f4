// f16 in two bytes where the device has it: every number, memory, tensors and buffers that go from call to call

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Definition, type HostTensor, decoderOf, encoderOf } from '@tsjit/host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeDevice, requestPageDevice, requestTestDevice } from '../support/device.ts'
import { importCompiled } from '../support/import-compiled.ts'

const text = `import { add, cast, dim, exp, f16, f32, matmul, model, mul, param, softmax } from '@tsjit/dsl'

const N = dim('N', { max: 70000 })

export const same = model({ inputs: { x: f16(N) }, forward: ({ x }) => ({ wide: cast(x, 'f32'), same: mul(x, 1) }) })
export const narrow = model({ inputs: { x: f32(N) }, forward: ({ x }) => cast(x, 'f16') })
export const chain = model({
  inputs: { x: f16(N, 64) },
  layers: { w: param(64, 64, { dtype: 'f16' }) },
  forward: ({ x }, { w }) => matmul(exp(matmul(softmax(matmul(x, w)), w)), w),
})
export const next = model({ inputs: { h: f16(N) }, forward: ({ h }) => ({ h: add(h, 1) }) })
`
const decode = decoderOf('f16') ?? Number
const encode = encoderOf('f16') ?? Number

await describeDevice('f16 at rest', () => {
  let folder: string
  let models: Readonly<Record<string, Definition>>
  let native: GPUDevice
  let plain: GPUDevice

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tsjit-halves-'))
    const file = join(folder, 'halves.tsjit')
    await writeFile(file, text)
    models = await importCompiled(file)
    plain = (await requestTestDevice()).device
    native = (await requestPageDevice()).device
  })
  afterAll(async () => {
    for (const device of [native, plain]) device.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  const outputOf = async (outputs: Promise<unknown>, name: string): Promise<HostTensor> =>
    Object(await outputs)[name] as HostTensor

  test.each(['native', 'plain'])('all numbers survive, and are rounded as everywhere: %s', async (kind) => {
    const device = kind === 'native' ? native : plain
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const same = await models['same']!.load({ device })
    const [wide, kept] = await Promise.all(
      ['wide', 'same'].map(async (name) => (await outputOf(same.run({ x: bits }), name)).data()),
    )
    for (const i of bits) {
      const value = decode(i)
      if (Number.isNaN(value)) expect(decode(kept?.[i] ?? 0)).toBeNaN()
      else if (!Object.is(wide?.[i], value) || kept?.[i] !== i) expect([i, wide?.[i], kept?.[i]]).toEqual([i, value, i])
    }
    const narrow = await models['narrow']!.load({ device })
    const x = Float32Array.from({ length: 60001 }, (_, i) => (i - 30000) * 1.0371 ** ((i * 7) % 400) * 1e-9)
    x.set([65519, 65520, 1e9, -1e9, 2 ** -25, 2 ** -24, -0, 1 + 2 ** -11, 1 + 3 * 2 ** -11])
    const got = await (await outputOf(narrow.run({ x }), 'output')).data()
    const wrong = got.findIndex((stored, i) => stored !== encode(x[i] ?? 0))
    expect([wrong, x[wrong], got[wrong]]).toEqual([-1, undefined, undefined])
    same.dispose()
    narrow.dispose()
  })

  test('scratch and results take half the memory', async () => {
    const x = Uint16Array.from({ length: 101 * 64 }, (_, i) => encode(Math.sin(i)))
    const [large, small] = await Promise.all(
      [plain, native].map(async (device) => {
        const net = await models['chain']!.load({ device, weights: { seed: 3 } })
        const data = await (await outputOf(net.run({ x }), 'output')).data()
        return { bytes: net.info.arenaBytes, data: Array.from(data, decode), weights: await net.weights() }
      }),
    )
    if (native.features.has('shader-f16')) expect(small!.bytes).toBeLessThan(0.6 * large!.bytes)
    expect(small!.data).toEqual(large!.data)
    expect(small!.weights).toEqual(large!.weights)
  })

  test('results are inputs of other models, on this device and another; so are buffers', async () => {
    const x = Uint16Array.from([1, 2.5, -3], encode)
    const [here, there] = await Promise.all([native, plain].map((device) => models['next']!.load({ device })))
    const first = await outputOf(here!.run({ h: x }), 'h')
    const second = await outputOf(here!.run({ h: first }), 'h')
    const third = await outputOf(there!.run({ h: second }), 'h')
    const fourth = await outputOf(here!.run({ h: third }), 'h')
    expect(await Promise.all([first, second, third, fourth].map(async (tensor) => tensor.toArray()))).toEqual([
      [2, 3.5, -2],
      [3, 4.5, -1],
      [4, 5.5, 0],
      [5, 6.5, 1],
    ])
    const even = Uint16Array.from([1, 2, 3, 4], encode)
    const isNative = native.features.has('shader-f16')
    const data = isNative ? even : Float32Array.from(even, decode)
    const buffer = native.createBuffer({
      size: data.byteLength,
      usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    native.queue.writeBuffer(buffer, 0, data)
    expect(await (await outputOf(here!.run({ h: buffer }), 'h')).toArray()).toEqual([2, 3, 4, 5])
  })
})
