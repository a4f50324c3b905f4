// session: one loaded program on one device
//
// A run writes the inputs, encodes one pass over prepared bind groups, and submits once. What a run needs is made when a
// combination of sizes is met first; the last few combinations are kept.
import {
  sizeOf,
  TsjitError,
  type Call,
  type HostTensor,
  type OpenRequest,
  type Session,
  type TypedArray,
  type WebgpuProgramData,
} from '@tsjit/host'
import { compileKernel } from './compile.ts'
import { deviceArrayOf, toDevice } from './elements.ts'
import { COPY_DST, COPY_SRC, STORAGE } from './flags.ts'
import { beyondLimit, deviceLost, guard, type Gpu } from './gpu.ts'
import { countDispatches, prepare, type Prepared } from './prepare.ts'
import { AppBuffer, GpuTensor } from './tensor.ts'

/** Combinations of sizes that stay prepared. */
const KEPT_SIZES = 8

/** Results up to so many bytes come to the host within the run, once the app is seen to read them. */
const STAGED_BYTES = 1 << 20

/** Returns a session, whose kernels begin to compile. */
export function openSession(gpu: Gpu, request: OpenRequest<WebgpuProgramData>): Session {
  return new GpuSession(gpu, request)
}

class GpuSession implements Session {
  readonly device: string
  readonly kernels: number
  readonly #gpu: Gpu
  readonly #request: OpenRequest<WebgpuProgramData>
  readonly #compiling: Promise<readonly GPUComputePipeline[]>
  readonly #weights: GPUBuffer[] = []
  readonly #constants: GPUBuffer[] = []
  readonly #uploads: Promise<void>[] = []
  readonly #prepared = new Map<string, Prepared>()
  #pipelines: readonly GPUComputePipeline[] = []
  #arena: GPUBuffer | undefined
  #measured: { readonly dispatches: number; readonly arenaBytes: number } | undefined
  #isDisposed = false

  constructor(gpu: Gpu, request: OpenRequest<WebgpuProgramData>) {
    const { kernels } = request.program
    this.#gpu = gpu
    this.#request = request
    this.device = gpu.name
    this.kernels = kernels.length
    this.#compiling = Promise.all(kernels.map((kernel) => compileKernel(gpu, kernel)))
    // Reported by `ready`, which comes after the weights.
    this.#compiling.catch(() => {})
    for (const [dtype, , data] of request.data.constants) {
      this.#store(this.#constants, this.#constants.length, deviceArrayOf(dtype).from(data))
    }
  }

  isLost(): boolean {
    return this.#gpu.lost !== undefined
  }

  upload(index: number, data: TypedArray): void {
    this.#store(this.#weights, index, toDevice(data, this.#request.data.weights[index]?.[1] ?? 'f32'))
  }

  async ready(): Promise<void> {
    this.#pipelines = await this.#compiling
    await Promise.all(this.#uploads)
  }

  accepts(tensor: HostTensor): boolean {
    return this.#bufferOf(tensor) !== undefined
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    const key = call.dims.join()
    let prepared = this.#prepared.get(key)
    let results: readonly HostTensor[] = []
    if (prepared) {
      // Last used, last dropped.
      this.#prepared.delete(key)
      this.#prepared.set(key, prepared)
      results = this.#encode(prepared, call)
    } else {
      await guard(this.#gpu, () => {
        prepared = this.#prepare(key, call)
        results = this.#encode(prepared, call)
      }).catch((error: unknown) => {
        // What the device refused to make must not be used again.
        this.#dropAll()
        this.#arena?.destroy()
        this.#arena = undefined
        this.#gpu.pool.clear()
        throw error
      })
    }
    if (this.#gpu.lost) throw deviceLost(this.#gpu)
    return results
  }

  measure(): { readonly dispatches: number; readonly arenaBytes: number } {
    const { program } = this.#request
    const smallest = program.dims.map(([, min, , of]) => Math.ceil(Math.max(1, min) / (of || 1)) * (of || 1))
    return (
      this.#measured ?? {
        dispatches: countDispatches(program, smallest),
        arenaBytes: program.arena(...smallest).at(-1) ?? 0,
      }
    )
  }

