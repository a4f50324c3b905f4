// session: one loaded program on one device
//
// A run writes the inputs, encodes one pass over prepared bind groups, and submits once. What a run needs is made when a
// combination of sizes is met first; the last few combinations are kept.
import {
  sizeOf,
  type Call,
  type HostTensor,
  type OpenRequest,
  type Session,
  type TypedArray,
  type WebgpuProgramData,
} from '@tsjit/host'
import { compileKernel } from './compile.ts'
import { deviceArrayOf, ELEMENT_BYTES, toDevice } from './elements.ts'
import { COPY_SRC, IO_USAGE, STORAGE } from './flags.ts'
import { checkLimit, deviceLost, guard, type Gpu } from './gpu.ts'
import { encodeSteps, prepare, type Prepared } from './prepare.ts'
import type { specialRun, Tools } from './special-run.ts'
import { GpuTensor } from './tensor.ts'

/** Combinations of sizes that stay prepared. */
const KEPT_SIZES = 8

/** A loaded program on a GPU; its kernels begin to compile at once. */
export class GpuSession implements Session {
  declare readonly device: string
  declare readonly kernels: number
  readonly #gpu: Gpu
  readonly #request: OpenRequest<WebgpuProgramData>
  readonly #weights: GPUBuffer[]
  readonly #constants: GPUBuffer[] = []
  /** Those of the weights and constants that other programs do not lend. */
  readonly #owned: GPUBuffer[] = []
  readonly #prepared = new Map<string, Prepared>()
  #pipelines: readonly GPUComputePipeline[] = []
  #pending: Promise<unknown>
  #arena: GPUBuffer | undefined
  #dims: readonly number[]

