// Running programs on CUDA: results, sizes, what a run calls, lifetimes, failures.
import type { CudaDefinitionData, CudaProgramData, HostTensor } from '@tsjit/host'
import { expect, test } from 'vitest'
import { affineOf } from '../../../tests/support/affine.ts'
import { b, check, numbers, run, testAffine, w, weights } from '../../../tests/support/affine-tests.ts'
import { program } from '../src/index.ts'
import { affine, affineProgram, faulty } from './support/affine.ts'
import { countCalls } from './support/count-calls.ts'

testAffine('cuda', () => program(affine))

function withProgram(change: Partial<CudaProgramData>): CudaDefinitionData {
  return { ...affine, programs: { eval: { ...affineProgram, ...change } } }
}

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

test('blocks that wait for one another are refused where the device does not run all of them at once', async () => {
  const kernels = affineProgram.kernels.map((kernel) => ({ ...kernel, cooperative: true as const }))
  const net = await program(withProgram({ kernels })).load({ weights })
  await check(await run(net, Float32Array.from(numbers(6))), numbers(6))
  const launch: CudaProgramData['launch'] = (enqueue) => enqueue(0, ['i0', 'w0', 'w1', 't0'], 1_000_000)
  const wide = await program(withProgram({ kernels, launch })).load({ weights })
  await expect(run(wide, Float32Array.from(numbers(3)))).rejects.toMatchObject({
    code: 'target_limit_exceeded',
    message: expect.stringMatching(/wait for one another, more than this GPU runs at once/),
  })
  await check(await run(net, Float32Array.from(numbers(3))), numbers(3))
  wide.dispose()
  net.dispose()
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
