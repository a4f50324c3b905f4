// tensor: a result of a program, on the device until somebody asks for it
//
// It lies in the slot of its run. When the slot is used again, it moves: to the host where the run has copied it there, else
// to a buffer of its own. Dropped results give their buffers back.
import { arrayOf, codecOf, nest, sizeOf, TsjitError, type DType, type HostTensor, type TypedArray } from '@tsjit/host'
import { check } from '../api/check.ts'
import type { Handle } from '../api/driver-api.ts'
import { type CudaDevice, guard } from '../device/device.ts'
import type { DeviceBuffer } from '../device/memory.ts'
import { bytesOfTensor } from './elements.ts'
import type { Result, Slot } from './slot.ts'

/** Where a result is written. */
export interface Origin {
  readonly device: CudaDevice
  readonly slot: Slot
  /** The number of the output. */
  readonly index: number
  /** Whether the run copies it to the host too. */
  readonly isRead: boolean
  /** The outputs that the app was seen to read. */
  readonly known: Set<number>
}

// What outlives the tensor until its buffers are given back.
interface Cell {
  readonly origin: Origin
  readonly bytes: number
  /** Whether it lies in the slot. */
  isInSlot: boolean
  buffer?: DeviceBuffer
  elements?: ArrayBuffer
  loading?: Promise<ArrayBuffer>
  isDisposed: boolean
}

const dropped = /* @__PURE__ */ new FinalizationRegistry<Cell>(release)

/** A result on a GPU. */
export class CudaTensor implements HostTensor, Result {
  declare readonly dtype: DType
  declare readonly shape: readonly number[]
  declare readonly size: number
  readonly #cell: Cell

  constructor(origin: Origin, dtype: DType, shape: readonly number[]) {
    this.dtype = dtype
    this.shape = shape
    this.size = sizeOf(shape)
    const bytes = bytesOfTensor(dtype, shape)
    this.#cell = { origin, bytes, isInSlot: true, isDisposed: false }
  }

  leave(): void {
    leave(this.#cell)
    if (this.#cell.buffer) dropped.register(this, this.#cell)
  }

  async data(): Promise<TypedArray> {
    const cell = this.#cell
    if (cell.isDisposed) throw new TsjitError('model_disposed', 'the tensor is disposed')
    cell.loading ??= load(cell)
    const elements = await cell.loading
    // A copy: what the app writes into it must not come back as an input.
    return new arrayOf[this.dtype](elements.slice(0))
  }

  async toArray(): Promise<unknown> {
    return nest(await this.data(), this.shape, this.dtype === 'bool' ? Boolean : codecOf(this.dtype)?.decode)
  }

  dispose(): void {
    release(this.#cell)
  }

  /** Returns where its elements lie on the device, if they do. */
  addressOn(device: CudaDevice): Handle | undefined {
    const { origin, buffer, isInSlot, isDisposed } = this.#cell
    if (origin.device !== device || device.lost || isDisposed) return undefined
    return isInSlot ? origin.slot.outputs[origin.index]?.address : buffer?.address
  }
}

/** Moves a result out of its slot. The run has ended. */
function leave(cell: Cell): void {
  const { origin, bytes, isDisposed, isInSlot, elements } = cell
  const { device, slot, index, isRead } = origin
  if (!isInSlot) return
  cell.isInSlot = false
  if (isDisposed || elements || bytes === 0) return
  if (isRead) {
    cell.elements = copyOut(cell)
    return
  }
  const { api, stream } = device
  const buffer = device.buffers.take(bytes)
  cell.buffer = buffer
  check(api, api.cuMemcpyDtoDAsync(buffer.address, slot.outputs[index]?.address ?? 0, bytes, stream), 'a copy')
}

function copyOut({ origin: { slot, index }, bytes }: Cell): ArrayBuffer {
  const { memory, offset } = slot.read(index)
  return memory.slice(offset, offset + bytes)
}

/** Returns the elements; a result that the run has not copied is copied now. */
async function load(cell: Cell): Promise<ArrayBuffer> {
  const { origin, bytes } = cell
  if (cell.elements) return cell.elements
  if (bytes === 0) return new ArrayBuffer(0)
  if (!origin.isRead) {
    origin.known.add(origin.index)
    return download(cell)
  }
  await origin.slot.ended()
  // It may have left the slot while we waited.
  cell.elements ??= copyOut(cell)
  return cell.elements
}

async function download(cell: Cell): Promise<ArrayBuffer> {
  const { origin, bytes, buffer, isInSlot } = cell
  const { device, slot, index } = origin
  const from = isInSlot ? slot.outputs[index]?.address : buffer?.address
  return downloadFrom(device, from ?? 0, bytes)
}

/** Returns bytes of the device, after all that was enqueued. */
export async function downloadFrom(device: CudaDevice, from: Handle, bytes: number): Promise<ArrayBuffer> {
  if (bytes === 0) return new ArrayBuffer(0)
  const { api, stream, hostBuffers, completion, events } = device
  const staging = guard(device, () => hostBuffers.take(bytes))
  const event = guard(device, () => events.take())
  try {
    guard(device, () => {
      check(api, api.cuMemcpyDtoHAsync(staging.address, from, bytes, stream), 'a copy')
      check(api, api.cuEventRecord(event, stream), 'cuEventRecord')
    })
    await completion.wait(event)
    return staging.memory.slice(0, bytes)
  } finally {
    // What is lost has nothing to give back.
    if (!device.lost) {
      events.give(event)
      hostBuffers.give(staging)
    }
  }
}

function release(cell: Cell): void {
  const { origin, buffer, isDisposed } = cell
  if (isDisposed) return
  cell.isDisposed = true
  if (buffer && !origin.device.lost) origin.device.buffers.give(buffer)
}
