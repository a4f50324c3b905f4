// device: the WebGPU device that device tests run on, in Node through the npm package `webgpu`
//
// A device test never skips silently: `describeDevice` marks its tests as skipped, with the reason in the suite's
// name, and where TSJIT_REQUIRE_DEVICE names webgpu a missing device is a failure.
import { afterAll, describe } from 'vitest'

/** A WebGPU device of this machine with the adapter that made it. */
export interface TestDevice {
  readonly gpu: GPU
  readonly adapter: GPUAdapter
  readonly device: GPUDevice
}

/** What a machine offers to device tests: a GPU, or the reason why there is none. */
export type TestGpu = { readonly gpu: GPU } | { readonly missing: string }

let found: Promise<TestGpu> | undefined

/** Returns this machine's GPU, installing WebGPU's constants (`GPUBufferUsage`, …) as globals on the first call. */
export function findTestGpu(): Promise<TestGpu> {
  found ??= openGpu()
  return found
}

/**
 * Returns a fresh device. Throws where the machine has none, with the command that would install one.
 * The device asks for the features and limits given and for nothing else.
 */
export async function requestTestDevice(descriptor: GPUDeviceDescriptor = {}): Promise<TestDevice> {
  const result = await findTestGpu()
  if ('missing' in result) throw new Error(`no WebGPU device: ${result.missing}`)
  const adapter = await result.gpu.requestAdapter()
  if (adapter === null) throw new Error('no WebGPU device: requestAdapter returned null')
  return { gpu: result.gpu, adapter, device: await adapter.requestDevice(descriptor) }
}

/** Returns a fresh device as pages get one: with the features that kernels may use, as far as the machine has them. */
export async function requestPageDevice(): Promise<TestDevice> {
  const result = await findTestGpu()
  const adapter = 'missing' in result ? null : await result.gpu.requestAdapter()
  const names = ['shader-f16', 'subgroups'] as const
  return requestTestDevice({ requiredFeatures: names.filter((name) => adapter?.features.has(name)) })
}

/** Declares a suite that needs a WebGPU device; without one its tests count as skipped, and fail where one is required. */
export async function describeDevice(name: string, suite: () => void): Promise<void> {
  const result = await findTestGpu()
  if (!('missing' in result) || isDeviceRequired()) {
    describe(name, suite)
    return
  }
  describe.skip(`${name} (skipped, no WebGPU device: ${result.missing})`, suite)
}

/** Destroys the device after the current suite. */
export function destroyAfterAll(device: { destroy(): void }): void {
  afterAll(() => device.destroy())
}

/** Says whether the environment promises a WebGPU device (`TSJIT_REQUIRE_DEVICE=webgpu`). */
export function isDeviceRequired(): boolean {
  return (process.env['TSJIT_REQUIRE_DEVICE'] ?? '').split(',').includes('webgpu')
}

async function openGpu(): Promise<TestGpu> {
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    const gpu = create([])
    const adapter = await gpu.requestAdapter()
    return adapter === null ? { missing: 'no adapter; run `npm run setup`' } : { gpu }
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}
