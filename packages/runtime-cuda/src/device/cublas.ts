// cublas: cuBLASLt on a device
//
// One handle and one workspace a device: all that is enqueued on it happens in order.
import { type CublasApi, loadCublas } from '../api/cublas-api.ts'
import type { Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from './device.ts'
import type { DeviceBuffer } from './memory.ts'

/** The library, ready for a device. */
export interface Cublas {
  readonly api: CublasApi
  readonly handle: Handle
  readonly workspace: DeviceBuffer
}

/** What NVIDIA asks for on compute capability 9.0. */
const WORKSPACE_BYTES = 32 * 2 ** 20

const opened = new WeakMap<CudaDevice, Promise<Cublas>>()

/** Returns the library on a device. Throws `target_unavailable` where it is not installed. */
export function cublasOn(device: CudaDevice): Promise<Cublas> {
  const known = opened.get(device)
  if (known) return known
  const opening = open(device)
  opened.set(device, opening)
  opening.catch(() => opened.delete(device))
  return opening
}

async function open(device: CudaDevice): Promise<Cublas> {
  const api = await loadCublas()
  return guard(device, () => {
    const handle = handleOf('cublasLtCreate', (out) => api.cublasLtCreate(out))
    return { api, handle, workspace: device.buffers.take(WORKSPACE_BYTES) }
  })
}

/** Throws what a status means that nothing but a fault of tsjit explains. */
export function checkStatus(status: number, what: string): void {
  if (status !== 0) throw new Error(`internal: ${what}: status ${status} of cuBLASLt`)
}

/** Calls a function that fills in one handle, and returns that. */
export function handleOf(what: string, call: (out: BigUint64Array) => number): Handle {
  const out = new BigUint64Array(1)
  checkStatus(call(out), what)
  return Number(out[0])
}
