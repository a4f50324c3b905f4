// Running programs on CUDA: results, sizes, what a run calls, lifetimes, failures.
import type { CudaDefinitionData, CudaProgramData, HostTensor, Instance } from '@tsjit/host'
import { expect, test } from 'vitest'
import { program } from '../src/index.ts'
import { affine, affineOf, affineProgram, faulty } from './support/affine.ts'
import { countCalls } from './support/count-calls.ts'
import { weightsFile } from './support/weights-file.ts'

const w = [2, -1, 0.5]
const b = [1, 2, 3]
const weights = weightsFile({ w, b })

interface Outputs {
  readonly hidden: HostTensor
  readonly stats: readonly HostTensor[]
}

async function run(net: Instance, x: unknown, outputs?: readonly string[]): Promise<Outputs> {
  return (await net.run({ x }, outputs && { outputs })) as unknown as Outputs
}

function numbers(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + seed) * 3))
}

async function check({ hidden, stats }: Outputs, x: readonly number[]): Promise<void> {
  const expected = affineOf(x, w, b)
  expect([...(await hidden.data())]).toEqual(expected.hidden)
  const sums = [...((await stats[0]?.data()) ?? [])]
  expect(sums.length).toBe(expected.sums.length)
  for (const [i, sum] of sums.entries()) expect(sum).toBeCloseTo(expected.sums[i] ?? NaN, 4)
}

function withProgram(change: Partial<CudaProgramData>): CudaDefinitionData {
  return { ...affine, programs: { eval: { ...affineProgram, ...change } } }
}

test('computes, at any size, growing and shrinking', async () => {
  const net = await program(affine).load({ weights })
  for (const rows of [2, 5, 400, 1, 400, 3, 4096, 2, 7, 8, 9, 10, 11, 12, 13, 2]) {
    const x = numbers(rows * 3, rows)
    const result = await run(net, Float32Array.from(x))
    expect(result.hidden.shape).toEqual([rows, 3])
    await check(result, x)
  }
  net.dispose()
})

test('takes nested arrays and gives them back', async () => {
  const net = await program(affine).load({ weights })
  const { hidden } = await run(net, [
    [1, 1, 1],
    [2, 2, 2],
  ])
  expect(await hidden.toArray()).toEqual([
    [3, 1, 3.5],
    [5, 0, 4],
  ])
  net.dispose()
})

test('a steady run is one graph and one event, whatever its sizes were before', async () => {
  const net = await program(affine).load({ weights })
  for (let round = 0; round < 3; round++) {
    for (const rows of [4, 1, 9, 4]) {
      await check(await run(net, Float32Array.from(numbers(rows * 3))), numbers(rows * 3))
    }
  }
  const calls = await countCalls()
  for (const rows of [4, 1, 9, 4]) {
    await check(await run(net, Float32Array.from(numbers(rows * 3))), numbers(rows * 3))
  }
  expect(calls.stop()).toEqual({ cuGraphLaunch: 4, cuEventRecord: 4 })
  net.dispose()
})

test('results outlive later runs, read or not, and the instance', async () => {
  const net = await program(affine).load({ weights })
  const inputs = [1, 2, 3, 4, 5].map((seed) => numbers(12, seed))
  const results: Outputs[] = []
  for (const x of inputs) results.push(await run(net, Float32Array.from(x)))
  for (const rows of [1, 2, 3, 100, 5, 6, 7, 8, 9, 10, 11]) await run(net, new Float32Array(rows * 3))
  net.dispose()
  for (const [i, x] of inputs.entries()) await check(results[i] as Outputs, x)
  for (const [i, x] of inputs.entries()) await check(results[i] as Outputs, x)
})

test('the same where the app reads results, and reads some of them late', async () => {
  const net = await program(affine).load({ weights })
  for (let i = 0; i < 4; i++) await check(await run(net, Float32Array.from(numbers(12))), numbers(12))
  const inputs = [1, 2, 3, 4, 5].map((seed) => numbers(12, seed))
  const results: Outputs[] = []
  for (const x of inputs) results.push(await run(net, Float32Array.from(x)))
  for (const [i, x] of inputs.entries()) await check(results[i] as Outputs, x)
  net.dispose()
})

test('data may be changed by the app without changing the tensor', async () => {
  const net = await program(affine).load({ weights })
  const { hidden } = await run(net, [[1, 1, 1]])
  const first = await hidden.data()
  first.fill(9)
  expect([...(await hidden.data())]).toEqual([3, 1, 3.5])
  const fed = await run(net, hidden)
  expect([...(await fed.hidden.data())]).toEqual(affineOf([3, 1, 3.5], w, b).hidden)
  net.dispose()
})

test('a state that goes round stays on the device', async () => {
  const net = await program(affine).load({ weights })
  const x = numbers(6)
  let state: HostTensor = (await run(net, Float32Array.from(x), ['hidden'])).hidden
  const step = async (): Promise<void> => {
    const next = (await run(net, state, ['hidden'])).hidden
    state.dispose()
    state = next
  }
  for (let i = 0; i < 4; i++) await step()
  const calls = await countCalls()
  for (let i = 0; i < 5; i++) await step()
  expect(calls.stop()).toEqual({ cuGraphLaunch: 5, cuEventRecord: 5, cuMemcpyDtoDAsync: 5 })
  let expected: readonly number[] = x
  for (let i = 0; i < 10; i++) expected = affineOf(expected, w, b).hidden
  expect([...(await state.data())]).toEqual(expected)
  net.dispose()
})

test('a result feeds another program', async () => {
  const one = await program(affine).load({ weights })
  const two = await program({ ...affine, name: 'two' }).load({ weights: weightsFile({ w: [1, 1, 1], b: [0, 0, 0] }) })
  const x = numbers(9)
  const { hidden } = await run(one, Float32Array.from(x))
  one.dispose()
  const again = await run(two, hidden)
  expect([...(await again.hidden.data())]).toEqual(affineOf(x, w, b).hidden)
  two.dispose()
})

