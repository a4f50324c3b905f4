// slot: what one run of a program has to itself while it is under way
//
// The output buffers, page-locked memory for inputs and for outputs that the app reads, the event of its end, and the graphs
// recorded over them. Results stay where they are until the slot is used again; what is still wanted then is moved.
import { arrayOf, sizeOf, type CudaProgramData, type TypedArray } from '@tsjit/host'
import { check } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from '../device/device.ts'
import type { DeviceBuffer, HostBuffer } from '../device/memory.ts'
import { offsetsOf } from './elements.ts'
import type { Recorded } from './record.ts'

/** Graphs of one slot: of other inputs in page-locked memory, or other outputs. */
const KEPT_GRAPHS = 8
/** A truth value. */
export const FLAG_BYTES = 1

/** What is left of a result when its slot is used again. */
export interface Result {
  /** Moves the elements out of the slot, which is about to be written; those on the host are there. */
  leave(): void
}

/** A place in page-locked memory. */
export interface HostPlace {
  readonly address: Handle
  readonly memory: ArrayBuffer
  readonly offset: number
}

/** One run of a program. */
export class Slot {
  /** Of each output. */
  readonly outputs: readonly DeviceBuffer[]
  /** The inputs in page-locked memory. */
  readonly staged: readonly TypedArray[]
  readonly stagedAddresses: readonly Handle[]
  /** The flag of a loop, in page-locked memory. */
  readonly flag: Uint8Array
  readonly flagAddress: Handle
  /** Of the last run. */
  results: readonly Result[] = []
  readonly #device: CudaDevice
  readonly #held: { readonly device: DeviceBuffer[]; readonly host: HostBuffer[] } = { device: [], host: [] }
  readonly #event: Handle
  readonly #recorded = new Map<string, Recorded>()
  #latest: { readonly kind: string; readonly recorded: Recorded } | undefined
  readonly #reading: ReturnType<typeof offsetsOf>
  #readMemory: HostBuffer | undefined
  #isBusy = false
  #ending: Promise<void> | undefined

  /** `bytes` and `shapes` are those of all inputs, then all outputs. */
  constructor(
    device: CudaDevice,
    { inputs }: CudaProgramData,
    bytes: readonly number[],
    shapes: readonly (readonly number[])[],
  ) {
    this.#device = device
    this.#event = device.events.take()
    const { offsets, end } = offsetsOf([FLAG_BYTES, ...bytes.slice(0, inputs.length)])
    this.#reading = offsetsOf(bytes.slice(inputs.length))
    try {
      for (const size of bytes.slice(inputs.length)) this.#held.device.push(device.buffers.take(size))
      const { address, memory } = this.#hold(end)
      const at = (i: number): number => offsets[i + 1] ?? 0
      this.outputs = [...this.#held.device]
      this.staged = inputs.map(([, dtype], i) => new arrayOf[dtype](memory, at(i), sizeOf(shapes[i] ?? [])))
      this.stagedAddresses = inputs.map((_, i) => address + at(i))
      this.flag = new Uint8Array(memory, 0, FLAG_BYTES)
      this.flagAddress = address
    } catch (error) {
      this.release()
      throw error
    }
  }

  /** Whether the run may be under way. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Returns where an output is copied to, in page-locked memory. */
  read(index: number): HostPlace {
    this.#readMemory ??= this.#hold(this.#reading.end)
    const { address, memory } = this.#readMemory
    const offset = this.#reading.offsets[index] ?? 0
    return { address: address + offset, memory, offset }
  }

  /** Returns the graphs of a kind of run, recorded at the first. */
  recorded(kind: string, record: () => Recorded): Recorded {
    if (this.#latest?.kind === kind) return this.#latest.recorded
    const found = this.#recorded.get(kind) ?? record()
    this.#latest = { kind, recorded: found }
    // Last used, last dropped.
    this.#recorded.delete(kind)
    this.#recorded.set(kind, found)
    const [oldest] = this.#recorded.size > KEPT_GRAPHS ? this.#recorded.keys() : []
    if (oldest !== undefined) this.#drop(oldest)
    return found
  }

  /** Marks the end of what was enqueued for the run. */
  mark(): void {
    const { api, stream } = this.#device
    check(api, api.cuEventRecord(this.#event, stream), 'cuEventRecord')
    this.#isBusy = true
    this.#ending = undefined
  }

  /** Resolves when the last run has ended. */
  ended(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve()
    this.#ending ??= this.#wait()
    return this.#ending
  }

  /** Gives everything back. Nothing may be under way. */
  release(): void {
    const { buffers, hostBuffers, events } = this.#device
    for (const kind of this.#recorded.keys()) this.#drop(kind)
    for (const buffer of this.#held.device.splice(0)) buffers.give(buffer)
    for (const buffer of this.#held.host.splice(0)) hostBuffers.give(buffer)
    events.give(this.#event)
  }

  async #wait(): Promise<void> {
    await guard(this.#device, () => this.#device.completion.wait(this.#event))
    // The next run begins when this one has ended.
    this.#isBusy = false
  }

  #drop(kind: string): void {
    const { api } = this.#device
    const { graphs = [], source } = this.#recorded.get(kind) ?? {}
    for (const graph of graphs) api.cuGraphExecDestroy(graph)
    if (source !== undefined) api.cuGraphDestroy(source)
    this.#recorded.delete(kind)
  }

  #hold(bytes: number): HostBuffer {
    const buffer = this.#device.hostBuffers.take(bytes)
    this.#held.host.push(buffer)
    return buffer
  }
}
