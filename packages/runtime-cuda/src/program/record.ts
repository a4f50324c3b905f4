// record: a prepared program and a slot -> graphs
//
// What a run enqueues is captured once for each kind of run and replayed as a whole. A loop that only the device can end is
// a node of the graph where the driver has such nodes; else its turns are a graph that the host launches again and again.
import { check, valueOf } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import { type Conditional, addWhile, conditionalOf } from '../device/conditional.ts'
import type { CudaDevice } from '../device/device.ts'
import type { DeviceBuffer } from '../device/memory.ts'
import { addressOf, enqueueLaunch, enqueueParameters } from './launch.ts'
import type { Launch, Prepared, Segment } from './prepare.ts'
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

/** What a run launches. */
export interface Recorded {
  /** In order. */
  readonly graphs: readonly Handle[]
  /** Whether there is one for each segment, some of which are launched until the flag is 0. */
  readonly isRepeated: boolean
  /** What they were made of, where that has to stay as long as they do: values of loops belong to it. */
  readonly source?: Handle
}

/** CU_STREAM_CAPTURE_MODE_RELAXED: other calls may go on meanwhile. */
const RELAXED = 2

/** Records a run. */
export function record(device: CudaDevice, prepared: Prepared, slot: Slot, kind: Kind, updates: Updates): Recorded {
  const { segments } = prepared
  const before = (): void => copyIn(device, prepared, slot, kind)
  const after = (): void => copyOut(device, prepared, slot, kind, updates)
  const run = ({ launches }: Segment): void => {
    for (const launch of launches) enqueueLaunch(device, launch, slot)
  }
  if (!segments.some(({ flag }) => flag)) {
    const all = (): void => {
      before()
      segments.forEach(run)
      after()
    }
    return { graphs: [turnInto(device, capture(device, all))], isRepeated: false }
  }
  const conditional = conditionalOf(device)
  if (conditional) return recordLoops(device, conditional, { prepared, slot, before, after, run })
  const graphs: Handle[] = []
  try {
    for (const enqueue of workOf(device, { prepared, slot, before, after, run }))
      graphs.push(turnInto(device, capture(device, enqueue)))
  } catch (error) {
    for (const graph of graphs) device.api.cuGraphExecDestroy(graph)
    throw error
  }
  return { graphs, isRepeated: true }
}

/**
 * Returns what enqueues each segment of a run that no graph holds, with `enqueue` for each launch. There is one at least;
 * those that have a flag leave it to the host.
 */
export function unrecorded(
  device: CudaDevice,
  prepared: Prepared,
  slot: Slot,
  kind: Kind,
  enqueue: (launch: Launch) => void,
): readonly (() => void)[] {
  return workOf(device, {
    prepared: prepared.segments.length > 0 ? prepared : { ...prepared, segments: [{ launches: [] }] },
    slot,
    before: () => copyIn(device, prepared, slot, kind),
    after: () => copyOut(device, prepared, slot, kind, []),
    run: ({ launches }) => launches.forEach(enqueue),
  })
}

/** Returns what enqueues each segment, and the copy of its flag to the host. */
function workOf(
  { api, stream }: CudaDevice,
  { prepared: { segments }, slot, before, after, run }: Parts,
): readonly (() => void)[] {
  return segments.map((segment, number) => (): void => {
    const { flag } = segment
    if (number === 0) before()
    run(segment)
    const from = flag && addressOf(flag, slot)
    if (from !== undefined) check(api, api.cuMemcpyDtoHAsync(slot.flagAddress, from, FLAG_BYTES, stream), 'a copy')
    if (number === segments.length - 1) after()
  })
}

interface Parts {
  readonly prepared: Prepared
  readonly slot: Slot
  before(): void
  after(): void
  run(segment: Segment): void
}

