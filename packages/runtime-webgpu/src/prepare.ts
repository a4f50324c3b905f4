// prepare: a program at given sizes -> buffers, bind groups and dispatches, ready to be encoded again and again
import type { BindingData, WebgpuProgramData } from '@tsjit/host'
import { layoutOf } from './compile.ts'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_DST, IO_USAGE, UNIFORM } from './flags.ts'
import { beyondLimit, type Gpu } from './gpu.ts'
import type { OutputSlot } from './tensor.ts'

/** What a program has whatever its sizes. */
export interface Resources {
  readonly gpu: Gpu
  readonly program: WebgpuProgramData
  readonly pipelines: readonly GPUComputePipeline[]
  readonly weights: readonly GPUBuffer[]
  readonly constants: readonly GPUBuffer[]
}

/** Where a program stands in memory at given sizes. */
export interface Sizes {
  readonly dims: readonly number[]
  /** Elements of each input, then each output. */
  readonly elements: readonly number[]
  readonly arena: GPUBuffer
  /** Offset and size of each transient in the arena. */
  readonly places: readonly number[]
}

/** One dispatch. */
export interface Step {
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly counts: readonly [number, number, number]
}

/** A program that only has to be encoded. */
export interface Prepared {
  readonly inputs: readonly GPUBuffer[]
  readonly outputs: readonly OutputSlot[]
  readonly uniforms: GPUBuffer | undefined
  readonly steps: readonly Step[]
}

interface PlannedLaunch {
  readonly kernel: number
  readonly bindings: readonly BindingData[]
  readonly counts: readonly [number, number, number]
  readonly uniform: Slice | undefined
}

/** A launch's part of the uniform buffer: dims, then its scalars. */
interface Slice {
  readonly offset: number
  readonly size: number
  readonly words: readonly number[]
}

const UNIFORM_ALIGNMENT = 256

/** Returns the program prepared for these sizes. Throws `target_limit_exceeded` for what the device cannot hold. */
export function prepare(resources: Resources, sizes: Sizes): Prepared {
  const { gpu, program } = resources
  const { pool, device } = gpu
  const buffers = sizes.elements.map((count) => pool.take(Math.max(1, count) * ELEMENT_BYTES, IO_USAGE))
  const inputs = buffers.slice(0, program.inputs.length)
  const outputs = buffers.slice(inputs.length).map((buffer, index): OutputSlot => {
    return { buffer, bytes: (sizes.elements[inputs.length + index] ?? 0) * ELEMENT_BYTES, isRead: false }
  })
  const { launches, words } = planLaunches(resources, sizes.dims)
  const uniforms = words.length > 0 ? pool.take(words.byteLength, UNIFORM | COPY_DST) : undefined
  if (uniforms) device.queue.writeBuffer(uniforms, 0, words)
  const find = findBinding(resources, sizes, buffers)
  const steps = launches.map(({ kernel, bindings, counts, uniform }): Step => {
    const data = program.kernels[kernel]
    const pipeline = resources.pipelines[kernel]
    if (!data || !pipeline) throw new Error(`internal: no kernel ${kernel}`)
    const found = bindings.map(find)
    if (uniform && uniforms) found.push({ buffer: uniforms, offset: uniform.offset, size: uniform.size })
    const entries = found.map((resource, binding) => ({ binding, resource }))
    return { pipeline, counts, group: device.createBindGroup({ layout: layoutOf(gpu, data), entries }) }
  })
  return { inputs, outputs, uniforms, steps }
}

/** Returns the number of dispatches at these dimensions. */
export function countDispatches(program: WebgpuProgramData, dims: readonly number[]): number {
  let count = 0
  program.launch(
    (_kernel, _bindings, x, y = 1, z = 1) => {
      if (x * y * z > 0) count++
    },
    ...dims,
  )
  return count
}

function planLaunches(
  { gpu, program }: Resources,
  dims: readonly number[],
): { readonly launches: readonly PlannedLaunch[]; readonly words: Int32Array<ArrayBuffer> } {
  const { maxComputeWorkgroupsPerDimension: most } = gpu.device.limits
  const launches: PlannedLaunch[] = []
  const slices = new Map<string, Slice>()
  let end = 0
  const slice = (words: readonly number[]): Slice => {
    const known = slices.get(words.join())
    if (known) return known
    const size = Math.max(16, Math.ceil(words.length / 4) * 16)
    const made = { offset: end, size, words }
    slices.set(words.join(), made)
    end += Math.ceil(size / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT
    return made
  }
  program.launch(
    (kernel, bindings, x, y = 1, z = 1, scalars = []) => {
      // Nothing to do, and WebGPU has no empty bindings to do it with.
      if (x * y * z === 0) return
      const largest = Math.max(x, y, z)
      if (largest > most) throw beyondLimit('a dispatch', largest, most)
      const uniform = program.kernels[kernel]?.uniform ? slice([...dims, ...scalars]) : undefined
      launches.push({ kernel, bindings, counts: [x, y, z], uniform })
    },
    ...dims,
  )
  const words = new Int32Array(end / 4)
  for (const { offset, words: values } of slices.values()) words.set(values, offset / 4)
  return { launches, words }
}

function findBinding(
  { gpu, program, weights, constants }: Resources,
  { elements, arena, places }: Sizes,
  buffers: readonly GPUBuffer[],
): (name: BindingData) => GPUBufferBinding {
  const most = gpu.device.limits.maxStorageBufferBindingSize
  const whole = (buffer: GPUBuffer | undefined, size?: number): GPUBufferBinding | undefined =>
    buffer && { buffer, size: size ?? buffer.size }
  const find = (name: BindingData): GPUBufferBinding | undefined => {
    const index = Number(name.slice(1))
    if (name[0] === 'w') return whole(weights[index])
    if (name[0] === 'c') return whole(constants[index])
    if (name[0] === 't')
      return { buffer: arena, offset: places[2 * index] ?? 0, size: Math.max(4, places[2 * index + 1] ?? 0) }
    const slot = name[0] === 'o' ? program.inputs.length + index : index
    return whole(buffers[slot], Math.max(1, elements[slot] ?? 0) * ELEMENT_BYTES)
  }
  return (name) => {
    const found = find(name)
    if (!found) throw new Error(`internal: no binding ${name}`)
    if ((found.size ?? 0) > most) throw beyondLimit(`a tensor of \`${name}\``, found.size ?? 0, most)
    return found
  }
}