test('calls in flight do not disturb one another, even when the app reuses its array', async () => {
  const net = await program(affine).load({ weights })
  for (let round = 0; round < 2; round++) {
    const x = new Float32Array(6)
    const pending = [1, 2, 3, 4, 5, 6].map((seed) => {
      x.set(numbers(6, seed))
      return run(net, x)
    })
    x.fill(NaN)
    for (const [i, seed] of [1, 2, 3, 4, 5, 6].entries())
      await check(await (pending[i] as Promise<Outputs>), numbers(6, seed))
  }
  net.dispose()
})

test('zero rows give empty results', async () => {
  const net = await program(affine).load({ weights })
  const { hidden, stats } = await run(net, new Float32Array(0))
  expect([hidden.shape, [...(await hidden.data())], [...((await stats[0]?.data()) ?? [1])]]).toEqual([[0, 3], [], []])
  await check(await run(net, Float32Array.from(numbers(3))), numbers(3))
  net.dispose()
})

test('outputs may be picked', async () => {
  const net = await program(affine).load({ weights })
  const result = await run(net, [[1, 1, 1]], ['stats'])
  expect(Object.keys(result)).toEqual(['stats'])
  expect(await result.stats[0]?.toArray()).toEqual([17.5])
  net.dispose()
})

test('a seed draws the same weights every time, and they can be saved', async () => {
  const draw = async (seed: number): Promise<readonly (readonly number[])[]> => {
    const net = await program(affine).load({ weights: { seed } })
    const saved = await net.weights()
    const data = [...(await (await run(net, [[1, 2, 3]])).hidden.data())]
    net.dispose()
    return [data, [...saved]]
  }
  expect(await draw(1)).toEqual(await draw(1))
  expect(await draw(1)).not.toEqual(await draw(2))
})

test('info tells device, kernels and bytes, before and after a run', async () => {
  const net = await program(affine).load({ weights })
  expect(net.info).toMatchObject({ target: 'cuda', kernels: 3, dispatches: 2, weightBytes: 24, arenaBytes: 12 })
  expect(net.info.device).toMatch(/\w/)
  await run(net, new Float32Array(300))
  expect(net.info.arenaBytes).toBe(1200)
  net.dispose()
})

test('more memory or blocks than the device has are refused, and the next call works', async () => {
  const net = await program(withProgram({ arena: (rows = 0) => [rows > 1 ? 2 ** 45 : 12, 0, 1] })).load({ weights })
  await expect(run(net, Float32Array.from(numbers(6)))).rejects.toMatchObject({
    code: 'target_limit_exceeded',
    message: expect.stringMatching(/35184372088832/),
  })
  await check(await run(net, Float32Array.from(numbers(3))), numbers(3))
  net.dispose()
  const wide = await program(withProgram({ launch: (launch) => launch(0, ['i0', 'w0', 'w1', 't0'], 1, 65_536) })).load({
    weights,
  })
  await expect(run(wide, Float32Array.from(numbers(3)))).rejects.toMatchObject({
    code: 'target_limit_exceeded',
    message: expect.stringMatching(/65536 blocks along y/),
  })
  wide.dispose()
})

test('a fault on the device rejects everything that waits, and the next call opens it anew', async () => {
  const net = await program(affine).load({ weights })
  await check(await run(net, Float32Array.from(numbers(3))), numbers(3))
  const read = await run(net, Float32Array.from(numbers(3)))
  await read.hidden.data()
  const unread = await run(net, Float32Array.from(numbers(3)))
  const bad = await program(faulty).load({ weights })
  // The fault is heard of by whoever asks next: a run perhaps, or its result.
  const failing = run(bad, Float32Array.from(numbers(3))).then(({ hidden }) => hidden.data())
  await expect(failing).rejects.toMatchObject({ code: 'target_device_lost' })
  await expect(unread.stats[0]?.data()).rejects.toMatchObject({ code: 'target_device_lost' })
  // What was read stays readable, and feeds the new device.
  expect([...(await read.hidden.data())]).toEqual(affineOf(numbers(3), w, b).hidden)
  await check(await run(net, Float32Array.from(numbers(6))), numbers(6))
  const fed = await run(net, read.hidden)
  expect([...(await fed.hidden.data())]).toEqual(affineOf(affineOf(numbers(3), w, b).hidden, w, b).hidden)
  net.dispose()
  bad.dispose()
})

test('PTX that the driver refuses is an internal error with its log', async () => {
  const broken = { ...affine, module: { ptx: affine.module.ptx.replace('rem.u32', 'rest.u32') } }
  await expect(program(broken).load({ weights })).rejects.toThrow(
    /internal: .*cuLinkAddData|internal: .*cuLinkComplete/,
  )
})

test('a device that is not there says so', async () => {
  await expect(program(affine).load({ weights, device: 99 })).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringMatching(/no CUDA device 99: this machine has \d+/),
  })
  await expect(program(affine).load({ weights, device: -1 })).rejects.toMatchObject({ code: 'option_invalid' })
})

test('a disposed instance and a disposed tensor say so', async () => {
  const net = await program(affine).load({ weights })
  const { hidden } = await run(net, [[1, 1, 1]])
  hidden.dispose()
  hidden.dispose()
  await expect(hidden.data()).rejects.toMatchObject({ code: 'model_disposed' })
  await expect(run(net, hidden)).rejects.toMatchObject({ code: 'model_disposed' })
  net.dispose()
  net.dispose()
  await expect(run(net, [[1, 1, 1]])).rejects.toMatchObject({ code: 'model_disposed' })
})
