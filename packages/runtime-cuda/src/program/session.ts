// session: one loaded program on one device
//
// A run writes its inputs to page-locked memory, launches one graph and records one event. What a run needs is made when a
// combination of sizes is met first; the last few combinations are kept.
import {
  arrayOf,
  type Call,
  type CudaDefinitionData,
  type CudaProgramData,
  type HostTensor,
  type OpenRequest,
  type QuickSession,
  type Session,
  type TypedArray,
} from '@tsjit/host'
import { check } from '../api/check.ts'
import { type Cublas, cublasOn } from '../device/cublas.ts'
import { type CudaDevice, guard } from '../device/device.ts'
import { type DeviceBuffer, writeBuffer } from '../device/memory.ts'
import { loadModule, type LoadedModule } from '../device/module.ts'
import { bytesOfTensor } from './elements.ts'
import { type Prepared, prepare } from './prepare.ts'
import { record } from './record.ts'
import { runSegments } from './run-segments.ts'
import type { Slot } from './slot.ts'
import type { Stopwatch } from './stopwatch.ts'
import { resultsOf, writeInputs } from './transfer.ts'
import { CudaTensor, downloadFrom } from './tensor.ts'

/** Combinations of sizes that stay prepared. */
const KEPT_SIZES = 8

/** A run that may be done again without a call being read. */
interface Again {
  readonly prepared: Prepared
  readonly call: Call
}

/** What a session may share with others of its model. */
interface SessionParts {
  readonly weights?: DeviceBuffer[]
  /** Times launches, where the model can be profiled. */
  readonly stopwatch?: Stopwatch | undefined
}

/** A loaded program on a GPU. */
export class CudaSession implements Session<CudaProgramData>, QuickSession {
  declare readonly device: string
  declare readonly kernels: number
  readonly #device: CudaDevice
  readonly #request: OpenRequest<CudaProgramData>
  readonly #weights: DeviceBuffer[]
  readonly #constants: DeviceBuffer[] = []
  /** Those of the weights and constants that other programs do not lend. */
  readonly #owned: DeviceBuffer[] = []
  readonly #prepared = new Map<string, Prepared>()
  readonly #pending: Promise<void>
  readonly #stopwatch: Stopwatch | undefined
  /** The last run, where its inputs all came from the host and one graph is all of it. */
  #again: Again | undefined
  #module: LoadedModule | undefined
  #cublas: Cublas | undefined
  #arena: DeviceBuffer | undefined
  #dims: readonly number[]

