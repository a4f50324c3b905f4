// Running programs on a device: results, sizes, counts, lifetimes.
import type { DefinitionData, HostTensor, WebgpuProgramData } from '@tsjit/host'
import { expect, test } from 'vitest'
import { affineOf } from '../../../tests/support/affine.ts'
import { b, check, numbers, run, testAffine, w, weights } from '../../../tests/support/affine-tests.ts'
import { describeDevice, requestTestDevice } from '../../../tests/support/device.ts'
import { program } from '../src/index.ts'
import { affine, affineProgram } from './support/affine.ts'
import { countCalls } from './support/count-calls.ts'

await describeDevice('run', () => {
  testAffine('webgpu', () => program(affine))

  test('a steady run is one submit, one pass, and makes nothing', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const x = numbers(30)
    for (let i = 0; i < 3; i++) await check(await run(net, Float32Array.from(x)), x)
    const calls = countCalls(device)
    for (let i = 0; i < 5; i++) await check(await run(net, Float32Array.from(x)), x)
    expect(calls).toEqual({ submit: 5, createBuffer: 0, createBindGroup: 0, createPipeline: 0, beginPass: 5 })
    net.dispose()
    device.destroy()
  })

  test('alternating sizes make nothing either, once each was met', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const sizes = [4, 1, 9]
    for (let round = 0; round < 3; round++) {
      for (const rows of sizes) await check(await run(net, Float32Array.from(numbers(rows * 3))), numbers(rows * 3))
    }
    const calls = countCalls(device)
    for (const rows of sizes) await check(await run(net, Float32Array.from(numbers(rows * 3))), numbers(rows * 3))
    expect(calls).toEqual({ submit: 3, createBuffer: 0, createBindGroup: 0, createPipeline: 0, beginPass: 3 })
    net.dispose()
    device.destroy()
  })

  test('a steady loop on the device is one submit a step and makes nothing where results are disposed', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const x = numbers(6)
    let state: HostTensor = (await run(net, Float32Array.from(x), ['hidden'])).hidden
    const step = async (): Promise<void> => {
      const next = (await run(net, state, ['hidden'])).hidden
      state.dispose()
      state = next
    }
    for (let i = 0; i < 3; i++) await step()
    const calls = countCalls(device)
    for (let i = 0; i < 5; i++) await step()
    expect(calls).toEqual({ submit: 5, createBuffer: 0, createBindGroup: 0, createPipeline: 0, beginPass: 5 })
    let expected: readonly number[] = x
    for (let i = 0; i < 9; i++) expected = affineOf(expected, w, b).hidden
    expect([...(await state.data())]).toEqual(expected)
    net.dispose()
    device.destroy()
  })

  test('a result feeds a program on another device', async () => {
    const { device } = await requestTestDevice()
    const one = await program(affine).load({ weights })
    const other = await program(affine).load({ weights, device })
    const x = numbers(9)
    const { hidden } = await run(one, Float32Array.from(x))
    await check(await run(other, hidden), affineOf(x, w, b).hidden)
    one.dispose()
    other.dispose()
    device.destroy()
  })

  test('NaN and infinities pass through', async () => {
    const identity: DefinitionData<WebgpuProgramData> = {
      ...affine,
      weights: [],
      programs: {
        eval: {
          ...affineProgram,
          kernels: [
            {
              code: `@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = x[id.x]; }`,
              access: 'rw',
            },
          ],
          launch: (launch, rows = 0) => launch(0, ['i0', 'o0'], rows * 3),
        },
      },
    }
    const net = await program(identity).load()
    const { hidden } = await run(net, Float32Array.of(NaN, -Infinity, -0), ['hidden'])
    expect([...(await hidden.data())]).toEqual([NaN, -Infinity, -0])
    net.dispose()
  })

  test('a buffer of the app is an input', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const x = numbers(6)
    const buffer = device.createBuffer({ size: 24, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
    device.queue.writeBuffer(buffer, 0, Float32Array.from(x))
    await check(await run(net, buffer), x)
    await check(await run(net, { data: buffer, shape: [2, 3] }), x)
    const bad = device.createBuffer({ size: 24, usage: GPUBufferUsage.COPY_DST })
    await expect(run(net, bad)).rejects.toMatchObject({
      code: 'model_input_dtype',
      message: expect.stringMatching(/`x`.*without the usage COPY_SRC/),
    })
    net.dispose()
    device.destroy()
  })

  test('a buffer that the device cannot read is an error at every run, and never zeros', async () => {
    const [{ device }, other] = await Promise.all([requestTestDevice(), requestTestDevice()])
    const net = await program(affine).load({ weights, device })
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const destroyed = device.createBuffer({ size: 24, usage })
    destroyed.destroy()
    const mapped = device.createBuffer({ size: 24, usage, mappedAtCreation: true })
    const foreign = other.device.createBuffer({ size: 24, usage })
    const x = numbers(6)
    for (let round = 0; round < 2; round++) {
      for (const buffer of [destroyed, mapped, foreign]) {
        await expect(run(net, buffer)).rejects.toMatchObject({ code: 'model_input_dtype' })
      }
      await check(await run(net, Float32Array.from(x)), x)
    }
    net.dispose()
    device.destroy()
    other.device.destroy()
  })

  test('bytes, halves and truth values cross the boundary', async () => {
    const code = `@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> b: array<i32>;
@group(0) @binding(2) var<storage, read> h: array<f32>;
@group(0) @binding(3) var<storage, read_write> p: array<u32>;
@group(0) @binding(4) var<storage, read_write> q: array<i32>;
@group(0) @binding(5) var<storage, read_write> r: array<f32>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x; p[i] = 1u - a[i]; q[i] = -b[i]; r[i] = h[i] * 2.0;
}`
    const mixed: WebgpuProgramData = {
      dims: [],
      inputs: [
        ['a', 'bool', [2]],
        ['b', 'i8', [2]],
        ['h', 'f16', [2]],
      ],
      outputs: [
        ['p', 'bool', [2]],
        ['q', 'i8', [2]],
        ['r', 'bf16', [2]],
      ],
      solve: () => [],
      shapes: () => Array.from({ length: 6 }, () => [2]),
      kernels: [{ code, access: 'rrrwww' }],
      arena: () => [],
      launch: (launch) => launch(0, ['i0', 'i1', 'i2', 'o0', 'o1', 'o2'], 2),
    }
    const net = await program({ ...affine, weights: [], programs: { eval: mixed } }).load()
    const result = await net.run({ a: [true, false], b: Int8Array.of(-3, 127), h: [1.5, -0.25] })
    const arrays = await Promise.all(Object.values(result).map((tensor) => (tensor as HostTensor).toArray()))
    expect(arrays).toEqual([
      [false, true],
      [3, -127],
      [3, -0.5],
    ])
    net.dispose()
  })

  test('more scratch or workgroups than the device allows are refused with the numbers', async () => {
    const { device } = await requestTestDevice()
    const big = { ...affineProgram, arena: () => [2 ** 40, 0, 0] }
    const net = await program({ ...affine, programs: { eval: big } }).load({ weights, device })
    await expect(run(net, [[1, 1, 1]])).rejects.toMatchObject({
      code: 'target_limit_exceeded',
      message: expect.stringMatching(/1099511627776/),
    })
    const huge = { ...affineProgram, shapes: (b = 0) => [[b, 3], [2 ** 30, 3], [b]] }
    const large = await program({ ...affine, programs: { eval: huge } }).load({ weights, device })
    await expect(run(large, [[1, 1, 1]])).rejects.toMatchObject({
      code: 'target_limit_exceeded',
      message: expect.stringMatching(/12884901888 bytes of `hidden`: maxStorageBufferBindingSize .* is \d+/),
    })
    const wide = {
      ...affineProgram,
      launch: ((launch) => launch(0, ['i0', 'w0', 'w1', 't0'], 65536)) as WebgpuProgramData['launch'],
    }
    const other = await program({ ...affine, programs: { eval: wide } }).load({ weights, device })
    await expect(run(other, [[1, 1, 1]])).rejects.toMatchObject({ code: 'target_limit_exceeded' })
    device.destroy()
  })

  test('a fault of the compiler is an internal error', async () => {
    const broken = {
      ...affineProgram,
      kernels: affineProgram.kernels.map((kernel) => ({ ...kernel, access: 'r'.repeat(kernel.access.length) })),
    }
    await expect(program({ ...affine, programs: { eval: broken } }).load({ weights })).rejects.toThrow(/^internal: /)
    const twice = {
      ...affineProgram,
      launch: ((launch) => launch(1, ['t0', 't0', 't0'], 1)) as WebgpuProgramData['launch'],
    }
    const net = await program({ ...affine, programs: { eval: twice } }).load({ weights })
    await expect(run(net, [[1, 1, 1]])).rejects.toThrow(/^internal: /)
    net.dispose()
  })
})
