// tensor: a result of a program, on the device until somebody asks for it
//
// A result starts in the output buffer of its program. Before the program runs again, a result that is still alive and was
// never read is copied to a buffer of its own; one that was read keeps its copy on the host; a dropped one costs nothing.
import { nestElements, sizeOf, TsjitError, type DType, type HostTensor, type TypedArray } from '@tsjit/host'
import { toHost } from './elements.ts'
import { COPY_DST, IO_USAGE, MAP_READ } from './flags.ts'
import { deviceLost, type Gpu } from './gpu.ts'

/** An output buffer of a program, and the result that lies in it. */
export interface OutputSlot {
  readonly buffer: GPUBuffer
  readonly bytes: number
  last?: WeakRef<GpuTensor> | undefined
  /** Whether the app reads these results: then they are copied out within the run. */
  isRead: boolean
}

// What must outlive the tensor until its buffers are given back.
interface Cell {
  readonly gpu: Gpu
  readonly bytes: number
  readonly slot: OutputSlot
  buffer: GPUBuffer | undefined
  /** Whether the buffer is this result's own, and not its program's. */
  isOwn: boolean
  staging: GPUBuffer | undefined
  host: Promise<ArrayBuffer> | undefined
  isDisposed: boolean
}

const dropped = /* @__PURE__ */ new FinalizationRegistry<Cell>(release)

/** A result on a GPU. */
export class GpuTensor implements HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly size: number
  readonly #cell: Cell

  constructor(gpu: Gpu, dtype: DType, shape: readonly number[], slot: OutputSlot) {
    const { buffer, bytes } = slot
    this.dtype = dtype
    this.shape = shape
    this.size = sizeOf(shape)
    this.#cell = { gpu, bytes, slot, buffer, isOwn: false, staging: undefined, host: undefined, isDisposed: false }
    slot.last = new WeakRef(this)
    dropped.register(this, this.#cell, this.#cell)
  }

  async data(): Promise<TypedArray> {
    const cell = this.#cell
    if (cell.isDisposed) throw new TsjitError('model_disposed', 'this tensor has been disposed')
    cell.slot.isRead = true
    cell.host ??= download(cell)
    // A copy: what the app writes into it must not come back as an input.
    return toHost((await cell.host).slice(0), this.dtype)
  }

  async toArray(): Promise<unknown> {
    return nestElements(await this.data(), this.dtype, this.shape)
  }

  dispose(): void {
    dropped.unregister(this.#cell)
    release(this.#cell)
  }

  /** Returns the buffer with its elements, if they are on this device. */
  bufferOn(gpu: Gpu): GPUBuffer | undefined {
    return this.#cell.gpu === gpu && !gpu.lost ? this.#cell.buffer : undefined
  }

  /** Copies the elements to where the host can read them, as part of a run. */
  stage(encoder: GPUCommandEncoder): void {
    copyOut(this.#cell, encoder)
  }

  /** Leaves the output buffer, which is about to be written again. */
  leave(encoder: GPUCommandEncoder): void {
    const cell = this.#cell
    if (cell.isDisposed || cell.isOwn) return
    cell.slot.isRead = cell.host !== undefined
    cell.buffer = undefined
    if (cell.host || cell.staging || cell.bytes === 0) return
    cell.buffer = cell.gpu.pool.take(cell.bytes, IO_USAGE)
    cell.isOwn = true
    encoder.copyBufferToBuffer(cell.slot.buffer, 0, cell.buffer, 0, cell.bytes)
  }

  /** Takes over the output buffer of a program that goes away. Returns whether it did. */
  keepBuffer(): boolean {
    const cell = this.#cell
    const isKept = !cell.isDisposed && !cell.isOwn && cell.buffer === cell.slot.buffer
    cell.isOwn ||= isKept
    return isKept
  }
}

/** A buffer of the app that stands for an input: flat, and never disposed here. */
export class AppBuffer implements HostTensor {
  readonly dtype: DType
  readonly size: number
  readonly shape: readonly number[]
  readonly buffer: GPUBuffer

  constructor(buffer: GPUBuffer, dtype: DType) {
    this.buffer = buffer
    this.dtype = dtype
    this.size = buffer.size / 4
    this.shape = [this.size]
  }

  data(): Promise<TypedArray> {
    return Promise.reject(new TsjitError('model_input_dtype', 'this target cannot read a GPUBuffer of the app'))
  }

  toArray(): Promise<unknown> {
    return this.data()
  }

  dispose(): void {}
}

async function download(cell: Cell): Promise<ArrayBuffer> {
  const { gpu, bytes } = cell
  if (bytes === 0) return new ArrayBuffer(0)
  if (!cell.staging) {
    const encoder = gpu.device.createCommandEncoder()
    copyOut(cell, encoder)
    gpu.device.queue.submit([encoder.finish()])
  }
  const staging = cell.staging as GPUBuffer | undefined
  try {
    await staging?.mapAsync(1, 0, bytes)
  } catch {
    // Nothing unmaps or destroys a staging buffer while it is being mapped but the loss of its device.
    throw deviceLost(gpu)
  }
  const copy = staging?.getMappedRange(0, bytes).slice(0) ?? new ArrayBuffer(bytes)
  staging?.unmap()
  if (staging) gpu.pool.give(staging)
  cell.staging = undefined
  return copy
}

function copyOut(cell: Cell, encoder: GPUCommandEncoder): void {
  if (!cell.buffer || cell.bytes === 0) return
  cell.staging = cell.gpu.pool.take(cell.bytes, MAP_READ | COPY_DST)
  encoder.copyBufferToBuffer(cell.buffer, 0, cell.staging, 0, cell.bytes)
}

function release(cell: Cell): void {
  const { pool } = cell.gpu
  if (cell.isOwn && cell.buffer) pool.give(cell.buffer)
  // While it is being mapped, the download gives it back.
  if (cell.staging && !cell.host) pool.give(cell.staging)
  cell.buffer = undefined
  if (!cell.host) cell.staging = undefined
  cell.isDisposed = true
}