  constructor(gpu: Gpu, request: OpenRequest<WebgpuProgramData>, weights: GPUBuffer[] = []) {
    const { kernels, dims } = request.program
    const { vendor, description } = gpu.device.adapterInfo
    this.device = description || vendor
    this.kernels = kernels.length
    this.#gpu = gpu
    this.#request = request
    this.#weights = weights
    this.#dims = dims.map(([, min, , of]) => Math.ceil((min || 1) / (of || 1)) * (of || 1))
    this.#pending = Promise.all(kernels.map((kernel) => compileKernel(gpu, kernel))).then((pipelines) => {
      this.#pipelines = pipelines
    })
    this.#pending.catch(() => {})
    for (const [index, [dtype, , data]] of request.data.constants.entries()) {
      this.#store(this.#constants, index, deviceArrayOf(dtype).from(data))
    }
  }

  isLost(): boolean {
    return this.#gpu.lost !== undefined
  }

  upload(index: number, data: TypedArray): void {
    // Weights and constants fit every device: the build refuses larger ones.
    this.#store(this.#weights, index, toDevice(data, this.#request.data.weights[index]?.[1] ?? 'f32'))
  }

  async download(index: number): Promise<TypedArray> {
    const { download } = await import('./download.ts')
    return download(this.#gpu, GpuTensor, this.#weights[index], this.#request.data.weights[index])
  }

  async ready(): Promise<void> {
    await this.#pending
  }

  fork(program: WebgpuProgramData): GpuSession {
    return new GpuSession(this.#gpu, { ...this.#request, program }, this.#weights)
  }

  accepts(tensor: HostTensor): boolean {
    return tensor instanceof GpuTensor && tensor.bufferOn(this.#gpu) !== undefined
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    const key = call.dims.join()
    const known = this.#prepared.get(key)
    let results: readonly HostTensor[] | Promise<readonly HostTensor[]> = []
    const encode = (): void => {
      const prepared = known ?? this.#prepare(call)
      // Last used, last dropped.
      this.#prepared.delete(key)
      this.#prepared.set(key, prepared)
      results = this.#encode(prepared, call)
    }
    // A buffer of the app may be another device's, or destroyed: nobody else would hear of that.
    const hasForeign = call.inputs.some((input) => 'mapState' in input)
    if (known && !hasForeign) encode()
    else {
      await guard(this.#gpu, encode, hasForeign).catch(async (error: unknown) => {
        // What the device refused to make must not be used again.
        for (const result of await results) result.dispose()
        this.#shrink(0)
        this.#arena?.destroy()
        this.#arena = undefined
        this.#gpu.pool.clear()
        throw error
      })
    }
    const made = await results
    if (this.#gpu.lost) throw deviceLost(this.#gpu)
    return made
  }

  measure(): { readonly dispatches: number; readonly arenaBytes: number } {
    const { program, place } = this.#request
    let dispatches = 0
    program.launch((kernel) => void (dispatches += Number(kernel >= 0)), ...this.#dims)
    return { dispatches, arenaBytes: place(program.arena(...this.#dims)).at(-1) ?? 0 }
  }

  dispose(): void {
    this.#shrink(0)
    for (const buffer of [...this.#owned, this.#arena]) buffer?.destroy()
  }

  #store(buffers: GPUBuffer[], index: number, data: TypedArray): void {
    const { device } = this.#gpu
    const { byteLength } = data
    const stored = guard(this.#gpu, () => {
      const buffer = device.createBuffer({ size: Math.max(4, byteLength), usage: IO_USAGE })
      buffers[index] = buffer
      this.#owned.push(buffer)
      device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>)
    })
    this.#pending = Promise.all([this.#pending, stored])
    // `ready` reports it.
    this.#pending.catch(() => {})
  }

  #prepare({ dims, shapes }: Call): Prepared {
    const gpu = this.#gpu
    const { program, place } = this.#request
    const places = place(program.arena(...dims))
    const bytes = places.at(-1) ?? 0
    const most = gpu.device.limits.maxBufferSize
    checkLimit(gpu, 'bytes of scratch', bytes, 'maxBufferSize')
    if (!this.#arena || this.#arena.size < bytes) {
      // One arena for all sizes. Every bind group names it, so they go with it. A second growth foretells a third.
      const size = this.#arena ? Math.min(most, Math.ceil(bytes / 512) * 768) : Math.max(256, bytes)
      this.#shrink(0)
      this.#arena?.destroy()
      this.#arena = gpu.device.createBuffer({ size, usage: STORAGE | COPY_SRC })
    }
    this.#shrink(KEPT_SIZES - 1)
    this.#dims = dims
    return prepare(
      { gpu, program, pipelines: this.#pipelines, weights: this.#weights, constants: this.#constants },
      { dims, shapes, arena: this.#arena, places },
    )
  }

  #shrink(count: number): void {
    const { pool } = this.#gpu
    for (const [key, { inputs, outputs, uniforms }] of this.#prepared) {
      if (this.#prepared.size <= count) return
      this.#prepared.delete(key)
      for (const slot of outputs) slot.version++
      for (const buffer of [...inputs, ...outputs.map((slot) => slot.buffer), uniforms]) pool.give(buffer)
    }
  }

  #encode(prepared: Prepared, call: Call): readonly HostTensor[] | Promise<readonly HostTensor[]> {
    const { inputs, steps } = prepared
    const { device } = this.#gpu
    const { program } = this.#request
    const encoder = device.createCommandEncoder()
    for (const [index, buffer] of inputs.entries()) {
      const input = call.inputs[index]
      if (ArrayBuffer.isView(input)) {
        const data = toDevice(input, program.inputs[index]?.[1] ?? 'f32')
        device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>)
      } else if (input) {
        // A tensor of this device, or a buffer of the app.
        const source = input instanceof GpuTensor ? input.bufferOn(this.#gpu) : (input as object as GPUBuffer)
        const bytes = sizeOf(call.shapes[index] ?? []) * ELEMENT_BYTES
        if (source && bytes > 0) encoder.copyBufferToBuffer(source, 0, buffer, 0, bytes)
      }
    }
    const finish = (own: GPUCommandEncoder): readonly HostTensor[] => this.#finish(prepared, call, own)
    const tools: Tools = [encodeSteps, deviceLost, finish, this.#weights, program.hidden]
    // the function that the contract names
    const special = program.special as unknown as typeof specialRun | undefined
    if (special) return special(this.#gpu, prepared, encoder, tools)
    encodeSteps(encoder, steps)
    return finish(encoder)
  }

  #finish({ inputs, outputs }: Prepared, call: Call, encoder: GPUCommandEncoder): readonly HostTensor[] {
    const { program } = this.#request
    for (const slot of outputs) slot.version++
    const results = call.outputs.flatMap((index) => {
      const slot = outputs[index]
      const dtype = program.outputs[index]?.[1] ?? 'f32'
      return slot ? new GpuTensor(this.#gpu, slot, dtype, call.shapes[inputs.length + index] ?? [], encoder) : []
    })
    this.#gpu.device.queue.submit([encoder.finish()])
    return results
  }
}
