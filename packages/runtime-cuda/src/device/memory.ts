// memory: buffers on a device and page-locked memory of the host, lent and taken back so that steady work allocates none
import { check, valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'

/** A buffer on the device. */
export interface DeviceBuffer {
  readonly address: Handle
  readonly bytes: number
}

/** Page-locked memory: the device copies from and to it while the host goes on. */
export interface HostBuffer extends DeviceBuffer {
  readonly memory: ArrayBuffer
}

/** Buffers to lend, by size. */
export interface Pool<B extends DeviceBuffer> {
  /** Returns a buffer of at least so many bytes. Throws `target_limit_exceeded` where the machine has no room. */
  take(bytes: number): B
  /** Takes a buffer back: nobody may use it any more but work that the stream has already. */
  give(buffer: B): void
  /** Frees what is spare. */
  clear(): void
}

const MOST_SPARE = 32

/** Returns an empty pool of buffers on the device of the current context. */
export function createDevicePool(api: DriverApi): Pool<DeviceBuffer> {
  return createPool(
    (bytes) => ({ address: valueOf(api, `cuMemAlloc of ${bytes} bytes`, (out) => api.cuMemAlloc(out, bytes)), bytes }),
    // Waits for what still uses it. What fails is heard of elsewhere.
    ({ address }) => void api.cuMemFree(address),
  )
}

/** Returns an empty pool of page-locked memory. */
export function createHostPool(api: DriverApi): Pool<HostBuffer> {
  return createPool(
    (bytes) => {
      const address = valueOf(api, `cuMemHostAlloc of ${bytes} bytes`, (out) => api.cuMemHostAlloc(out, bytes, 0))
      return { address, bytes, memory: api.view(address, bytes) }
    },
    ({ address }) => void api.cuMemFreeHost(address),
  )
}

function createPool<B extends DeviceBuffer>(make: (bytes: number) => B, free: (buffer: B) => void): Pool<B> {
  const spare: B[] = []
  return {
    take(bytes) {
      // Rounded up, by an eighth at most or to 256, so that similar sizes share.
      const unit = 2 ** Math.max(8, Math.ceil(Math.log2(bytes || 1)) - 3)
      const size = Math.ceil((bytes || 1) / unit) * unit
      const found = spare.findLastIndex((buffer) => buffer.bytes === size)
      const [buffer] = found < 0 ? [] : spare.splice(found, 1)
      return buffer ?? make(size)
    },
    give(buffer) {
      spare.push(buffer)
      const [oldest] = spare.length > MOST_SPARE ? spare.splice(0, 1) : []
      if (oldest) free(oldest)
    },
    clear() {
      for (const buffer of spare.splice(0)) free(buffer)
    },
  }
}

/** Copies from the host to a buffer, and waits for it. */
export function writeBuffer(api: DriverApi, to: Handle, from: ArrayBufferView): void {
  if (from.byteLength > 0) check(api, api.cuMemcpyHtoD(to, from, from.byteLength), 'cuMemcpyHtoD')
}
