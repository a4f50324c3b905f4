// record: a prepared program and a slot -> graphs
//
// What a run enqueues is captured once for each kind of run and replayed as a whole: a graph for each segment, the first
// with the copies of inputs, the last with those of outputs and of new state.
import { check, valueOf } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import type { CudaDevice } from '../device/device.ts'
import type { DeviceBuffer } from '../device/memory.ts'
import type { Binding, Launch, Prepared, Segment } from './prepare.ts'
import { FLAG_BYTES, type Slot } from './slot.ts'

/** What distinguishes kinds of runs. */
export interface Kind {
  /** The inputs that come from the host. */
  readonly staged: readonly number[]
  /** The outputs that go to the host. */
  readonly read: readonly number[]
}

/** Weights that the last outputs replace. */
export type Updates = readonly DeviceBuffer[]

/** CU_STREAM_CAPTURE_MODE_RELAXED: other calls may go on meanwhile. */
const RELAXED = 2
/** Returns a graph for each segment of a run; at least one. */
export function record(
  device: CudaDevice,
  prepared: Prepared,
  slot: Slot,
  kind: Kind,
  updates: Updates,
): readonly Handle[] {
  const { api, stream } = device
  const { segments, inputs, bytes } = prepared
  const size = (i: number): number => bytes[i] ?? 0
  const outputBytes = (i: number): number => size(inputs.length + i)
  const last = Math.max(0, segments.length - 1)
  const all: readonly Segment[] = segments.length === 0 ? [{ launches: [] }] : segments
  const graphs: Handle[] = []
  try {
    for (const [number, { launches, flag }] of all.entries()) {
      const enqueue = (): void => {
        if (number === 0) {
          for (const i of kind.staged) {
            const from = slot.stagedAddresses[i] ?? 0
            if (size(i) > 0) ok(device, api.cuMemcpyHtoDAsync(inputs[i]?.address ?? 0, from, size(i), stream))
          }
        }
        for (const launch of launches) enqueueLaunch(device, launch, slot)
        if (flag) ok(device, api.cuMemcpyDtoHAsync(slot.flagAddress, addressOf(flag, slot), FLAG_BYTES, stream))
        if (number !== last) return
        for (const i of kind.read) {
          const to = slot.read(i).address
          const from = slot.outputs[i]?.address ?? 0
          if (outputBytes(i) > 0) ok(device, api.cuMemcpyDtoHAsync(to, from, outputBytes(i), stream))
        }
        for (const [i, weight] of updates.entries()) {
          const output = slot.outputs.length - updates.length + i
          const from = slot.outputs[output]?.address ?? 0
          if (outputBytes(output) > 0)
            ok(device, api.cuMemcpyDtoDAsync(weight.address, from, outputBytes(output), stream))
        }
      }
      graphs.push(capture(device, enqueue))
    }
  } catch (error) {
    for (const graph of graphs) api.cuGraphExecDestroy(graph)
    throw error
  }
  return graphs
}

function capture(device: CudaDevice, enqueue: () => void): Handle {
  const { api, stream } = device
  check(api, api.cuStreamBeginCapture(stream, RELAXED), 'cuStreamBeginCapture')
  const out = new BigUint64Array(1)
  try {
    enqueue()
  } finally {
    // Ends it in any case; the first error counts.
    api.cuStreamEndCapture(stream, out)
  }
  const graph = Number(out[0])
  try {
    const exec = valueOf(api, 'cuGraphInstantiate', (own) => api.cuGraphInstantiate(own, graph, 0))
    check(api, api.cuGraphUpload(exec, stream), 'cuGraphUpload')
    return exec
  } finally {
    api.cuGraphDestroy(graph)
  }
}

function enqueueLaunch({ api, stream }: CudaDevice, launch: Launch, slot: Slot): void {
  const { bindings, words, grid, block, shared, isCooperative } = launch
  // Where each parameter is; the addresses of buffers; dimensions and scalars as one parameter.
  const count = bindings.length + 1
  const memory = new ArrayBuffer(8 * (count + bindings.length) + 4 * words.length)
  const base = api.addressOf(memory)
  const places = Array.from({ length: count }, (_, i) => BigInt(base + 8 * (count + i)))
  const addresses = bindings.map((each) => BigInt(addressOf(each, slot)))
  new BigUint64Array(memory, 0, count + bindings.length).set([...places, ...addresses])
  new Int32Array(memory, 8 * (count + bindings.length)).set(words)
  const given = [launch.function, ...grid, ...block, shared, stream, base] as const
  // The driver copies the parameters before it returns.
  const result = isCooperative ? api.cuLaunchCooperativeKernel(...given) : api.cuLaunchKernel(...given, 0)
  check(api, result, 'cuLaunchKernel')
}

/** Returns where a binding lies in a run. */
export function addressOf(binding: Binding, slot: Slot): Handle {
  return 'address' in binding ? binding.address : (slot.outputs[binding.output]?.address ?? 0)
}

function ok({ api }: CudaDevice, result: number): void {
  check(api, result, 'a copy')
}
