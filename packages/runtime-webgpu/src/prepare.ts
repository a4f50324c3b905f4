// prepare: a program at given sizes -> buffers, bind groups and dispatches, ready to be encoded again and again
import { sizeOf, type BindingData, type WebgpuProgramData } from '@tsjit/host'
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
  /** Of each input, then each output. */
  readonly shapes: readonly (readonly number[])[]
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
  /** Where spans of steps begin (with a flag) and end that are repeated while the flag is set. */
  readonly marks: readonly Mark[]
}

/** The beginning or the end of a span of steps. */
export type Mark = readonly [at: number, flag: GPUBufferBinding | undefined]

/** One dispatch: what to run, on what, in how many workgroups; and which kernel of the program that is. */
export type Step = readonly [pipeline: GPUComputePipeline, group: GPUBindGroup, counts: Counts, kernel: number]

type Counts = readonly [number, number, number]

/** Returns the program prepared for these sizes. Throws `target_limit_exceeded` for what the device cannot hold. */
export function prepare({ gpu, program, pipelines, weights, constants }: Resources, sizes: Sizes): Prepared {
  const { pool, device } = gpu
  const { dims, shapes, arena, places } = sizes
  const slots = [...program.inputs, ...program.outputs]
  const outputBuffers = shapes.map((shape, index) => {
    const bytes = sizeOf(shape) * ELEMENT_BYTES
    checkLimit(gpu, `bytes of \`${slots[index]?.[0]}\``, bytes)
    return pool.take(bytes, IO_USAGE)
  })
  const inputs = outputBuffers.splice(0, program.inputs.length)
  const outputs = outputBuffers.map((buffer): OutputSlot => ({ buffer, version: 0, isRead: false }))
  const lists: Readonly<Record<string, readonly GPUBuffer[]>> = {
    i: inputs,
    o: outputs.map(({ buffer }) => buffer),
    w: weights,
    c: constants,
  }
  const find = (name: BindingData): GPUBufferBinding => {
    const index = Number(name.slice(1))
    const buffer = lists[name[0] ?? '']?.[index]
    if (buffer) return { buffer }
    const size = Math.max(ELEMENT_BYTES, places[2 * index + 1] ?? 0)
    checkLimit(gpu, 'bytes of scratch', size)
    return { buffer: arena, offset: places[2 * index] ?? 0, size }
  }
  // Each launch that reads the uniform has its own part of it: the dimensions, then its scalars.
  const parts: number[][] = []
  const launches: [kernel: number, bindings: readonly BindingData[], counts: Counts, part: number][] = []
  const marks: Mark[] = []
  program.launch(
    (kernel, bindings, x, y = 1, z = 1, scalars = []) => {
      if (kernel < 0) {
        marks.push([launches.length, bindings[0] ? find(bindings[0]) : undefined])
        return
      }
      // Nothing to do.
      if (x * y * z === 0) return
      checkLimit(gpu, 'workgroups', Math.max(x, y, z), 'maxComputeWorkgroupsPerDimension')
      const part = program.kernels[kernel]?.uniform ? parts.push([...dims, ...scalars]) : 0
      launches.push([kernel, bindings, [x, y, z], part])
    },
    ...dims,
  )
  const stride = Math.ceil(Math.max(1, ...parts.map(({ length }) => length)) / 64) * 64
  const words = new Int32Array(stride * parts.length)
  for (const [part, values] of parts.entries()) words.set(values, part * stride)
  const uniforms = pool.take(words.byteLength, UNIFORM | COPY_DST)
  device.queue.writeBuffer(uniforms, 0, words)
  const steps = launches.map(([kernel, bindings, counts, part]): Step => {
    const pipeline = pipelines[kernel] as GPUComputePipeline
    const found = bindings.map(find)
    const size = stride * ELEMENT_BYTES
    if (part) found.push({ buffer: uniforms, offset: (part - 1) * size, size })
    const entries = found.map((resource, binding) => ({ binding, resource }))
    return [pipeline, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }), counts, kernel]
  })
  return { inputs, outputs, uniforms, steps, marks }
}

/** Adds dispatches to what is encoded. */
export function encodeSteps(encoder: Pick<GPUCommandEncoder, 'beginComputePass'>, steps: readonly Step[]): void {
  const pass = encoder.beginComputePass()
  for (const [pipeline, group, counts] of steps) {
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(...counts)
  }
  pass.end()
}
