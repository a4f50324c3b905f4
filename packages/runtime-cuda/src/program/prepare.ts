// prepare: a program at given sizes -> its buffers and what is enqueued, ready to be recorded
import { TsjitError, type BindingData, type CudaProgramData, type ProductData } from '@tsjit/host'
import type { Handle } from '../api/driver-api.ts'
import type { Cublas } from '../device/cublas.ts'
import type { CudaDevice } from '../device/device.ts'
import type { DeviceBuffer } from '../device/memory.ts'
import type { LoadedModule } from '../device/module.ts'
import { bytesOfTensor } from './elements.ts'
import { type Product, productOf } from './multiply.ts'
import { Slot } from './slot.ts'

/** What a program has whatever its sizes. */
export interface Resources {
  readonly device: CudaDevice
  readonly program: CudaProgramData
  readonly module: LoadedModule
  readonly weights: readonly DeviceBuffer[]
  readonly constants: readonly DeviceBuffer[]
  /** What computes large products, where the app wants that. */
  readonly cublas: Cublas | undefined
}

/** Where a program stands in memory at given sizes. */
export interface Sizes {
  readonly dims: readonly number[]
  /** Of each input, then each output. */
  readonly shapes: readonly (readonly number[])[]
  readonly arena: DeviceBuffer
  /** Offset and size of each transient in the arena. */
  readonly places: readonly number[]
}

/** One launch. Where an output is bound depends on the slot. */
export interface Launch {
  /** Which kernel of the program. */
  readonly kernel: number
  readonly function: Handle
  readonly grid: readonly [number, number, number]
  readonly block: readonly [number, number, number]
  readonly shared: number
  readonly isCooperative: boolean
  readonly bindings: readonly Binding[]
  /** Dimensions and scalars, after the buffers. */
  readonly words: readonly number[]
  /** What cuBLASLt does in its place, with which of the bindings. */
  readonly library?: { readonly cublas: Cublas; readonly product: Product; readonly bindings: readonly Binding[] }
}

/** An address, or the number of an output. */
export type Binding = { readonly address: Handle } | { readonly output: number }

/** Launches that run once, or again and again while a flag is set. */
export interface Segment {
  readonly launches: readonly Launch[]
  readonly flag?: Binding
}

/** A program that only has to be recorded and launched. */
export interface Prepared {
  readonly inputs: readonly DeviceBuffer[]
  /** Bytes of each input, then each output. */
  readonly bytes: readonly number[]
  readonly segments: readonly Segment[]
  /** The outputs that the app was seen to read. */
  readonly read: Set<number>
  /** Used in turn, so that a run can be prepared while another is under way. */
  readonly slots: readonly Slot[]
  next: number
}

const SLOTS = 2
const GRID_LIMITS = [2 ** 31 - 1, 65_535, 65_535] as const

/** Returns the program prepared for these sizes. Throws `target_limit_exceeded` for what the device cannot hold. */
export function prepare(resources: Resources, sizes: Sizes): Prepared {
  const { device, program } = resources
  const slotsData = [...program.inputs, ...program.outputs]
  const bytes = sizes.shapes.map((shape, i) => bytesOfTensor(slotsData[i]?.[1] ?? 'f32', shape))
  const count = program.inputs.length
  const inputs: DeviceBuffer[] = []
  const slots: Slot[] = []
  try {
    for (const each of bytes.slice(0, count)) inputs.push(device.buffers.take(each))
    for (let i = 0; i < SLOTS; i++) slots.push(new Slot(device, program, bytes, sizes.shapes))
    const segments = segmentsOf(resources, sizes, inputs)
    return { inputs, bytes, segments, read: new Set(), slots, next: 0 }
  } catch (error) {
    for (const buffer of inputs) device.buffers.give(buffer)
    for (const slot of slots) slot.release()
    throw error
  }
}

function segmentsOf(
  { program, module, weights, constants, cublas }: Resources,
  { dims, arena, places }: Sizes,
  inputs: readonly DeviceBuffer[],
): readonly Segment[] {
  const lists: Readonly<Record<string, readonly DeviceBuffer[]>> = { i: inputs, w: weights, c: constants }
  const find = (name: BindingData): Binding => {
    const index = Number(name.slice(1))
    if (name.startsWith('o')) return { output: index }
    return { address: lists[name.charAt(0)]?.[index]?.address ?? arena.address + (places[2 * index] ?? 0) }
  }
  const segments: Segment[] = []
  let launches: Launch[] = []
  let flag: Binding | undefined
  const close = (): void => {
    if (launches.length > 0 || flag) segments.push({ launches, ...(flag && { flag }) })
    launches = []
    flag = undefined
  }
  program.launch(
    (index, bindings, x, y = 1, z = 1, scalars = [], given = undefined) => {
      if (index < 0) {
        close()
        flag = bindings[0] === undefined ? undefined : find(bindings[0])
        return
      }
      const kernel = program.kernels[index]
      // Nothing to do.
      if (!kernel || x * y * z === 0) return
      checkGrid([x, y, z])
      const own = bindings.map(find)
      const product = cublas && given && productOf(given)
      launches.push({
        kernel: index,
        function: module.functionOf(kernel.entry, kernel.shared),
        grid: [x, y, z],
        block: kernel.block,
        shared: kernel.shared ?? 0,
        isCooperative: kernel.cooperative ?? false,
        bindings: own,
        words: kernel.uniform ? [...dims, ...scalars] : [],
        ...(product && { library: { cublas, product, bindings: operandsOf(given, own) } }),
      })
    },
    ...dims,
  )
  close()
  return segments
}

/** Returns what is bound to a, b and c of a product. */
function operandsOf([, ...numbers]: ProductData, bindings: readonly Binding[]): readonly Binding[] {
  return numbers.slice(0, 3).flatMap((index) => bindings[index] ?? [])
}

function checkGrid(grid: readonly number[]): void {
  for (const [axis, count] of grid.entries()) {
    const most = GRID_LIMITS[axis] ?? 1
    if (count <= most) continue
    throw new TsjitError('target_limit_exceeded', `${count} blocks along ${'xyz'[axis]}: CUDA takes ${most}`)
  }
}