/** Returns one graph: what is straight as child graphs, each loop as a while node. */
function recordLoops(
  device: CudaDevice,
  conditional: Conditional,
  { prepared: { segments }, slot, before, after, run }: Parts,
): Recorded {
  const { api, stream } = device
  const whole = valueOf(api, 'cuGraphCreate', (out) => api.cuGraphCreate(out, 0))
  let last = new BigUint64Array(0)
  const add = (enqueue: () => void): void => {
    const child = capture(device, enqueue)
    const node = new BigUint64Array(1)
    const result = api.cuGraphAddChildGraphNode(node, whole, last, last.length, child)
    api.cuGraphDestroy(child)
    check(api, result, 'cuGraphAddChildGraphNode')
    last = node
  }
  try {
    add(before)
    for (const segment of segments) {
      const { flag } = segment
      if (!flag) {
        add(() => run(segment))
        continue
      }
      const { node, body, value } = addWhile(device, conditional, whole, last)
      const turn = (): void => {
        run(segment)
        const launch = { function: conditional.set, grid: [1, 1, 1], block: [1, 1, 1], shared: 0 } as const
        enqueueParameters(device, { ...launch, isCooperative: false }, [value, BigInt(addressOf(flag, slot))], [])
      }
      const begun = conditional.beginCapture(stream, body, null, null, 0, RELAXED)
      endCapture(device, begun, turn)
      last = BigUint64Array.of(BigInt(node))
    }
    add(after)
    return { graphs: [instantiate(device, whole)], isRepeated: false, source: whole }
  } catch (error) {
    api.cuGraphDestroy(whole)
    throw error
  }
}

function copyIn({ api, stream }: CudaDevice, { inputs, bytes }: Prepared, slot: Slot, { staged }: Kind): void {
  for (const i of staged) {
    const [to, from, size] = [inputs[i]?.address ?? 0, slot.stagedAddresses[i] ?? 0, bytes[i] ?? 0]
    if (size > 0) check(api, api.cuMemcpyHtoDAsync(to, from, size, stream), 'a copy')
  }
}

function copyOut(
  { api, stream }: CudaDevice,
  { inputs, bytes }: Prepared,
  slot: Slot,
  { read }: Kind,
  updates: Updates,
): void {
  const sizeOf = (output: number): number => bytes[inputs.length + output] ?? 0
  for (const i of read) {
    const from = slot.outputs[i]?.address ?? 0
    if (sizeOf(i) > 0) check(api, api.cuMemcpyDtoHAsync(slot.read(i).address, from, sizeOf(i), stream), 'a copy')
  }
  for (const [i, { address }] of updates.entries()) {
    const output = slot.outputs.length - updates.length + i
    const from = slot.outputs[output]?.address ?? 0
    if (sizeOf(output) > 0) check(api, api.cuMemcpyDtoDAsync(address, from, sizeOf(output), stream), 'a copy')
  }
}

function capture(device: CudaDevice, enqueue: () => void): Handle {
  const { api, stream } = device
  return endCapture(device, api.cuStreamBeginCapture(stream, RELAXED), enqueue)
}

/** Enqueues what a capture that has begun is of, and returns its graph. */
function endCapture({ api, stream }: CudaDevice, begun: number, enqueue: () => void): Handle {
  check(api, begun, 'cuStreamBeginCapture')
  const out = new BigUint64Array(1)
  try {
    enqueue()
  } catch (error) {
    // The first error counts.
    api.cuStreamEndCapture(stream, out)
    throw error
  }
  check(api, api.cuStreamEndCapture(stream, out), 'cuStreamEndCapture')
  return Number(out[0])
}

function instantiate({ api, stream }: CudaDevice, graph: Handle): Handle {
  const exec = valueOf(api, 'cuGraphInstantiate', (own) => api.cuGraphInstantiate(own, graph, 0))
  check(api, api.cuGraphUpload(exec, stream), 'cuGraphUpload')
  return exec
}

/** Returns what a graph becomes that nobody needs any more. */
function turnInto(device: CudaDevice, graph: Handle): Handle {
  try {
    return instantiate(device, graph)
  } finally {
    device.api.cuGraphDestroy(graph)
  }
}
