// prepare: a program at given sizes -> buffers, bind groups and dispatches, ready to be encoded again and again
import type { BindingData, WebgpuProgramData } from '@tsjit/host'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_DST, IO_USAGE, UNIFORM } from './flags.ts'
import { checkLimit, type Gpu } from './gpu.ts'
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

/** A program that only has to be encoded. */
export interface Prepared {
  readonly inputs: readonly GPUBuffer[]
  readonly outputs: readonly OutputSlot[]
  readonly uniforms: GPUBuffer
  readonly steps: readonly Step[]
}

/** One dispatch. */
export interface Step {
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly counts: readonly [number, number, number]
}

/** Returns the program prepared for these sizes. Throws `target_limit_exceeded` for what the device cannot hold. */
export function prepare({ gpu, program, pipelines, weights, constants }: Resources, sizes: Sizes): Prepared {
  const { pool, device } = gpu
  const { maxComputeWorkgroupsPerDimension, maxStorageBufferBindingSize } = device.limits
  const { dims, elements, arena, places } = sizes
  const bytes = elements.map((count) => Math.max(1, count) * ELEMENT_BYTES)
  const buffers = bytes.map((size) => pool.take(size, IO_USAGE))
  const first = program.inputs.length
  const outputs = buffers.slice(first).map((buffer, index): OutputSlot => {
    return { buffer, bytes: (elements[first + index] ?? 0) * ELEMENT_BYTES, version: 0, isRead: false }
  })
  const find = (name: BindingData): GPUBufferBinding => {
    const index = Number(name.slice(1))
    const slot = name[0] === 'o' ? first + index : index
    const buffer = { w: weights, c: constants }[name[0] ?? '']?.[index]
    const found = buffer
      ? { buffer, size: buffer.size }
      : name[0] === 't'
        ? { buffer: arena, offset: places[2 * index] ?? 0, size: Math.max(ELEMENT_BYTES, places[2 * index + 1] ?? 0) }
        : { buffer: buffers[slot] ?? arena, size: bytes[slot] ?? 0 }
    checkLimit('bytes of a tensor', found.size, maxStorageBufferBindingSize)
    return found
  }
  // Each combination of scalars has its part of the uniform buffer, behind the dimensions.
  const parts: string[] = []
  const words: number[][] = []
  const launches: { kernel: number; bindings: readonly BindingData[]; counts: Step['counts']; part: number }[] = []
  program.launch(
    (kernel, bindings, x, y = 1, z = 1, scalars = []) => {
      // Nothing to do.
      if (x * y * z === 0) return
      checkLimit('workgroups', Math.max(x, y, z), maxComputeWorkgroupsPerDimension)
      let part = parts.indexOf(scalars.join())
      if (part < 0) {
        part = parts.push(scalars.join()) - 1
        words.push([...dims, ...scalars])
      }
      launches.push({ kernel, bindings, counts: [x, y, z], part })
    },
    ...dims,
  )
  const stride = Math.ceil(Math.max(1, ...words.map(({ length }) => length)) / 64) * 64
  const uniforms = pool.take(stride * 4 * words.length, UNIFORM | COPY_DST)
  for (const [part, values] of words.entries())
    device.queue.writeBuffer(uniforms, part * stride * 4, new Int32Array(values))
  const steps = launches.map(({ kernel, bindings, counts, part }): Step => {
    const pipeline = pipelines[kernel]
    if (!pipeline) throw new Error(`internal: no kernel ${kernel}`)
    const found = bindings.map(find)
    if (program.kernels[kernel]?.uniform) found.push({ buffer: uniforms, offset: part * stride * 4, size: stride * 4 })
    const entries = found.map((resource, binding) => ({ binding, resource }))
    return { pipeline, counts, group: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) }
  })
  return { inputs: buffers.slice(0, first), outputs, uniforms, steps }
}
