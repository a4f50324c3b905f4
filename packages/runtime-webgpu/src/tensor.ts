// tensor: a result of a program, on the device until somebody asks for it
//
// A run copies each result out of the output buffer, which the next run writes again: to where the host can read it, if the
// app was seen to read results of this output, else to a buffer on the device. Dropped results give their buffers back.
import { codecOf, nest, sizeOf, TsjitError, type DType, type HostTensor, type TypedArray } from '@tsjit/host'
import { ELEMENT_BYTES, toHost } from './elements.ts'
import { COPY_DST, IO_USAGE, MAP_READ } from './flags.ts'
import { deviceLost, type Gpu } from './gpu.ts'

/** An output buffer of a program. */
export interface OutputSlot {
  readonly buffer: GPUBuffer
  /** Counts what was written to the buffer. */
  version: number
  /** Whether the app reads these results. */
  isRead: boolean
}

// What outlives the tensor until its buffers are given back.
interface Cell {
  readonly gpu: Gpu
  readonly slot: OutputSlot
  readonly version: number
  readonly bytes: number
  buffer?: GPUBuffer | undefined
  staging?: GPUBuffer | undefined
  host?: Promise<ArrayBuffer>
  isDisposed?: boolean
}

const dropped = /* @__PURE__ */ new FinalizationRegistry<Cell>(release)

/** A result on a GPU. */
export class GpuTensor implements HostTensor {
  declare readonly dtype: DType
  declare readonly shape: readonly number[]
  declare readonly size: number
  readonly #cell: Cell

  /** Takes the result out of the slot, as part of the run that writes it. */
  constructor(gpu: Gpu, slot: OutputSlot, dtype: DType, shape: readonly number[], encoder: GPUCommandEncoder) {
    this.dtype = dtype
    this.shape = shape
    this.size = sizeOf(shape)
    const bytes = this.size * ELEMENT_BYTES
    this.#cell = { gpu, slot, version: slot.version, bytes }
    if (slot.isRead) this.#cell.staging = copyOut(gpu, slot.buffer, bytes, MAP_READ | COPY_DST, encoder)
    else this.#cell.buffer = copyOut(gpu, slot.buffer, bytes, IO_USAGE, encoder)
    dropped.register(this, this.#cell)
  }

  async data(): Promise<TypedArray> {
    const cell = this.#cell
    if (cell.isDisposed) throw new TsjitError('model_disposed', 'the tensor is disposed')
    cell.slot.isRead = true
    cell.host ??= download(cell)
    // A copy: what the app writes into it must not come back as an input.
    return toHost((await cell.host).slice(0), this.dtype)
  }

  async toArray(): Promise<unknown> {
    return nest(await this.data(), this.shape, this.dtype === 'bool' ? Boolean : codecOf(this.dtype)?.decode)
  }

  dispose(): void {
    release(this.#cell)
  }

  /** Returns a buffer with its elements, if there is one on this device. */
  bufferOn(gpu: Gpu): GPUBuffer | undefined {
    const { buffer, slot, version, isDisposed, gpu: mine } = this.#cell
    if (mine !== gpu || gpu.lost || isDisposed) return undefined
    return buffer ?? (slot.version === version ? slot.buffer : undefined)
  }
}

async function download(cell: Cell): Promise<ArrayBuffer> {
  const { gpu, bytes, buffer } = cell
  const { device, pool } = gpu
  if (!cell.staging && buffer) {
    const encoder = device.createCommandEncoder()
    cell.staging = copyOut(gpu, buffer, bytes, MAP_READ | COPY_DST, encoder)
    device.queue.submit([encoder.finish()])
  }
  const { staging } = cell
  if (!staging) return new ArrayBuffer(0)
  try {
    await staging.mapAsync(1, 0, bytes)
  } catch {
    // Nothing else unmaps or destroys it.
    throw deviceLost(gpu)
  }
  const copy = staging.getMappedRange(0, bytes).slice(0)
  staging.unmap()
  pool.give(staging)
  return copy
}

function copyOut(
  { pool }: Gpu,
  from: GPUBuffer,
  bytes: number,
  usage: number,
  encoder: GPUCommandEncoder,
): GPUBuffer | undefined {
  if (bytes === 0) return undefined
  const to = pool.take(bytes, usage)
  encoder.copyBufferToBuffer(from, 0, to, 0, bytes)
  return to
}

function release(cell: Cell): void {
  const { gpu, buffer, staging, host, isDisposed } = cell
  if (isDisposed) return
  cell.isDisposed = true
  if (buffer) gpu.pool.give(buffer)
  // A download gives back what it reads.
  if (staging && !host) gpu.pool.give(staging)
}