  constructor(
    device: CudaDevice,
    request: OpenRequest<CudaProgramData>,
    { weights = [], stopwatch }: SessionParts = {},
  ) {
    const { kernels, dims } = request.program
    this.device = device.name
    this.kernels = kernels.length
    this.#device = device
    this.#request = request
    this.#weights = weights
    this.#stopwatch = stopwatch
    this.#dims = dims.map(([, min, , of]) => Math.ceil((min || 1) / (of || 1)) * (of || 1))
    for (const [index, [dtype, , data]] of request.data.constants.entries()) {
      this.#store(this.#constants, index, new arrayOf[dtype](data))
    }
    // The definition of a module for this target has the module.
    const library = request.options.libraries === 'auto' ? cublasOn(device) : undefined
    const module = loadModule(device, (request.data as CudaDefinitionData).module)
    this.#pending = Promise.all([module, library]).then(([own, cublas]) => {
      this.#module = own
      this.#cublas = cublas
    })
    // `ready` reports it.
    this.#pending.catch(() => {})
  }

  isLost(): boolean {
    return this.#device.lost !== undefined
  }

  upload(index: number, data: TypedArray): void {
    this.#store(this.#weights, index, data)
  }

  async download(index: number): Promise<TypedArray> {
    const [, dtype = 'f32', shape = []] = this.#request.data.weights[index] ?? []
    const from = this.#weights[index]?.address ?? 0
    return new arrayOf[dtype](await downloadFrom(this.#device, from, bytesOfTensor(dtype, shape)))
  }

  async ready(): Promise<void> {
    await this.#pending
  }

  fork(program: CudaProgramData): CudaSession {
    const parts = { weights: this.#weights, stopwatch: this.#stopwatch }
    return new CudaSession(this.#device, { ...this.#request, program }, parts)
  }

  accepts(tensor: HostTensor): boolean {
    return tensor instanceof CudaTensor && tensor.addressOn(this.#device) !== undefined
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    const prepared = this.#preparedFor(call)
    const slot = prepared.slots[prepared.next] as Slot
    prepared.next = (prepared.next + 1) % prepared.slots.length
    if (!slot.isBusy) return this.#start(prepared, slot, call)
    // The app may change its arrays from here on.
    const inputs = call.inputs.map((input) => (ArrayBuffer.isView(input) ? input.slice() : input))
    await slot.ended()
    return this.#start(prepared, slot, { ...call, inputs })
  }

  /** As `QuickSession` says. */
  runAgain(inputs: Readonly<Record<string, unknown>>): Record<string, HostTensor> | undefined {
    const { inputs: slots, outputs } = this.#request.program
    const { prepared, call } = this.#again ?? {}
    const slot = prepared?.slots[prepared.next]
    if (!prepared || !call || !slot || slot.isBusy || this.#device.lost) return undefined
    if (Object.keys(inputs).length !== slots.length) return undefined
    for (let i = 0; i < slots.length; i++) {
      const given = inputs[slots[i]?.[0] ?? ''] as TypedArray | undefined
      const view = slot.staged[i]
      if (given?.constructor !== view?.constructor || given?.length !== view?.length) return undefined
    }
    const given = slots.map(([path]) => inputs[path] as TypedArray)
    prepared.next = (prepared.next + 1) % prepared.slots.length
    // One graph is all of it, so it starts at once.
    const started = this.#start(prepared, slot, { ...call, inputs: given }) as readonly HostTensor[]
    const results: Record<string, HostTensor> = {}
    for (let i = 0; i < outputs.length; i++) results[outputs[i]?.[0] ?? ''] = started[i] as HostTensor
    return results
  }

  measure(): { readonly dispatches: number; readonly arenaBytes: number } {
    const { program, place } = this.#request
    let dispatches = 0
    program.launch((kernel) => void (dispatches += kernel < 0 ? 0 : 1), ...this.#dims)
    return { dispatches, arenaBytes: place(program.arena(...this.#dims)).at(-1) ?? 0 }
  }

  dispose(): void {
    const device = this.#device
    // The memory of a lost device goes with its context.
    if (device.lost) return
    guard(device, () => {
      this.#shrink(0)
      for (const buffer of [...this.#owned.splice(0), this.#arena]) if (buffer) device.buffers.give(buffer)
      this.#arena = undefined
      device.buffers.clear()
    })
  }

  #store(buffers: DeviceBuffer[], index: number, data: TypedArray): void {
    const device = this.#device
    guard(device, () => {
      const buffer = buffers[index] ?? device.buffers.take(data.byteLength)
      if (!buffers[index]) this.#owned.push(buffer)
      buffers[index] = buffer
      // On the stream's other side: what runs have enqueued comes first.
      check(device.api, device.api.cuStreamSynchronize(device.stream), 'cuStreamSynchronize')
      writeBuffer(device.api, buffer.address, data)
    })
  }

  #preparedFor(call: Call): Prepared {
    const key = call.dims.join()
    const found = this.#prepared.get(key) ?? guard(this.#device, () => this.#prepare(call))
    // Last used, last dropped.
    this.#prepared.delete(key)
    this.#prepared.set(key, found)
    return found
  }

  #prepare({ dims, shapes }: Call): Prepared {
    const device = this.#device
    const { program, place } = this.#request
    const module = this.#module as LoadedModule
    const places = place(program.arena(...dims))
    const bytes = places.at(-1) ?? 0
    try {
      this.#shrink(KEPT_SIZES - 1)
      const arena = this.#arenaOf(bytes)
      this.#dims = dims
      const resources = {
        device,
        program,
        module,
        weights: this.#weights,
        constants: this.#constants,
        cublas: this.#cublas,
      }
      return prepare(resources, { dims, shapes, arena, places })
    } catch (error) {
      // What the device had no room for must not stay in the way.
      this.#shrink(0)
      if (this.#arena) device.buffers.give(this.#arena)
      this.#arena = undefined
      device.buffers.clear()
      throw error
    }
  }

  /** One arena for all sizes. Graphs have its address, so they go with it. A second growth foretells a third. */
  #arenaOf(bytes: number): DeviceBuffer {
    const { buffers } = this.#device
    const old = this.#arena
    if (old && old.bytes >= bytes) return old
    if (old) {
      this.#shrink(0)
      buffers.give(old)
      this.#arena = undefined
    }
    this.#arena = buffers.take(old ? Math.ceil(bytes * 1.5) : bytes)
    return this.#arena
  }

  #shrink(count: number): void {
    if (this.#prepared.size <= count) return
    this.#again = undefined
    const { api, stream, buffers } = this.#device
    check(api, api.cuStreamSynchronize(stream), 'cuStreamSynchronize')
    for (const [key, { inputs, slots }] of this.#prepared) {
      if (this.#prepared.size <= count) break
      this.#prepared.delete(key)
      for (const slot of slots) {
        for (const result of slot.results) result.leave()
        slot.results = []
      }
      // What results left behind is copied before anybody writes there.
      check(api, api.cuStreamSynchronize(stream), 'cuStreamSynchronize')
      for (const slot of slots) slot.release()
      for (const buffer of inputs) buffers.give(buffer)
    }
  }

  #start(prepared: Prepared, slot: Slot, call: Call): readonly HostTensor[] | Promise<readonly HostTensor[]> {
    const { program } = this.#request
    const { hidden } = program
    const device = this.#device
    const { api, stream } = device
    const read = call.outputs.filter((index) => prepared.read.has(index))
    let staged: readonly number[] = []
    const { isTrial = false, isTiming = false } = this.#stopwatch ?? {}
    const { graphs, isRepeated } = guard(device, () => {
      for (const result of slot.results) result.leave()
      slot.results = []
      staged = writeInputs(device, prepared, slot, call)
      if (isTiming) return { graphs: [], isRepeated: true }
      return slot.recorded(`${staged.join()};${read.join()};${isTrial}`, () => {
        const updates = isTrial ? [] : (hidden?.updates ?? []).map((index) => this.#weights[index] as DeviceBuffer)
        return record(device, prepared, slot, { staged, read }, updates)
      })
    })
    const timed = isTiming ? this.#stopwatch?.workOf(program, prepared, slot, { staged, read }) : undefined
    const launch = (index: number): void => {
      if (timed) timed[index]?.()
      else check(api, api.cuGraphLaunch(graphs[index] ?? 0, stream), 'cuGraphLaunch')
    }
    const isWhole = staged.length === prepared.inputs.length && call.outputs.length === program.outputs.length
    if (!isRepeated && isWhole) {
      if (this.#again?.prepared !== prepared) this.#again = { prepared, call: { ...call, inputs: [] } }
    } else this.#again = undefined
    if (isRepeated) {
      return runSegments(device, prepared, slot, launch).then(() =>
        resultsOf({ device, program, prepared, slot }, call, read),
      )
    }
    guard(device, () => {
      for (let i = 0; i < graphs.length; i++) launch(i)
      slot.mark()
    })
    return resultsOf({ device, program, prepared, slot }, call, read)
  }
}
