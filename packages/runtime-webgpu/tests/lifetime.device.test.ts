// Loading, losing and giving back devices.
import type { HostTensor, Instance } from '@tsjit/host'
import { afterEach, expect, test } from 'vitest'
import { affineOf } from '../../../tests/support/affine.ts'
import { b, w, weights } from '../../../tests/support/affine-tests.ts'
import { describeDevice, requestTestDevice } from '../../../tests/support/device.ts'
import { program } from '../src/index.ts'
import { affine, affineProgram } from './support/affine.ts'

const x = [1, 2, 3, 4, 5, 6]

async function hidden(net: Instance): Promise<HostTensor> {
  return (await net.run({ x: Float32Array.from(x) }))['hidden'] as unknown as HostTensor
}

/** Replaces `navigator.gpu` for a test and collects the devices that the runtime opens by itself. */
function watchDevices(gpu: GPU | undefined): GPUDevice[] {
  const devices: GPUDevice[] = []
  const watched = gpu && {
    async requestAdapter() {
      const adapter = await gpu.requestAdapter()
      return (
        adapter && {
          features: adapter.features,
          limits: adapter.limits,
          async requestDevice(descriptor: GPUDeviceDescriptor) {
            const device = await adapter.requestDevice(descriptor)
            devices.push(device)
            return device
          },
        }
      )
    },
  }
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: watched }, configurable: true })
  return devices
}

const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
afterEach(() => {
  if (navigator) Object.defineProperty(globalThis, 'navigator', navigator)
  else Reflect.deleteProperty(globalThis, 'navigator')
})

/** Gets rid of the device that earlier tests shared. */
async function freshDevices(): Promise<GPUDevice[]> {
  const { gpu } = await requestTestDevice()
  const { vi } = await import('vitest')
  vi.resetModules()
  return watchDevices(gpu)
}

await describeDevice('lifetime', () => {
  test('a device of the app is used and never destroyed', async () => {
    const { device } = await requestTestDevice()
    let isLost = false
    void device.lost.then(() => {
      isLost = true
    })
    const net = await program(affine).load({ weights, device })
    await (await hidden(net)).data()
    net.dispose()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isLost).toBe(false)
    const again = await program(affine).load({ weights, device })
    expect([...(await (await hidden(again)).data())]).toEqual(affineOf(x, w, b).hidden)
    again.dispose()
    device.destroy()
  })

  test('models share one device of their own, also after the last was disposed', async () => {
    const devices = await freshDevices()
    const { program: fresh } = await import('../src/index.ts')
    const [one, two] = await Promise.all([fresh(affine).load({ weights }), fresh(affine).load({ weights })])
    one.dispose()
    two.dispose()
    const three = await fresh(affine).load({ weights })
    expect([...(await (await hidden(three)).data())]).toEqual(affineOf(x, w, b).hidden)
    three.dispose()
    expect(devices.length).toBe(1)
  })

  test('a lost device of its own is replaced at the next call, weights included', async () => {
    const devices = await freshDevices()
    const { program: fresh } = await import('../src/index.ts')
    const net = await fresh(affine).load({ weights })
    const before = await hidden(net)
    const read = await hidden(net)
    await read.data()
    const inFlight = hidden(net)
    devices[0]?.destroy()
    await expect(inFlight.then((tensor) => tensor.data())).rejects.toMatchObject({ code: 'target_device_lost' })
    await expect(before.data()).rejects.toMatchObject({ code: 'target_device_lost' })
    // What was read stays readable, and feeds the new device.
    expect([...(await read.data())]).toEqual(affineOf(x, w, b).hidden)
    expect([...(await (await hidden(net)).data())]).toEqual(affineOf(x, w, b).hidden)
    const fed = (await net.run({ x: read }))['hidden'] as unknown as HostTensor
    expect([...(await fed.data())]).toEqual(affineOf(affineOf(x, w, b).hidden, w, b).hidden)
    await expect(net.run({ x: before })).rejects.toMatchObject({ code: 'target_device_lost' })
    expect(devices.length).toBe(2)
    // Twice is no different, and a call that the loss has reached before recovers at once.
    devices[1]?.destroy()
    await devices[1]?.lost
    expect([...(await (await hidden(net)).data())]).toEqual(affineOf(x, w, b).hidden)
    expect(devices.length).toBe(3)
    net.dispose()
  })

  test('a lost device of the app is reported at each call and at load', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const tensor = await hidden(net)
    device.destroy()
    await expect(tensor.data()).rejects.toMatchObject({ code: 'target_device_lost' })
    await expect(hidden(net)).rejects.toMatchObject({ code: 'target_device_lost' })
    await expect(hidden(net)).rejects.toMatchObject({ code: 'target_device_lost' })
    await expect(program(affine).load({ weights, device })).rejects.toMatchObject({ code: 'target_device_lost' })
    net.dispose()
  })

  test('a first run that meets a loss rejects', async () => {
    const { device } = await requestTestDevice()
    const net = await program(affine).load({ weights, device })
    const run = hidden(net)
    device.destroy()
    await expect(run.then((tensor) => tensor.data())).rejects.toMatchObject({ code: 'target_device_lost' })
    net.dispose()
  })

  test('no WebGPU and no adapter say what to do', async () => {
    await freshDevices()
    watchDevices({ requestAdapter: async () => null } as unknown as GPU)
    const { program: fresh } = await import('../src/index.ts')
    await expect(fresh(affine).load({ weights })).rejects.toMatchObject({
      code: 'target_unavailable',
      message: expect.stringMatching(/driver/),
    })
    await expect(fresh(affine).load({ weights, device: 3 })).rejects.toMatchObject({ code: 'option_invalid' })
    const lacking = affineProgram.kernels.map((kernel) => ({ ...kernel, features: ['quantum'] }))
    const needy = { ...affine, programs: { eval: { ...affineProgram, kernels: lacking } } }
    await expect(program(needy).load({ weights, device: (await requestTestDevice()).device })).rejects.toMatchObject({
      code: 'target_unavailable',
      message: expect.stringMatching(/quantum/),
    })
  })

  test.each<[string, () => unknown, RegExp]>([
    ['gives no adapter', async () => null, /finds no GPU: turn on hardware acceleration/],
    ['fails to give an adapter', () => Promise.reject(new Error('busy')), /gives no device: Error: busy; reload/],
    [
      'throws',
      () => {
        throw new Error('broken')
      },
      /gives no device: Error: broken/,
    ],
    [
      'gives no device',
      async () => ({ features: new Set(), limits: {}, requestDevice: () => Promise.reject(new Error('lost')) }),
      /gives no device: Error: lost/,
    ],
  ])('a WebGPU that %s is explained, and asked again at the next load', async (_, requestAdapter, message) => {
    const { gpu } = await requestTestDevice()
    await freshDevices()
    Object.defineProperty(globalThis, 'navigator', { value: { gpu: { requestAdapter } }, configurable: true })
    const { program: fresh } = await import('../src/index.ts')
    await expect(fresh(affine).load({ weights })).rejects.toMatchObject({
      code: 'target_unavailable',
      message: expect.stringMatching(message),
    })
    watchDevices(gpu)
    const net = await fresh(affine).load({ weights })
    expect((await hidden(net)).shape).toEqual([2, 3])
    net.dispose()
  })

  test('an aborted load rejects with the reason, and a later one works', async () => {
    const controller = new AbortController()
    const load = program(affine).load({ weights, signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(load).rejects.toThrow('changed my mind')
    await expect(program(affine).load({ weights, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const net = await program(affine).load({ weights })
    await (await hidden(net)).data()
    net.dispose()
  })
})
