// Several GPUs in one process: each has memory, runs and failures of its own.
import type { HostTensor, Instance } from '@tsjit/host'
import { describe, expect, test } from 'vitest'
import { affineOf } from '../../../tests/support/affine.ts'
import { b, check, numbers, run, w, weights } from '../../../tests/support/affine-tests.ts'
import { weightsFile } from '../../../tests/support/weights-file.ts'
import { loadDriver } from '../src/api/load-driver.ts'
import { program } from '../src/index.ts'
import { affine, faulty } from './support/affine.ts'

// The emulator asks once, when it is first called.
process.env['TSJIT_EMU_DEVICES'] = '2'

async function countDevices(): Promise<number> {
  const api = await loadDriver()
  const count = new Int32Array(1)
  api.cuInit(0)
  api.cuDeviceGetCount(count)
  return count[0] ?? 0
}

const count = await countDevices()

async function load(device: number): Promise<Instance> {
  return program(affine).load({ weights, device })
}

describe.skipIf(count < 2)(`two devices of ${count}`, () => {
  test('the same model runs on both, call by call and at the same time', async () => {
    const nets = [await load(0), await load(1)]
    for (const rows of [4, 1, 9, 4]) {
      for (const net of nets) await check(await run(net, Float32Array.from(numbers(rows * 3))), numbers(rows * 3))
    }
    const seeds = [1, 2, 3, 4, 5, 6]
    const pending = seeds.flatMap((seed) =>
      nets.map((net, device) => run(net, Float32Array.from(numbers(6, seed + 10 * device)))),
    )
    for (const [i, seed] of seeds.entries()) {
      for (const device of [0, 1]) await check(await pending[2 * i + device]!, numbers(6, seed + 10 * device))
    }
    for (const net of nets) net.dispose()
  })

  test('each has weights of its own', async () => {
    const other = weightsFile({ w: [1, 1, 1], b: [0, 0, 0] })
    const [first, second] = [await load(0), await program(affine).load({ weights: other, device: 1 })]
    const x = numbers(9)
    const [one, two] = [await run(first, Float32Array.from(x)), await run(second, Float32Array.from(x))]
    expect([...(await one.hidden.data())]).toEqual(affineOf(x, w, b).hidden)
    expect([...(await two.hidden.data())]).toEqual(affineOf(x, [1, 1, 1], [0, 0, 0]).hidden)
    first.dispose()
    second.dispose()
  })

  test('what is closed on one leaves the other alone', async () => {
    const [first, second] = [await load(0), await load(1)]
    const x = numbers(12)
    const unread = await run(second, Float32Array.from(x))
    const early = await run(first, Float32Array.from(x))
    first.dispose()
    await check(unread, x)
    await check(await run(second, Float32Array.from(numbers(300))), numbers(300))
    await check(early, x)
    await expect(run(first, Float32Array.from(x))).rejects.toMatchObject({ code: 'model_disposed' })
    second.dispose()
    const again = await load(0)
    await check(await run(again, Float32Array.from(x)), x)
    again.dispose()
  })

  test('a result of one feeds the other, and comes back', async () => {
    const nets = [await load(0), await load(1)]
    const x = numbers(9)
    let state: HostTensor = (await run(nets[0]!, Float32Array.from(x), ['hidden'])).hidden
    let expected: readonly number[] = affineOf(x, w, b).hidden
    for (let turn = 1; turn < 6; turn++) {
      state = (await run(nets[turn % 2]!, state, ['hidden'])).hidden
      expected = affineOf(expected, w, b).hidden
    }
    expect([...(await state.data())]).toEqual(expected)
    for (const net of nets) net.dispose()
  })

  test('a fault on one is none on the other', async () => {
    const [first, second] = [await load(0), await load(1)]
    const x = numbers(6)
    const unread = await run(first, Float32Array.from(x))
    const bad = await program(faulty).load({ weights, device: 1 })
    const failing = run(bad, Float32Array.from(x)).then(({ hidden }) => hidden.data())
    await expect(failing).rejects.toMatchObject({ code: 'target_device_lost' })
    await check(unread, x)
    await check(await run(first, Float32Array.from(x)), x)
    // The one that is lost is opened anew.
    await check(await run(second, Float32Array.from(x)), x)
    for (const net of [first, second, bad]) net.dispose()
  })
})

test('two models side by side on one device', async () => {
  const other = weightsFile({ w: [1, 1, 1], b: [0, 0, 0] })
  const two = await program({ ...affine, name: 'two' }).load({ weights: other })
  const one = await program(affine).load({ weights })
  const x = numbers(9)
  const [mine, theirs] = await Promise.all([run(one, Float32Array.from(x)), run(two, Float32Array.from(x))])
  expect([...(await theirs.hidden.data())]).toEqual(affineOf(x, [1, 1, 1], [0, 0, 0]).hidden)
  await check(mine, x)
  one.dispose()
  const again = await run(two, Float32Array.from(x))
  expect([...(await again.hidden.data())]).toEqual(affineOf(x, [1, 1, 1], [0, 0, 0]).hidden)
  two.dispose()
})

test('a number beyond the last is refused with how many there are', async () => {
  await expect(load(count)).rejects.toMatchObject({
    code: 'target_unavailable',
    message: expect.stringContaining(`there is no CUDA device ${count}: this machine has ${count}, numbered from 0`),
  })
})
