// launch: one launch of a kernel -> what the driver is told
import { check } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import type { CudaDevice } from '../device/device.ts'
import { enqueueProduct } from './multiply.ts'
import type { Binding, Launch } from './prepare.ts'
import type { Slot } from './slot.ts'

/** Enqueues a launch over the buffers of a slot, or what a library does in its place. */
export function enqueueLaunch(device: CudaDevice, launch: Launch, slot: Slot): void {
  if (launch.library) {
    const { cublas, product, bindings } = launch.library
    const [a = 0, b = 0, c = 0] = bindings.map((each) => addressOf(each, slot))
    if (enqueueProduct(cublas, product, [a, b, c], device.stream)) return
  }
  const addresses = launch.bindings.map((each) => BigInt(addressOf(each, slot)))
  enqueueParameters(device, launch, addresses, launch.words)
}

/** Enqueues a launch of a kernel that takes words of 64 bits, and then words of 32 bits as one parameter, if there are any. */
export function enqueueParameters(
  { api, stream }: CudaDevice,
  { function: kernel, grid, block, shared, isCooperative }: Omit<Launch, 'kernel' | 'bindings' | 'words' | 'library'>,
  long: readonly bigint[],
  words: readonly number[],
): void {
  // Where each parameter is, then the parameters.
  const count = long.length + 1
  const memory = new ArrayBuffer(8 * (count + long.length) + 4 * words.length)
  const base = api.addressOf(memory)
  const places = Array.from({ length: count }, (_, i) => BigInt(base + 8 * (count + i)))
  new BigUint64Array(memory, 0, count + long.length).set([...places, ...long])
  new Int32Array(memory, 8 * (count + long.length)).set(words)
  const given = [kernel, ...grid, ...block, shared, stream, base] as const
  // The driver copies the parameters before it returns.
  const result = isCooperative ? api.cuLaunchCooperativeKernel(...given) : api.cuLaunchKernel(...given, 0)
  check(api, result, 'cuLaunchKernel')
}

/** Returns where a binding lies in a run. */
export function addressOf(binding: Binding, slot: Slot): Handle {
  return 'address' in binding ? binding.address : (slot.outputs[binding.output]?.address ?? 0)
}
