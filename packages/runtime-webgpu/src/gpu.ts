// gpu: a device, and what all programs on it share
//
// Programs without a device of the app share one that is opened at the first load and opened again after it is lost.
import { TsjitError } from '@tsjit/host'
import type { RequestDevice } from './find-device.ts'
import { createPool, type Pool } from './pool.ts'

/** A device with the pipelines and spare buffers on it. */
export interface Gpu {
  readonly device: GPUDevice
  readonly pool: Pool
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>
  /** Set when the device is gone. */
  lost?: GPUDeviceLostInfo
}

const foreign = /* @__PURE__ */ new WeakMap<object, Gpu>()
const page: { own?: Promise<Gpu> | undefined } = {}

/** What kernels use of a device that has it. */
export const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups']

/**
 * Returns the device of the app, or the one that all programs without one share, opened with those of the features that
 * it has. Throws `target_unavailable` where there is none, `target_device_lost` where the app's is gone.
 */
export async function acquireGpu(
  device: object | number | undefined,
  wanted: readonly GPUFeatureName[] = FEATURES,
): Promise<Gpu> {
  if (!device) {
    const forget = (): void => {
      page.own = undefined
    }
    page.own ??= openOwn(forget, wanted)
    page.own.catch(forget)
    return page.own
  }
  // What is none throws a TypeError, which `load` explains.
  const gpu = foreign.get(device as object) ?? wrap(device as GPUDevice)
  foreign.set(device as object, gpu)
  // Lets a loss that has happened be heard of.
  await Promise.resolve()
  if (gpu.lost) throw deviceLost(gpu)
  return gpu
}

/** Returns the error for work on a device that is gone. */
export function deviceLost({ lost }: Gpu): TsjitError {
  return new TsjitError('target_device_lost', `the device is lost: ${lost?.message}`)
}

/** Throws `target_limit_exceeded` where a program needs more than the device allows. */
export function checkLimit(
  { device }: Gpu,
  what: string,
  needed: number,
  limit:
    | 'maxStorageBufferBindingSize'
    | 'maxBufferSize'
    | 'maxComputeWorkgroupsPerDimension' = 'maxStorageBufferBindingSize',
): void {
  const most = device.limits[limit]
  if (needed <= most) return
  throw new TsjitError('target_limit_exceeded', `${needed} ${what}: ${limit} of the device is ${most}`)
}

/**
 * Does work that creates things on the device, and returns a promise that rejects with what the device refused. Memory
 * that runs out is the app's matter, and so is a buffer of its own; anything else is a fault of tsjit.
 */
export async function guard(gpu: Gpu, work: () => void, hasForeign?: boolean): Promise<void> {
  const { device } = gpu
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  let popped: Promise<(GPUError | null)[]>
  try {
    work()
  } finally {
    popped = Promise.all([device.popErrorScope(), device.popErrorScope()]).catch(() => [])
  }
  const [memory, fault] = await popped
  if (gpu.lost) throw deviceLost(gpu)
  if (memory) throw new TsjitError('target_limit_exceeded', `out of GPU memory: ${memory.message}`)
  if (fault)
    throw hasForeign ? new TsjitError('model_input_dtype', fault.message) : new Error(`internal: ${fault.message}`)
}

async function openOwn(forget: () => void, wanted: readonly GPUFeatureName[]): Promise<Gpu> {
  const { gpu } = (globalThis as { readonly navigator?: { readonly gpu?: GPU } }).navigator ?? {}
  const request: RequestDevice = async (adapter) => {
    // Null is an error as any other.
    const { features, limits } = adapter as GPUAdapter
    const requiredFeatures = wanted.filter((feature) => features.has(feature))
    const requiredLimits: Record<string, GPUSize64> = {}
    for (const limit in limits) {
      // All that kernels and large models may need.
      if (/^max(Buffer|Storage|Compute)/.test(limit)) requiredLimits[limit] = limits[limit as 'maxBufferSize']
    }
    const device = await (adapter as GPUAdapter).requestDevice({ requiredFeatures, requiredLimits })
    void device.lost.then(forget)
    return device
  }
  try {
    return wrap(await request(await (gpu as GPU).requestAdapter()))
  } catch (cause) {
    const device = await (await import('./find-device.ts')).findDevice(gpu, cause, request)
    if (typeof device === 'string') throw new TsjitError('target_unavailable', device)
    return wrap(device)
  }
}

function wrap(device: GPUDevice): Gpu {
  const gpu: Gpu = { device, pool: createPool(device), pipelines: new Map() }
  void device.lost.then((lost) => {
    gpu.lost = lost
  })
  return gpu
}
