// gpu: a device, and what all programs on it share
//
// Programs without a device of the app share one that is opened at the first load and opened again after it is lost.
import { TsjitError } from '@tsjit/host'
import { createPool, type Pool } from './pool.ts'

/** A device with the pipelines and spare buffers on it. */
export interface Gpu {
  readonly device: GPUDevice
  readonly name: string
  readonly pool: Pool
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>
  readonly layouts: Map<string, GPUBindGroupLayout>
  /** Set when the device is gone. */
  lost?: GPUDeviceLostInfo
}

// Features that kernels may use, and limits that larger models need.
const features = ['shader-f16', 'subgroups'] as const
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const

const foreign = /* @__PURE__ */ new WeakMap<object, Gpu>()
const page: { own?: Promise<Gpu> | undefined; library?: GPU } = {}

/**
 * Returns the device of the app, or the one that all programs without one share. Throws `target_unavailable` where there
 * is none, `target_device_lost` where the app's is gone.
 */
export async function acquireGpu(device: object | number | undefined): Promise<Gpu> {
  if (device === undefined) {
    page.own ??= openOwn().catch((error: unknown) => {
      page.own = undefined
      throw error
    })
    return page.own
  }
  if (typeof device !== 'object' || !('createComputePipelineAsync' in device))
    throw unavailable('`device` must be a GPUDevice')
  let gpu = foreign.get(device)
  if (!gpu) {
    gpu = wrap(device as GPUDevice)
    foreign.set(device, gpu)
  }
  // Lets a loss that has happened be heard of.
  await Promise.resolve()
  if (gpu.lost) throw deviceLost(gpu)
  return gpu
}

/** Returns the error for work on a device that is gone. */
export function deviceLost({ lost }: Gpu): TsjitError {
  const why = lost ? `${lost.reason}: ${lost.message}` : 'unknown'
  return new TsjitError('target_device_lost', `the GPU device was lost (${why}); call again`)
}

/** Returns the error for a device that lacks what a program needs. */
export function beyondLimit(what: string, needed: number, limit: number): TsjitError {
  return new TsjitError('target_limit_exceeded', `${what} needs ${needed}, but this device allows ${limit}`)
}

/**
 * Does work that creates things on the device, and returns a promise that rejects with what the device refused. Memory
 * that runs out is the app's matter; anything else is a fault of tsjit.
 */
export async function guard(gpu: Gpu, work: () => void): Promise<void> {
  const { device } = gpu
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const popAll = (): Promise<(GPUError | null)[]> =>
    Promise.all([device.popErrorScope(), device.popErrorScope()]).catch(() => [])
  try {
    work()
  } catch (error) {
    await popAll()
    throw error
  }
  const [memory, fault] = await popAll()
  if (gpu.lost) throw deviceLost(gpu)
  if (memory) throw new TsjitError('target_limit_exceeded', `the GPU is out of memory: ${memory.message}`)
  if (fault) throw new Error(`internal: ${fault.message}`)
}

/** Returns the error for a target that this machine lacks. */
export function unavailable(why: string, cause?: unknown): TsjitError {
  return new TsjitError('target_unavailable', `WebGPU is not available: ${why}`, { cause })
}

async function openOwn(): Promise<Gpu> {
  const adapter = await (await findLibrary()).requestAdapter()
  if (!adapter)
    throw unavailable('no GPU adapter; turn on hardware acceleration, or install a driver (on Linux, Vulkan)')
  const wanted = features.filter((feature) => adapter.features.has(feature))
  const required = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]]))
  const gpu = wrap(await adapter.requestDevice({ requiredFeatures: wanted, requiredLimits: required }))
  void gpu.device.lost.then(() => {
    page.own = undefined
  })
  return gpu
}

function wrap(device: GPUDevice): Gpu {
  const { vendor = '', architecture = '', description = '' } = device.adapterInfo ?? {}
  const name = description || `${vendor} ${architecture}`.trim() || 'unknown'
  const gpu: Gpu = { device, name, pool: createPool(device), pipelines: new Map(), layouts: new Map() }
  void device.lost.then((lost) => {
    gpu.lost = lost
  })
  return gpu
}

interface Surroundings {
  readonly navigator?: { readonly gpu?: GPU }
  readonly isSecureContext?: boolean
  readonly process?: { readonly versions?: { readonly node?: string } }
}

interface WebgpuPackage {
  create(flags: readonly string[]): GPU
}

async function findLibrary(): Promise<GPU> {
  const { navigator, isSecureContext, process } = globalThis as Surroundings
  if (navigator?.gpu) return navigator.gpu
  if (!process?.versions?.node) {
    throw unavailable(
      isSecureContext === false ? 'the page needs https or localhost' : 'this browser has none, or has it switched off',
    )
  }
  if (page.library) return page.library
  try {
    // A name that no bundler can see: browsers never get here.
    const name = 'webgpu'
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as WebgpuPackage
    // Held for good: Dawn needs it as long as a device lives.
    page.library = create([])
    return page.library
  } catch (cause) {
    throw unavailable('in Node it needs the package `webgpu`: npm install webgpu', cause)
  }
}