  dispose(): void {
    this.#isDisposed = true
    this.#dropAll()
    for (const buffer of [...this.#weights, ...this.#constants, this.#arena]) buffer?.destroy()
  }

  #store(buffers: GPUBuffer[], index: number, data: TypedArray): void {
    const { device } = this.#gpu
    const { maxStorageBufferBindingSize: most } = device.limits
    if (data.byteLength > most) throw beyondLimit('a weight', data.byteLength, most)
    const upload = guard(this.#gpu, () => {
      const size = Math.max(4, data.byteLength)
      const buffer = device.createBuffer({ size, usage: STORAGE | COPY_DST | COPY_SRC })
      buffers[index] = buffer
      device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>)
    })
    upload.catch(() => {})
    this.#uploads.push(upload)
  }

  #prepare(key: string, { dims, shapes }: Call): Prepared {
    const { program } = this.#request
    const places = program.arena(...dims)
    const arenaBytes = places.at(-1) ?? 0
    const resources = {
      gpu: this.#gpu,
      program,
      pipelines: this.#pipelines,
      weights: this.#weights,
      constants: this.#constants,
    }
    const arena = this.#growArena(arenaBytes)
    const prepared = prepare(resources, { dims, elements: shapes.map(sizeOf), arena, places })
    for (const [oldKey, old] of this.#prepared) {
      if (this.#prepared.size < KEPT_SIZES) break
      this.#drop(oldKey, old)
    }
    this.#prepared.set(key, prepared)
    this.#measured = { dispatches: prepared.steps.length, arenaBytes }
    return prepared
  }

  // One arena for all sizes; every bind group names it, so that a new one drops them.
  #growArena(bytes: number): GPUBuffer {
    const { device } = this.#gpu
    const most = device.limits.maxBufferSize
    if (bytes > most) throw beyondLimit('the arena', bytes, most)
    const old = this.#arena
    if (old && old.size >= bytes) return old
    this.#dropAll()
    old?.destroy()
    // The second growth foretells a third.
    const size = Math.max(256, old ? Math.min(most, Math.ceil(bytes / 512) * 768) : bytes)
    this.#arena = device.createBuffer({ size, usage: STORAGE })
    return this.#arena
  }

  #dropAll(): void {
    for (const [key, prepared] of this.#prepared) this.#drop(key, prepared)
  }

  #drop(key: string, { inputs, outputs, uniforms }: Prepared): void {
    const { pool } = this.#gpu
    this.#prepared.delete(key)
    for (const buffer of inputs) pool.give(buffer)
    if (uniforms) pool.give(uniforms)
    for (const { buffer, last } of outputs) if (!last?.deref()?.keepBuffer()) pool.give(buffer)
  }

  #encode(prepared: Prepared, { inputs, outputs, shapes }: Call): readonly HostTensor[] {
    const { device } = this.#gpu
    const slots = this.#request.program
    if (this.#isDisposed) throw new TsjitError('model_disposed', 'this instance has been disposed')
    const encoder = device.createCommandEncoder()
    for (const [index, input] of inputs.entries()) this.#write(prepared.inputs[index], input, [index, encoder])
    for (const slot of prepared.outputs) {
      slot.last?.deref()?.leave(encoder)
      slot.last = undefined
    }
    const pass = encoder.beginComputePass()
    for (const { pipeline, group, counts } of prepared.steps) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...counts)
    }
    pass.end()
    const results = outputs.map((index) => {
      const slot = prepared.outputs[index]
      const dtype = slots.outputs[index]?.[1]
      if (!slot || !dtype) throw new Error(`internal: no output ${index}`)
      const tensor = new GpuTensor(this.#gpu, dtype, shapes[slots.inputs.length + index] ?? [], slot)
      if (slot.isRead && slot.bytes <= STAGED_BYTES) tensor.stage(encoder)
      return tensor
    })
    device.queue.submit([encoder.finish()])
    return results
  }

  #write(
    buffer: GPUBuffer | undefined,
    input: TypedArray | HostTensor,
    [index, encoder]: readonly [number, GPUCommandEncoder],
  ): void {
    if (!buffer) throw new Error(`internal: no input ${index}`)
    if (ArrayBuffer.isView(input)) {
      const data = toDevice(input, this.#request.program.inputs[index]?.[1] ?? 'f32')
      this.#gpu.device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>)
    } else {
      const source = this.#bufferOf(input)
      if (source && input.size > 0) encoder.copyBufferToBuffer(source, 0, buffer, 0, input.size * 4)
    }
  }

  #bufferOf(tensor: HostTensor): GPUBuffer | undefined {
    if (tensor instanceof AppBuffer) return tensor.buffer
    return tensor instanceof GpuTensor ? tensor.bufferOn(this.#gpu) : undefined
  }
}
