// device: a GPU, and what all programs on it share
//
// One context and one stream a device: what is enqueued happens in order. A device that is lost is opened anew by the next
// load or call.
import { TsjitError } from '@tsjit/host'
import { check, DeviceLost, nameOf, valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'
import { loadDriver } from '../api/load-driver.ts'
import { type Completion, createCompletion } from './completion.ts'
import type { Conditional } from './conditional.ts'
import { createEventPool, type EventPool } from './events.ts'
import { createDevicePool, createHostPool, type DeviceBuffer, type HostBuffer, type Pool } from './memory.ts'
import type { LoadedModule } from './module.ts'

/** A GPU with a context. */
export interface CudaDevice {
  readonly api: DriverApi
  /** As it names itself. */
  readonly name: string
  /** 90 for compute capability 9.0. */
  readonly capability: number
  readonly driverVersion: number
  readonly context: Handle
  readonly stream: Handle
  readonly buffers: Pool<DeviceBuffer>
  readonly hostBuffers: Pool<HostBuffer>
  readonly events: EventPool
  readonly completion: Completion
  /** By their PTX. */
  readonly modules: Map<string, Promise<LoadedModule>>
  /** Of loops that the device ends by itself: null where it cannot, undefined where nobody has asked. */
  conditional?: Conditional | null
  /** Set when the device is of no use any more. */
  lost?: Error
}

/** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR. */
const MAJOR = 75
const MINOR = 76
const NON_BLOCKING = 1
/** The least that the compiler's PTX runs on. */
const LEAST_CAPABILITY = 80

const opened = new Map<string, CudaDevice>()
const current: { context?: Handle } = {}

/** Returns the device of this number, 0 where none is given. Throws `target_unavailable` where there is none. */
export async function acquireDevice(number: unknown = 0): Promise<CudaDevice> {
  // What is no number is explained by the host.
  if (!Number.isSafeInteger(number) || (number as number) < 0) throw new TypeError('internal: refused')
  const api = await loadDriver()
  const key = `${String(number)} ${api.path}`
  const known = opened.get(key)
  if (known && !known.lost) return known
  const device = openDevice(api, number as number, known !== undefined)
  opened.set(key, device)
  return device
}

/** Makes the context of a device the one that calls are about. */
export function use({ api, context }: CudaDevice): void {
  if (current.context === context) return
  check(api, api.cuCtxSetCurrent(context), 'cuCtxSetCurrent')
  current.context = context
}

/**
 * Does work that calls the driver, and throws `target_device_lost` where the device turns out to be lost: all that waits
 * for it is then rejected.
 */
export function guard<T>(device: CudaDevice, work: () => T): T {
  if (device.lost) throw lostError(device.lost)
  try {
    use(device)
    return work()
  } catch (error) {
    throw error instanceof DeviceLost ? lose(device, error) : error
  }
}

function openDevice(api: DriverApi, number: number, isAgain: boolean): CudaDevice {
  const started = api.cuInit(0)
  if (started !== 0) throw unavailable(`the NVIDIA driver does not start: ${nameOf(api, started)}`)
  const count = intOf(api, 'cuDeviceGetCount', (out) => api.cuDeviceGetCount(out))
  if (number >= count) {
    throw unavailable(`there is no CUDA device ${number}: this machine has ${count}, numbered from 0`)
  }
  const ordinal = intOf(api, 'cuDeviceGet', (out) => api.cuDeviceGet(out, number))
  const attribute = (which: number): number =>
    intOf(api, 'cuDeviceGetAttribute', (out) => api.cuDeviceGetAttribute(out, which, ordinal))
  const capability = attribute(MAJOR) * 10 + attribute(MINOR)
  const name = nameOfDevice(api, ordinal)
  if (capability < LEAST_CAPABILITY) {
    throw unavailable(`${name} has compute capability ${capability / 10}: tsjit needs 8.0 (Ampere) or later`)
  }
  // What a fault has left of the context is given up.
  if (isAgain) api.cuDevicePrimaryCtxReset(ordinal)
  const context = valueOf(api, 'cuDevicePrimaryCtxRetain', (out) => api.cuDevicePrimaryCtxRetain(out, ordinal))
  check(api, api.cuCtxSetCurrent(context), 'cuCtxSetCurrent')
  current.context = context
  const device: CudaDevice = {
    api,
    name,
    capability,
    driverVersion: intOf(api, 'cuDriverGetVersion', (out) => api.cuDriverGetVersion(out)),
    context,
    stream: valueOf(api, 'cuStreamCreate', (out) => api.cuStreamCreate(out, NON_BLOCKING)),
    buffers: createDevicePool(api),
    hostBuffers: createHostPool(api),
    events: createEventPool(api),
    completion: createCompletion(api, (error) => (error instanceof DeviceLost ? lose(device, error) : error)),
    modules: new Map(),
  }
  return device
}

function lose(device: CudaDevice, error: DeviceLost): TsjitError {
  device.lost ??= error
  const failure = lostError(device.lost)
  device.completion.fail(failure)
  return failure
}

function lostError(cause: Error): TsjitError {
  return new TsjitError('target_device_lost', `the device is lost: ${cause.message}`, { cause })
}

function unavailable(message: string): TsjitError {
  return new TsjitError('target_unavailable', message)
}

function nameOfDevice(api: DriverApi, ordinal: number): string {
  const bytes = new Uint8Array(256)
  check(api, api.cuDeviceGetName(bytes, bytes.length, ordinal), 'cuDeviceGetName')
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
}

function intOf(api: DriverApi, what: string, call: (out: Int32Array) => number): number {
  const out = new Int32Array(1)
  check(api, call(out), what)
  return out[0] ?? 0
}
